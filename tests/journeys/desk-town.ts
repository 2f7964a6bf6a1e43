import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from '../../channels/slack/simulator/member.ts';
import type { Channel, Message } from '../../channels/slack/simulator/workspace.ts';
import { openSimulator, type Simulator } from '../../channels/slack/simulator.ts';
import { startShop } from '../../shop/shop.ts';
import { openDoors } from '../../src/bot/doors.ts';
import { openBot, type RunningBot } from '../../src/bot/open-bot.ts';
import { beginSlackDesk } from '../../src/bot/slack-desk.ts';
import { openSlackDesk, type SlackDesk } from '../../src/desks/slack/slack-desk.ts';
import type { Opened } from '../../src/playground/platform.ts';
import type { Phone } from '../../src/simulator.ts';
import { LOG, QUICK, settingsFor } from '../desks/slack/house.ts';
import { writeDemo } from './demo-folder.ts';
import { moveIn } from './neighbours.ts';
import { scratch, until } from './process.ts';
import { Shopper } from './shopper.ts';
import { freePort, type Language, openPlatforms } from './town.ts';

const DESK = {
  csat: true,
  undo_window: '0s',
  queues: { support: { routing: 'manual' } },
  agents: {
    mia: { name: 'Mia', queues: ['support'], accounts: { slack: 'U0MIA' } },
    tom: { name: 'Tom', queues: ['support'], accounts: { slack: 'U0TOM' } },
  },
};

/**
 * The demo's shop and bot with customers at several platforms' stand-ins and agents in Slack: everything between them is real, Bolt
 * among it, but for the pace at which Slack is written to.
 */
export class DeskTown {
  readonly slack: Simulator;
  readonly mia: Member;
  readonly tom: Member;
  readonly support: Channel;
  readonly bot: RunningBot;
  readonly #desk: SlackDesk;
  readonly #data: string;
  readonly #opened: ReadonlyMap<string, Opened>;
  readonly #shop: Awaited<ReturnType<typeof startShop>>;
  readonly #doors: Awaited<ReturnType<typeof openDoors>>;
  #people = 0;

  private constructor(parts: {
    readonly slack: Simulator;
    readonly people: { readonly mia: Member; readonly tom: Member; readonly support: Channel };
    readonly bot: RunningBot;
    readonly desk: SlackDesk;
    readonly data: string;
    readonly opened: ReadonlyMap<string, Opened>;
    readonly shop: Awaited<ReturnType<typeof startShop>>;
    readonly doors: Awaited<ReturnType<typeof openDoors>>;
  }) {
    this.slack = parts.slack;
    ({ mia: this.mia, tom: this.tom, support: this.support } = parts.people);
    this.bot = parts.bot;
    this.#desk = parts.desk;
    this.#data = parts.data;
    this.#opened = parts.opened;
    this.#shop = parts.shop;
    this.#doors = parts.doors;
  }

  static async open(kinds: readonly string[]): Promise<DeskTown> {
    const [data, port, secret] = [scratch(), await freePort(), randomBytes(32).toString('hex')];
    const url = `http://127.0.0.1:${port}`;
    const shop = await startShop({ data: join(data, 'shop'), webhook: { url: `${url}/events`, secret } });
    const opened = await openPlatforms(kinds, url);
    const slack = await openSimulator({ sleep: async () => undefined });
    const mia = slack.member({ id: 'U0MIA', name: 'mia' });
    const tom = slack.member({ id: 'U0TOM', name: 'tom' });
    const support = slack.channel('support', mia, tom);
    const desk = openSlackDesk({ settings: settingsFor(slack.url, support.id), log: LOG, pace: QUICK });
    const directory = join(data, 'bot');
    mkdirSync(directory);
    const channels = Object.fromEntries([...opened].map(([kind, { account }]) => [kind, account]));
    writeDemo(directory, { channels, desk: DESK });
    const secrets = Object.assign({}, ...[...opened.values()].map((each) => each.environment));
    const environment = { ...secrets, SHOP_URL: shop.url, PARLEY_PUBLIC_URL: url };
    const bot = await openBot({ directory, environment, log: LOG, desks: [desk] });
    if (bot.office === undefined) throw new Error('There is no desk.');
    beginSlackDesk(desk, bot.office, bot.store, () => bot.deployment.settings);
    const doors = await openDoors({ ...bot, slackDesk: desk }, { port, host: '127.0.0.1', secret, log: LOG });
    await bot.engine.start();
    slack.deliveries.setWebhook(`${url}/desks/slack`);
    for (const { connect } of opened.values()) await connect?.();
    return new DeskTown({ slack, people: { mia, tom, support }, bot, desk, data, opened, shop, doors });
  }

