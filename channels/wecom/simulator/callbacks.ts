import { randomBytes } from 'node:crypto';
import { encrypt, signatureOf } from '../../tencent/crypto.ts';
import { writeXml } from '../../tencent/xml.ts';
import { MINUTE, newId, type World } from './world.ts';

export interface CallbackOptions {
  readonly token: string;
  readonly aesKey: string;
  /** Waits between tries. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What may go wrong on the way to the bot. */
export interface Mischief {
  /** Every callback comes twice, as twins at the same moment. */
  duplicate: boolean;
  /** So many callbacks get lost. */
  lost: number;
}

/** Milliseconds. A callback that is not answered is repeated three times at most. */
const RETRIES = [1_000, 5_000, 5_000];

/** Tells the bot, encrypted and signed, that there is something to be asked for. */
export class Callbacks {
  readonly mischief: Mischief = { duplicate: false, lost: 0 };
  /** HTTP statuses that the bot gave, 0 for none. */
  readonly answers: number[] = [];
  readonly #world: World;
  readonly #options: CallbackOptions;
  #webhook: string | undefined;
  #pending: (() => Promise<void>)[] = [];
  #held = false;
  #closed = false;
  #working: Promise<void> = Promise.resolve();

  constructor(world: World, options: CallbackOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** As the console does when the address is saved: only if the bot gives the `echostr` back. */
  async connect(webhook: string): Promise<boolean> {
    const word = String(randomBytes(6).readUIntBE(0, 6));
    const { address, ciphertext } = this.#signed(webhook, word);
    address.searchParams.set('echostr', ciphertext);
    const answer = await fetch(address);
    const right = answer.ok && (await answer.text()) === word;
    if (right) this.use(webhook);
    return right;
  }

  /** Without asking: the bot is known, or is to come. */
  use(webhook: string): void {
    this.#webhook = webhook;
  }

  /** `kf_msg_or_event`, and the ticket for `sync_msg`. */
  announce(kf: string): void {
    const ticket = newId('ENC', 24);
    const { corpId, now, tickets } = this.#world;
    tickets.set(ticket, now() + 10 * MINUTE);
    const message = writeXml({
      ToUserName: corpId,
      CreateTime: Math.floor(now() / 1000),
      MsgType: 'event',
      Event: 'kf_msg_or_event',
      Token: ticket,
      OpenKfId: kf,
    });
    if (this.mischief.lost > 0) this.mischief.lost -= 1;
    else this.post(message);
  }

  /** Any other callback that the app's address may get. */
  post(message: string): void {
    const copies = this.mischief.duplicate ? 2 : 1;
    this.#pending.push(async () => {
      await Promise.all(Array.from({ length: copies }, () => this.#deliver(message)));
    });
    this.#go();
  }

  /** Nothing is delivered until {@link release}. */
  hold(): void {
    this.#held = true;
  }

  release({ reversed = false }: { reversed?: boolean } = {}): void {
    if (reversed) this.#pending.reverse();
    this.#held = false;
    this.#go();
  }

  /** Everything was delivered, or given up. */
  async settled(): Promise<void> {
    for (let last: Promise<void> | undefined; last !== this.#working; ) {
      last = this.#working;
      await last;
    }
  }

  close(): void {
    this.#closed = true;
  }

  #go(): void {
    if (this.#held) return;
    const due = this.#pending;
    this.#pending = [];
    this.#working = this.#working.then(async () => {
      for (const deliver of due) await deliver();
    });
  }

  async #deliver(message: string): Promise<void> {
    for (const pause of [...RETRIES, undefined]) {
      if (this.#closed || this.#webhook === undefined || (await this.#try(this.#webhook, message))) return;
      if (pause !== undefined) await this.#options.sleep(pause);
    }
  }

  async #try(webhook: string, message: string): Promise<boolean> {
    const { address, ciphertext } = this.#signed(webhook, message);
    const body = writeXml({ ToUserName: this.#world.corpId, AgentID: '1000002', Encrypt: ciphertext });
    try {
      const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'text/xml' }, body });
      this.answers.push(answer.status);
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      // Nobody there is what a platform meets every day; it tries again.
      this.answers.push(0);
      return false;
    }
  }

  #signed(webhook: string, message: string): { address: URL; ciphertext: string } {
    const { token, aesKey } = this.#options;
    const ciphertext = encrypt(message, aesKey, this.#world.corpId);
    const timestamp = String(Math.floor(this.#world.now() / 1000));
    const nonce = String(randomBytes(4).readUInt32BE());
    const address = new URL(webhook);
    address.searchParams.set('msg_signature', signatureOf(token, timestamp, nonce, ciphertext));
    address.searchParams.set('timestamp', timestamp);
    address.searchParams.set('nonce', nonce);
    return { address, ciphertext };
  }
}
