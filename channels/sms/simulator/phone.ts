import { sizeOf } from '../segments.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import type { MessageRecord } from './message.ts';

interface PhoneParts {
  readonly accountSid: string;
  readonly number: string;
  readonly bot: string;
  readonly answers: boolean;
  readonly webhook: string;
  readonly sidOf: (prefix: string) => string;
  readonly deliveries: Deliveries;
  /** Keeps a file at Twilio. Returns its address. */
  readonly keep: (type: string, bytes: Uint8Array) => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What stands on the screen. */
export interface Shown {
  readonly from: 'bot' | 'me' | 'twilio';
  readonly text: string;
  /** Addresses of pictures; of what she sent herself, the pictures themselves, as `data:`. */
  readonly media: readonly string[];
  readonly segments: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

const STOP = /^(?:stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)$/i;
const START = /^(?:start|yes|unstop)$/i;
const HELP = /^(?:help|info)$/i;

/** Somebody with a phone. */
export class Phone {
  readonly number: string;
  readonly screen: Shown[] = [];
  /** Twilio has heard STOP and lets nothing through. */
  blocked = false;
  /** Switched off: what is sent to it is undelivered. */
  off = false;
  /** What Twilio then says: 30003 switched off, 30005 unknown, 30006 a landline (https://www.twilio.com/docs/api/errors). */
  whenOff = '30003';
  /** Called whenever the screen has changed. */
  onChange: () => void = () => undefined;
  readonly #parts: PhoneParts;

  constructor(parts: PhoneParts) {
    this.number = parts.number;
    this.#parts = parts;
  }

  /** The bot's words, in order. */
  get heard(): readonly string[] {
    return this.screen.filter(({ from }) => from === 'bot').map(({ text }) => text);
  }

  say(text: string, ...files: { readonly type: string; readonly bytes: Uint8Array }[]): Delivery {
    const { accountSid, bot, webhook, sidOf, deliveries, keep } = this.#parts;
    const pictures = files.map(({ type, bytes }) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`);
    this.#show({ from: 'me', text, media: pictures, segments: sizeOf(text).segments });
    const sid = sidOf(files.length > 0 ? 'MM' : 'SM');
    const media = files.flatMap(({ type, bytes }, index) => [
      [`MediaContentType${index}`, type],
      [`MediaUrl${index}`, keep(type, bytes)],
    ]);
    this.#answer(text.trim());
    return deliveries.add(webhook, {
      ToCountry: 'US',
      SmsMessageSid: sid,
      NumMedia: String(files.length),
      SmsSid: sid,
      SmsStatus: 'received',
      Body: text,
      To: bot,
      NumSegments: String(sizeOf(text).segments),
      MessageSid: sid,
      AccountSid: accountSid,
      From: this.number,
      ApiVersion: '2010-04-01',
      ...Object.fromEntries(media),
    });
  }

  /** A message of the bot's, and what Twilio tells of it. */
  receive(record: MessageRecord): void {
    const { body: text, media, segments } = record;
    record.status = this.off ? 'undelivered' : 'delivered';
    if (!this.off) this.#show({ from: 'bot', text, media, segments });
    for (const status of ['sent', record.status]) this.#tell(record, status);
  }

  #show(shown: Omit<Shown, 'at'>): void {
    this.screen.push({ ...shown, at: this.#parts.now() });
    this.onChange();
  }

  #tell({ sid, to, from, callback }: MessageRecord, status: string): void {
    const { accountSid, bot, deliveries } = this.#parts;
    if (callback === null) return;
    deliveries.add(callback, {
      SmsSid: sid,
      SmsStatus: status,
      MessageStatus: status,
      To: to,
      MessageSid: sid,
      AccountSid: accountSid,
      From: from ?? bot,
      ApiVersion: '2010-04-01',
      ...(status === 'undelivered' ? { ErrorCode: this.whenOff } : {}),
    });
  }

  /** As every number does unless Twilio's support has switched it off. */
  #answer(word: string): void {
    if (!this.#parts.answers) return;
    const say = (text: string) => this.#show({ from: 'twilio', text, media: [], segments: 1 });
    if (STOP.test(word)) {
      if (!this.blocked) say('You have successfully been unsubscribed. Reply START to resubscribe.');
      this.blocked = true;
    } else if (START.test(word)) {
      if (this.blocked) say('You have successfully been re-subscribed.');
      this.blocked = false;
    } else if (HELP.test(word)) say('Reply STOP to unsubscribe. Msg&Data Rates May Apply.');
  }
}
