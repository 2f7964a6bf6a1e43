import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineAction } from '../../src/action.ts';
import { openBot, type RunningBot } from '../../src/bot/open-bot.ts';
import type { Capabilities, Channel, Inbound, SendError } from '../../src/channel.ts';
import type { Event } from '../../src/event.ts';
import type { Json } from '../../src/type.ts';

/** A flow that asks, knows who she is, writes, and waits for the world. */
const ORDER = `
flow: order
description: Orders tea or coffee
triggers: {examples: {en: [I want to order], zh: [我要点单]}}
slots:
  drink: "enum(tea,coffee)"
  cups: {type: integer, min: 1}
  nick: {type: string, scope: customer}
steps:
  - collect: drink
    ask: {en: Which drink?, zh: 要喝什么？}
    choices: {tea: {en: Green tea, zh: 绿茶}, coffee: {en: Black coffee, zh: 黑咖啡}}
  - collect: cups
    ask: {en: How many cups?, zh: 要几杯？}
  - action: bar.order
    with: {drink: =drink, cups: =cups}
    consent: implied
    as: order
  - say: {en: "Ordered as {order.id} for {session.customer_id, select, other {{session.customer_id}}}.", zh: "已下单 {order.id}。"}
  - wait: {event: bar.ready, match: {id: =order.id}, timeout: 1d}
    on_timeout: [{end: expired}]
  - say: {en: "{order.id} is ready.", zh: "{order.id} 好了。"}
  - end: resolved
`;

const NAME = `
flow: nickname
description: Tells her nickname
triggers: {examples: {en: [call me by a nickname], zh: [给我起个昵称]}}
slots: {nick: {type: string, scope: customer}}
steps:
  - if: nick == null
    then: [{collect: nick, ask: {en: What shall I call you?, zh: 怎么称呼您？}}]
  - say: {en: "Hello {nick}!", zh: "你好，{nick}！"}
  - end: resolved
`;

const NEWS = `
flow: news
description: Tells her of something new
triggers: {events: [shop.news]}
inputs: {about: string}
steps:
  - say: {en: "News about {about}.", zh: "关于{about}的消息。"}
  - end: resolved
`;

const OFFER = `
flow: offer
description: Offers her something
triggers: {events: [shop.offer]}
slots:
  size: "enum(small,large)"
steps:
  - say: {en: "There is new tea.", zh: "有新茶。"}
  - collect: size
    ask: {en: Which size would you like?, zh: 要多大的？}
    choices: {small: {en: A small one, zh: 小份}, large: {en: A large one, zh: 大份}}
  - say: {en: "A {size} one it is.", zh: "好的，{size}。"}
  - end: resolved
`;

const LOGIN = `
flow: login
description: Proves who she is
triggers: {examples: {en: [log me in], zh: [登录]}}
slots: {code: {type: string, sensitive: secret, prefill: never}}
steps:
  - collect: code
    ask: {en: Code?, zh: 验证码？}
  - action: bar.verify
    with: {code: =code}
    as: check
  - say: {en: "You are {check.customer_id}.", zh: "您是 {check.customer_id}。"}
  - end: resolved
`;

const can: Capabilities = {
  text: { limit: 4_000, unit: 'characters' },
  markup: 'none',
  links: true,
  cards: false,
  carousel: false,
  images: false,
  files: false,
  typing: false,
  edit: false,
  idempotent: true,
};

/** A whole bot over its SQLite file, with accounts of three kinds: the web chat, one of telephones, one with a window. */
export class House {
  readonly directory: string;
  /** What left for platforms, in order. */
  readonly sent: { account: string; address: string; text: string }[] = [];
  readonly ordered: Json[] = [];
  readonly verified = new Map<string, string>();
  /** Resolved by a test: the bar answers then. */
  bar: Promise<void> = Promise.resolve();
  now = Date.UTC(2026, 10, 21, 10);
  bot!: RunningBot;
  /** Told of every turn before it is committed, and of every send before the platform has it. */
  onTurn: (event: Event) => void = () => undefined;
  onSend: (text: string) => void = () => undefined;
  /** May what is sent by SMS be sent again under its key? */
  takesKeys = true;
  /** What a platform says to a send instead of taking it. */
  refuses: (account: string, text: string) => SendError | undefined = () => undefined;
  #keys = 0;

  constructor(directory = mkdtempSync(join(tmpdir(), 'parley-identity-'))) {
    this.directory = directory;
  }

