import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Member } from '../../../channels/slack/simulator/member.ts';
import type { Channel, Message } from '../../../channels/slack/simulator/workspace.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import { openBot, type RunningBot } from '../../../src/bot/open-bot.ts';
import { beginSlackDesk } from '../../../src/bot/slack-desk.ts';
import type { Pace } from '../../../src/desks/slack/pump.ts';
import { openSlackDesk, type SlackDesk } from '../../../src/desks/slack/slack-desk.ts';
import { Folder } from '../../cli/deployment-folder.ts';
import { until } from '../../support/until.ts';
import { LOG, QUICK, settingsFor } from './house.ts';

const filesFor = (undo: string) => ({
  'parley.yaml': `name: Shop
locales: [en, zh]
channels: {web: {kind: web}}
desk:
  undo_window: ${undo}
  queues: {support: {routing: manual}, returns: {routing: manual}}
  agents:
    mia: {name: Mia, queues: [support, returns], accounts: {slack: U0MIA}}
    tom: {name: Tom, queues: [support, returns], accounts: {slack: U0TOM}}
  replies: {greeting: {en: "Hello, I am {agent}.", zh: "您好，我是{agent}。"}}
`,
  'flows/order/flow.yaml': `flow: order_status
title: {en: Where is my order?, zh: 我的订单在哪？}
description: Tells where an order is
triggers: {examples: {en: [where is my order], zh: [我的订单在哪]}}
slots: {number: string, day: string}
steps:
  - collect: number
    ask: {en: Which order?, zh: 哪个订单？}
  - collect: day
    ask: {en: Which day suits you?, zh: 哪天方便？}
  - say: {en: "Order {number} comes on {day}.", zh: "订单 {number} 将于 {day} 送达。"}
`,
});

export interface WorldOptions {
  readonly receive?: 'webhook' | 'socket';
  readonly pace?: Pace;
  /** How long an agent may take back what she has said; default: not at all. */
  readonly undo?: string;
  readonly yaml?: (support: Channel, returns: Channel) => object;
  /** Slack's clock. */
  readonly now?: () => number;
  /** By which the bot and its desk live; default: the machine's. */
  readonly clock?: { now(): number };
  /** What stands in the deployment's folder besides; of `parley.yaml`, what stands at its end. */
  readonly files?: Readonly<Record<string, string>>;
  /** Slack refuses what comes faster than it allows. */
  readonly enforceRates?: boolean;
}

/** A shop's bot over its SQLite file, two agents in Slack, and real Bolt between them. */
export class Office {
  readonly slack: Simulator;
  readonly mia: Member;
  readonly tom: Member;
  readonly support: Channel;
  readonly returns: Channel;
  readonly #folder: Folder;
  readonly #options: WorldOptions;
  readonly #server = createServer(async (request, response) => {
    const answer = await this.desk.fetch(await toRequest(request));
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  desk!: SlackDesk;
  bot!: RunningBot;
  #count = 0;

  private constructor(slack: Simulator, options: WorldOptions) {
    this.slack = slack;
    this.#options = options;
    const { 'parley.yaml': more = '', ...files } = options.files ?? {};
    const own = filesFor(options.undo ?? '0s');
    this.#folder = new Folder({ ...own, ...files, 'parley.yaml': `${own['parley.yaml']}${more}` });
    this.mia = slack.member({ id: 'U0MIA', name: 'mia' });
    this.tom = slack.member({ id: 'U0TOM', name: 'tom' });
    this.support = slack.channel('support', this.mia, this.tom);
    this.returns = slack.channel('returns', this.mia, this.tom);
  }

  static async open(options: WorldOptions = {}): Promise<Office> {
    const { enforceRates = false, now = Date.now } = options;
    const world = new Office(await openSimulator({ sleep: async () => undefined, enforceRates, now }), options);
    await new Promise<void>((ready) => world.#server.listen(0, '127.0.0.1', ready));
    await world.begin();
    return world;
  }

  /** Opens the bot and its desk, over what an earlier one has left. */
  async begin(): Promise<void> {
    const { receive = 'webhook', pace = QUICK, yaml, clock = { now: Date.now } } = this.#options;
    const { slack, support, returns } = this;
    const given = yaml?.(support, returns) ?? { queues: { returns: returns.id } };
    const settings = settingsFor(slack.url, support.id, { receive, ...given });
    this.desk = openSlackDesk({ settings, log: LOG, pace, now: () => clock.now() });
    this.bot = await openBot({ directory: this.#folder.path, environment: {}, log: LOG, clock, desks: [this.desk] });
    const { office, store } = this.bot;
    if (office === undefined) throw new Error('There is no desk.');
    beginSlackDesk(this.desk, office, store, () => this.bot.deployment.settings);
    await this.bot.engine.start();
    if (receive === 'webhook')
      slack.deliveries.setWebhook(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/desks/slack`);
    else
      await until(
        () => slack.sockets.connections > 0,
        () => 'a socket',
      );
  }

  /** As a restart would: what was under way is not waited for. */
  async end(): Promise<void> {
    await this.desk.stop();
    await this.bot.stop(1_000);
  }

  async close(): Promise<void> {
    await this.end();
    await this.slack.close();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
    this.#folder[Symbol.dispose]();
  }

  async write(text: string, address = 'ann'): Promise<string> {
    const event = { kind: 'message', text } as const;
    const { conversation } = await this.bot.engine.accept({ account: 'web', address, key: `k${++this.#count}`, event });
    return conversation;
  }

  /** All that the customer reads. */
  async reads(conversation: string): Promise<readonly string[]> {
    const entries = await this.bot.engine.transcript(conversation, 0, 200);
    return entries.filter(({ from }) => from !== 'customer').map(({ from, message }) => `${from}: ${message.text}`);
  }

  /** Everything that was done has reached Slack, and the other way round. */
  async settled(): Promise<void> {
    await this.slack.deliveries.settled();
    await this.bot.office?.settled();
    await this.desk.settled();
    await this.slack.deliveries.settled();
  }

  card(conversation: string, channel = this.support): Message {
    const found = channel.messages.find(
      ({ bot_id: bot, thread_ts: root, metadata = '' }) =>
        bot !== undefined && root === undefined && JSON.stringify(metadata).includes(conversation),
    );
    if (found === undefined) throw new Error(`${conversation} has no card in #${channel.name}.`);
    return found;
  }

  /** The words of a thread under their names, and what stands beside them. */
  thread(conversation: string, channel = this.support): readonly string[] {
    const { ts } = this.card(conversation, channel);
    return channel.messages
      .filter(({ thread_ts: root }) => root === ts)
      .map(({ username, user, text, blocks = [], bot_id: bot, reactions = [] }) => {
        const words =
          bot === undefined
            ? text
            : blocks
                .flatMap(
                  ({ text: own, elements }) =>
                    wordsIn(own) ?? (Array.isArray(elements) ? elements.flatMap((one) => wordsIn(one) ?? []) : []),
                )
                .join(' | ');
        const marks = reactions.map(({ name }) => ` :${name}:`).join('');
        return `${username ?? user}: ${words}${marks}`;
      });
  }
}

function wordsIn(text: unknown): string | undefined {
  return typeof text === 'object' && text !== null && 'text' in text && typeof text.text === 'string'
    ? text.text
    : undefined;
}

async function toRequest(request: IncomingMessage): Promise<Request> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return new Request('http://bot/desks/slack', { method: 'POST', headers, body: Buffer.concat(chunks) });
}