  /** Somebody who lives like nobody else and speaks this language. */
  shopper(kind: string, language: Language): Shopper {
    const [neighbour] = moveIn(join(this.#data, 'shop'), language, 1, this.#people++);
    const simulator = this.#opened.get(kind)?.simulator;
    if (simulator === undefined || neighbour === undefined) throw new Error(`Nobody lives at ${kind}.`);
    const who = language === 'en' ? { name: 'Anna Schmidt', locale: 'en' } : { name: '李伟', locale: 'zh-CN' };
    return new Shopper(simulator.phone({ ...who, number: `+1415555${3_000 + this.#people}` }), neighbour, this);
  }

  get mailbox(): string {
    return `${this.#shop.url}/mailbox`;
  }

  complaints(): string {
    const last = this.cards().at(-1)?.ts;
    return this.support.messages
      .filter(({ ts, thread_ts: root = ts }) => root === last)
      .map(({ username = '', text, blocks = [] }) => `${username} ${text}\n    ${JSON.stringify(blocks).slice(0, 900)}`)
      .join('\n');
  }

  /** The newest card of whoever has asked for a human and nobody has taken: stories are told one after the other. */
  async newestCard(after: number): Promise<Message> {
    await until(
      () => this.cards().length > after,
      () => `a card after\n${this.complaints()}`,
    );
    const card = this.cards().at(-1);
    if (card === undefined) throw new Error('There is no card.');
    return card;
  }

  cards(): readonly Message[] {
    return this.support.messages.filter(({ bot_id: bot, thread_ts: root }) => bot !== undefined && root === undefined);
  }

  /** All messages of a card's thread that hold these words, wherever in them. */
  inThread({ ts }: Message, words: string): readonly Message[] {
    return this.support.messages.filter(
      (message) => message.thread_ts === ts && JSON.stringify([message.text, message.blocks]).includes(words),
    );
  }

  async showsInThread(card: Message, words: string): Promise<Message> {
    await until(
      () => this.inThread(card, words).length > 0,
      () => `“${words}” in the thread of\n${this.complaints()}`,
    );
    const [first] = this.inThread(card, words);
    if (first === undefined) throw new Error(`Nobody says ${words}.`);
    return first;
  }

  async settled(): Promise<void> {
    await this.slack.deliveries.settled();
    await this.bot.office?.settled();
    await this.#desk.settled();
    await this.slack.deliveries.settled();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#opened.values()].map(({ simulator }) => simulator.close()));
    await this.#desk.stop();
    await this.#doors.close(1_000);
    await this.bot.stop(1_000);
    await this.slack.close();
    await this.#shop.close();
  }
}

/** Pictures and files that the bot or an agent has sent her. */
export function filesOn(phone: Phone): readonly string[] {
  return phone.screen
    .filter(({ from }) => from === 'bot')
    .flatMap(({ image, file, text }) => [
      ...[image?.url, file?.url].filter((url) => url !== undefined),
      ...(text
        .map((run) => run.text)
        .join('')
        .match(/https?:\/\/\S+\/files\/\S+/g) ?? []),
    ]);
}
