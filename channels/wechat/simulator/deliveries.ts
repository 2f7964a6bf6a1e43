import { decrypt, encrypt, isSigned, signatureOf } from '../../tencent/crypto.ts';
import { readXml, writeXml, type XmlFields, type XmlSource } from '../../tencent/xml.ts';
import type { Account } from './world.ts';

export interface DeliveryOptions {
  readonly account: Account;
  /** Where the bot's webhook is. */
  readonly webhook: () => string;
  readonly now: () => number;
  /** Waits between tries: a virtual clock in tests. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds that the bot has for an answer. */
  readonly patience: number;
  /** What the bot answered: a passive reply, or nothing to show (`undefined`). */
  readonly replied: (to: string, reply: XmlFields | undefined) => void;
  /** It answered nonsense, or never: WeChat says so to the customer. */
  readonly broken: (to: string) => void;
}

/** What may go wrong on the way to the bot. */
export interface Mischief {
  /** Everything comes twice, as twins at the same moment. */
  duplicate: boolean;
  /** Held back until {@link Deliveries.release}, which lets the last one go first. */
  reorder: boolean;
}

/** One call of the webhook, as it went over the wire. */
export interface Delivery {
  readonly to: string;
  readonly message: XmlSource;
}

/** After the first try (https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html). */
const RETRIES = 3;
/** Milliseconds until a call that could not be made is made again. */
const PAUSE = 5_000;

/** WeChat's way to the bot: sealed XML with a signature, five seconds for an answer, three more tries, the same message each time. */
export class Deliveries {
  readonly mischief: Mischief = { duplicate: false, reorder: false };
  /** HTTP statuses that the bot gave, 0 for none. */
  readonly answers: number[] = [];
  /** All calls, as they were made. */
  readonly calls: { readonly url: string; readonly body: string }[] = [];
  readonly #options: DeliveryOptions;
  readonly #under = new Set<Promise<void>>();
  #held: Delivery[] = [];
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** `to`: whose screen shows the answer. */
  add(to: string, message: XmlSource): Delivery {
    const delivery = { to, message };
    if (this.mischief.reorder) this.#held.push(delivery);
    else this.repeat(delivery);
    return delivery;
  }

  release(): void {
    for (const delivery of this.#held.splice(0).reverse()) this.repeat(delivery);
  }

  /** The same message again, as after an answer that was lost. */
  repeat(delivery: Delivery): void {
    for (const _twin of this.mischief.duplicate ? [1, 2] : [1]) {
      const under = this.#deliver(delivery).finally(() => this.#under.delete(under));
      this.#under.add(under);
    }
  }

  /** Resolves when the bot has answered everything, or was given up. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
  }

  close(): void {
    this.#closed = true;
  }

  /** The address and the body of one call, signed and sealed anew each time, as WeChat does. */
  seal(message: XmlSource, openid: string): { url: string; body: string } {
    const { token, aesKey, appId, originalId } = this.#options.account;
    const timestamp = String(Math.floor(this.#options.now() / 1000));
    const nonce = String(Math.floor(Math.random() * 2 ** 31));
    const url = new URL(this.#options.webhook());
    url.search = new URLSearchParams({
      signature: signatureOf(token, timestamp, nonce),
      timestamp,
      nonce,
      openid,
    }).toString();
    const xml = writeXml(message);
    if (aesKey === undefined) return { url: url.href, body: xml };
    const ciphertext = encrypt(xml, aesKey, appId);
    url.searchParams.set('encrypt_type', 'aes');
    url.searchParams.set('msg_signature', signatureOf(token, timestamp, nonce, ciphertext));
    return { url: url.href, body: writeXml({ ToUserName: originalId, Encrypt: ciphertext }) };
  }

  /** The handshake of saved settings: does the bot give the words back? */
  async handshake(): Promise<boolean> {
    const { token } = this.#options.account;
    const timestamp = String(Math.floor(this.#options.now() / 1000));
    const [nonce, echostr] = ['1320562132', String(Math.floor(Math.random() * 2 ** 52))];
    const url = new URL(this.#options.webhook());
    url.search = new URLSearchParams({
      signature: signatureOf(token, timestamp, nonce),
      echostr,
      timestamp,
      nonce,
    }).toString();
    const answer = await fetch(url);
    return answer.ok && (await answer.text()) === echostr;
  }

  async #deliver({ to, message }: Delivery): Promise<void> {
    for (let tries = 0; tries <= RETRIES && !this.#closed; tries++) {
      const answer = await this.#call(to, message);
      if (this.#closed) return;
      if (answer !== undefined) return this.#read(to, answer);
      if (tries < RETRIES) await this.#options.sleep(PAUSE);
    }
    this.#options.broken(to);
  }

  /** `undefined`: no answer in time. */
  async #call(openid: string, message: XmlSource): Promise<string | undefined> {
    const { url, body } = this.seal(message, openid);
    this.calls.push({ url, body });
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
        body,
        signal: AbortSignal.timeout(this.#options.patience),
      });
      const text = await answer.text();
      this.answers.push(answer.status);
      return answer.ok ? text : undefined;
    } catch {
      // A connection that did not come about is an outcome like any other here: it is counted as 0 and tried again.
      this.answers.push(0);
      return undefined;
    }
  }

  #read(to: string, answer: string): void {
    if (answer === '' || answer === 'success') return this.#options.replied(to, undefined);
    const reply = this.open(answer);
    const { originalId } = this.#options.account;
    if (reply?.ToUserName !== to || reply.FromUserName !== originalId) return this.#options.broken(to);
    this.#options.replied(to, reply);
  }

  /** What a passive reply says; `undefined` for one that WeChat does not take. */
  open(answer: string): XmlFields | undefined {
    const { token, aesKey, appId } = this.#options.account;
    try {
      const { Encrypt, MsgSignature, TimeStamp, Nonce, ...plain } = readXml(Buffer.from(answer));
      if (aesKey === undefined) return plain;
      const ciphertext = String(Encrypt);
      const given = { signature: String(MsgSignature), timestamp: String(TimeStamp), nonce: String(Nonce), ciphertext };
      return isSigned(given, [token]) ? readXml(decrypt(ciphertext, aesKey, appId)) : undefined;
    } catch {
      // What cannot be read is not shown: the customer is told that the account is out of order.
      return undefined;
    }
  }
}
