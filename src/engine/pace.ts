import type { Capabilities } from '../channel.ts';

type Rate = NonNullable<Capabilities['rates']>[number];

/** Who is to be called for whom. */
export interface Caller {
  readonly account: string;
  readonly conversation: number;
}

/** When a call may be made. `booked`: it is awaited; otherwise it is only likely then, and is to be asked for again. */
export interface Slot {
  readonly at: number;
  readonly booked: boolean;
}

/**
 * Keeps to the rates that a platform declares: never more calls than it takes in any stretch of time, and so none of its refusals.
 * Who has to wait a moment books that moment; who has to wait longer is told when to come back, one after the other, so that they do
 * not come all at once.
 */
export class Pace {
  /** The least recently used first. */
  readonly #lines = new Map<string, Line>();

  book({ account, conversation }: Caller, rates: readonly Rate[], now: number): Slot {
    const lines = rates.map((rate) => {
      const whose = rate.scope === 'account' ? '' : conversation;
      return this.#line(`${account}\n${whose}\n${rate.messages}\n${rate.per}`, rate);
    });
    const at = lines.reduce((latest, line) => Math.max(latest, line.next(now)), now);
    const booked = at - now <= MOMENT;
    if (!booked) return { at: lines.reduce((latest, line) => Math.max(latest, line.promise(at)), at), booked };
    for (const line of lines) line.book(at);
    this.#forgetIdle(now);
    return { at, booked };
  }

  #line(name: string, rate: Rate): Line {
    const line = this.#lines.get(name) ?? new Line(rate);
    this.#lines.delete(name);
    this.#lines.set(name, line);
    return line;
  }

  #forgetIdle(now: number): void {
    for (const [oldest, line] of this.#lines) {
      if (!line.isIdle(now)) break;
      this.#lines.delete(oldest);
    }
  }
}

/** Milliseconds that a send waits in memory. */
export const MOMENT = 1_000;

/** The calls of the last stretch, and those that are booked. */
class Line {
  readonly #messages: number;
  readonly #per: number;
  /** Rising. */
  readonly #calls: number[] = [];
  #promised = 0;

  constructor({ messages, per }: Rate) {
    this.#messages = messages;
    this.#per = per;
  }

  /** The earliest instant with fewer calls than the rate allows in the stretch before it, and after it. */
  next(now: number): number {
    // Nothing is booked that far ahead: the clock has been set back.
    if ((this.#calls.at(-1) ?? now) > now + MOMENT) this.#calls.length = 0;
    const over = this.#calls.findIndex((call) => call > now - this.#per);
    this.#calls.splice(0, over === -1 ? this.#calls.length : over);
    const blocking = this.#calls[this.#calls.length - this.#messages];
    return blocking === undefined ? now : blocking + this.#per;
  }

  book(at: number): void {
    let place = this.#calls.length;
    while (place > 0 && this.#calls[place - 1]! > at) place -= 1;
    this.#calls.splice(place, 0, at);
  }

  /** Those who wait longer are spread as the rate will let them pass. */
  promise(earliest: number): number {
    const at = Math.max(earliest, this.#promised);
    this.#promised = at + this.#per / this.#messages;
    return Math.ceil(at);
  }

  isIdle(now: number): boolean {
    return (this.#calls.at(-1) ?? 0) <= now - this.#per && this.#promised <= now;
  }
}