  async open(): Promise<this> {
    for (const [name, text] of Object.entries({
      order: ORDER,
      nickname: NAME,
      news: NEWS,
      offer: OFFER,
      login: LOGIN,
    })) {
      mkdirSync(join(this.directory, 'flows', name), { recursive: true });
      writeFileSync(join(this.directory, 'flows', name, 'flow.yaml'), text);
    }
    const channels = { web: { kind: 'web' }, sms: { kind: 'sms' }, wechat: { kind: 'wechat' } };
    const settings = { name: 'Bar', locales: ['en', 'zh'], timezone: 'UTC', notice: false, channels };
    writeFileSync(join(this.directory, 'parley.yaml'), JSON.stringify(settings));
    await this.start();
    return this;
  }

  async start(): Promise<void> {
    this.bot = await openBot({
      directory: this.directory,
      environment: {},
      log: { info: () => undefined, warn: () => undefined, error: (event, fields) => console.error(event, fields) },
      clock: { now: () => this.now },
      witness: ({ event }) => this.onTurn(event),
      code: {
        channels: [
          this.#channel('sms', { numbers: true, optOut: true, idempotent: this.takesKeys }),
          this.#channel('wechat', { window: { templates: false } }),
        ],
        actions: [
          defineAction({
            name: 'bar.order',
            effect: 'write',
            in: { drink: { kind: 'string' }, cups: { kind: 'integer' } },
            out: { kind: 'object', name: 'Order', fields: { id: { kind: 'string' } } },
            run: async (args, { key }) => {
              this.ordered.push({ ...args, key });
              await this.bar;
              return { id: `B${this.ordered.length}` };
            },
          }),
          defineAction({
            name: 'bar.verify',
            effect: 'read',
            in: { code: { kind: 'string' } },
            out: { kind: 'object', name: 'Check', fields: { customer_id: { kind: 'string' } } },
            authenticates: { customer: 'customer_id' },
            run: async ({ code }) => ({ customer_id: this.verified.get(String(code)) ?? 'nobody' }),
          }),
        ],
      },
    });
    await this.bot.engine.start();
  }

  #channel(kind: string, more: Partial<Capabilities>): Channel {
    return {
      kind,
      settings: () => ({}),
      can: { ...can, ...more },
      entrance: () => (kind === 'sms' ? { at: '+15550001111' } : {}),
      plan: (messages) =>
        messages.map(({ text, choices = [] }) => ({
          text: [text, ...choices.map(({ label }, index) => `${index + 1}. ${label}`)].join('\n'),
        })),
      send: async (part, { address }) => {
        this.onSend(String(part.text));
        const refusal = this.refuses(kind, String(part.text));
        if (refusal !== undefined) throw refusal;
        this.sent.push({ account: kind, address, text: String(part.text) });
        return {};
      },
      classify: (error) => error as SendError,
      failure: () => ({ kind: 'unreachable', reason: 'channel.unreachable' }),
    };
  }

  person(account: string, address: string): Person {
    return new Person(this, account, address);
  }

  key(): string {
    this.#keys += 1;
    return `k${this.#keys}`;
  }

  /** Ends it as a supervisor does, or as a power cut: then nothing is closed. */
  async stop(): Promise<void> {
    await this.bot.stop(1_000);
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Somebody at one address. Hears what stands in her conversation, from where she has heard it last. */
export class Person {
  readonly house: House;
  readonly account: string;
  readonly address: string;
  #heard = 0;

  constructor(house: House, account: string, address: string) {
    this.house = house;
    this.account = account;
    this.address = address;
  }

  async says(text: string, more: Partial<Inbound> = {}): Promise<void> {
    const event = { kind: 'message', text } as const;
    const { account, address, house } = this;
    const window = account === 'wechat' ? { window: { lasts: 172_800_000, messages: 5 } } : {};
    await house.bot.engine.accept({ account, address, key: house.key(), event, ...window, ...more });
  }

  /** Waits for these words; the bubble that has them. */
  async hears(words: string | RegExp): Promise<string> {
    for (let left = 500; left > 0; left -= 1) {
      const said = await this.said();
      const at = said.findIndex((text, index) => index >= this.#heard && fits(text, words));
      if (at >= 0) {
        this.#heard = at + 1;
        return said[at] ?? '';
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`${this.account} ${this.address} does not hear ${words}:\n${(await this.said()).join('\n— ')}`);
  }

  /** The code that is shown to her. */
  async code(): Promise<string> {
    return this.hears(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
  }

  async said(): Promise<string[]> {
    return (await this.lines()).filter(({ from }) => from !== 'customer').map(({ message }) => message.text);
  }

  async lines() {
    const id = await this.house.bot.engine.find(this.account, this.address);
    return id === undefined ? [] : this.house.bot.engine.transcript(id, 0, 1_000);
  }

  async conversation() {
    return this.house.bot.store.load(this.account, this.address);
  }
}

function fits(text: string, words: string | RegExp): boolean {
  return typeof words === 'string' ? text.includes(words) : words.test(text);
}
