import { bodyOf, type Sink } from './channel.ts';
import type { Heard, Line } from './script.ts';

/**
 * The customers: each goes through the script again and again, sending her next line when all answers to the last one are there.
 * Tapping a button means sending back the payload it came with, so the last message with buttons is remembered.
 */
export class Crowd {
  readonly #script: readonly Line[];
  readonly #customers = new Map<string, Customer>();
  /** Set by {@link connect}. */
  #receive: (body: Buffer) => void = () => undefined;
  #ids = 0;
  /** The last payload with buttons of a customer of {@link fill}. */
  #left = '';
  /** Payloads that nobody had waited for: an answer given twice. */
  extra = 0;

  constructor(script: readonly Line[]) {
    this.#script = script;
  }

  connect(receive: (body: Buffer) => void): void {
    this.#receive = receive;
  }

  readonly sink: Sink = (address, payload) => {
    const customer = this.#customers.get(address);
    if (customer === undefined) return;
    if (payload.includes('"buttons":')) customer.offered = payload;
    customer.log?.push(payload);
    if (customer.missing === 0) this.extra += 1;
    else if (--customer.missing === 0) customer.answered();
  };

  customer(address: string): Customer {
    let customer = this.#customers.get(address);
    if (customer === undefined) {
      customer = { address, next: 0, missing: 0, offered: '', answered: NOTHING, log: undefined };
      this.#customers.set(address, customer);
    }
    return customer;
  }

  /** Her next line. `done` is called when all answers are in the sink, perhaps before this returns. Gives the body it sent. */
  send(customer: Customer, done: () => void): Buffer {
    const line = this.#script[customer.next] as Line;
    customer.next = (customer.next + 1) % this.#script.length;
    customer.missing = line.hears.length;
    customer.answered = done;
    const id = `msg_${(this.#ids++).toString(36).padStart(8, '0')}`;
    const { does } = line;
    const body = bodyOf(
      customer.address,
      id,
      'say' in does ? { text: does.say } : { title: does.tap, payload: payloadBehind(does.tap, customer.offered) },
    );
    this.#receive(body);
    return body;
  }

  /**
   * So many turns by so many customers, who take turns with each other, `inFlight` at once. With `strangers`, every second turn is by
   * a random one of so many customers of {@link fill}.
   */
  run({ turns, customers, inFlight, strangers = 0 }: Rush): Promise<void> {
    const regulars = Array.from({ length: customers }, (_, index) => this.customer(`r${index}`));
    const busy = new Set<Customer>();
    let sent = 0;
    let at = 0;
    const pick = (): Customer => {
      const stranger = strangers > 0 && sent % 2 === 1;
      return stranger
        ? this.#stranger(Math.floor(Math.random() * strangers))
        : (regulars[at++ % customers] as Customer);
    };
    return this.#keep(inFlight, turns, (done) => {
      let customer = pick();
      while (busy.has(customer)) customer = pick();
      busy.add(customer);
      sent += 1;
      this.send(customer, () => {
        busy.delete(customer);
        done();
      });
    });
  }

  /** So many customers who stop in the middle of order status and are remembered by the bot only. */
  fill(customers: number): Promise<void> {
    let begun = 0;
    return this.#keep(FILLING, customers, (done) => {
      const customer = this.customer(`s${begun++}`);
      const next = () => {
        if (customer.next < STOPS_AT) return void this.send(customer, next);
        this.#left = customer.offered;
        this.#customers.delete(customer.address);
        done();
      };
      next();
    });
  }

  /** Lets all customers go, for measuring the memory of the bot alone. */
  forget(): void {
    this.#customers.clear();
  }

  #stranger(index: number): Customer {
    const address = `s${index}`;
    const known = this.#customers.get(address);
    if (known !== undefined) return known;
    const customer = this.customer(address);
    customer.next = STOPS_AT;
    customer.offered = this.#left;
    return customer;
  }

  /** Keeps `inFlight` tasks under way until `tasks` are done. A task may be done before its function returns. */
  #keep(inFlight: number, tasks: number, task: (done: () => void) => void): Promise<void> {
    let begun = 0;
    let ended = 0;
    let looping = false;
    return new Promise((resolve) => {
      const done = () => {
        ended += 1;
        if (ended === tasks) resolve();
        else more();
      };
      const more = () => {
        if (looping) return;
        looping = true;
        while (begun - ended < inFlight && begun < tasks) {
          begun += 1;
          task(done);
        }
        looping = false;
      };
      more();
    });
  }
}

export interface Rush {
  readonly turns: number;
  readonly customers: number;
  readonly inFlight: number;
  readonly strangers?: number;
}

export interface Customer {
  readonly address: string;
  /** Index of her next line. */
  next: number;
  /** Answers still to come. */
  missing: number;
  /** The last payload with buttons. */
  offered: string;
  answered: () => void;
  /** Collects her payloads where it is set. */
  log: string[] | undefined;
}

const NOTHING = () => undefined;
/** How many new conversations are begun at once. */
const FILLING = 256;
/** The line at which the filled-in customers stop: they have been asked for their order number. */
const STOPS_AT = 2;

/** Read from the payload as it was sent, so that it costs the same little for everybody. */
function payloadBehind(title: string, payload: string): string {
  const start = payload.indexOf(`{"title":"${title}","payload":"`);
  if (start < 0) throw new Error(`There is no button “${title}” in ${payload}`);
  const from = start + title.length + 23;
  return payload.slice(from, payload.indexOf('"', from));
}

/** What a customer makes of a payload. */
export function heard(payload: string): Heard {
  const { message } = JSON.parse(payload) as {
    message: { text: string; buttons?: { title: string }[]; card?: { title: string } };
  };
  return {
    text: message.text,
    ...(message.buttons && { buttons: message.buttons.map(({ title }) => title) }),
    ...(message.card && { card: message.card.title }),
  };
}
