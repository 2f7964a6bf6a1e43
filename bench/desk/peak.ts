import type { Member } from '../../channels/slack/simulator/member.ts';
import type { Channel } from '../../channels/slack/simulator/workspace.ts';
import { openSimulator } from '../../channels/slack/simulator.ts';
import { openApi, type SlackApi } from '../../src/desks/slack/api.ts';
import type { House } from '../../src/desks/slack/inside.ts';
import { PACE } from '../../src/desks/slack/pump.ts';
import { commandOf } from '../../src/desks/slack/said.ts';
import { readSlackDesk } from '../../src/desks/slack/settings.ts';
import { openSlackDesk, type SlackDesk } from '../../src/desks/slack/slack-desk.ts';
import type { Head } from '../../src/handoff/desk.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface Peak {
  /** Live conversations in one queue. */
  readonly chats: number;
  /** Channels of that queue. */
  readonly channels: number;
  readonly minutes: number;
}

/** Milliseconds of Slack's clock, from the desk being told to Slack showing it. */
export interface Mirrored {
  /** What customers wrote. */
  readonly lines: readonly number[];
  /** Whose a conversation is. */
  readonly claims: readonly number[];
  /** Lines that Slack never showed. */
  readonly missing: number;
  /** Calls that came faster than Slack takes them, as the stand-in counts. */
  readonly tooFast: number;
  readonly calls: Readonly<Record<string, number>>;
}

/**
 * Live conversations in Slack at a peak, by Slack's stand-in and the vendor's client, on a virtual clock. Each customer writes bursts of
 * one to three messages, half a minute apart on average; all have begun after three minutes. Her agent answers each burst in the thread, and learns how far that came. A
 * call takes a fifth of a second.
 */
export async function peak({ chats, channels, minutes }: Peak): Promise<Mirrored> {
  const clock = new VirtualClock(START);
  const slack = await openSimulator({
    sleep: (milliseconds) => clock.sleep(milliseconds),
    now: clock.now,
    enforceRates: true,
  });
  const mia = slack.member({ id: 'U0MIA', name: 'mia' });
  const queue = Array.from({ length: channels }, (_, at) => slack.channel(`support-${at}`, mia));
  const wire = openWire(clock, openApi({ token: slack.workspace.app.botToken, apiRoot: slack.url }));
  const desk = openSlackDesk({
    settings: settingsFor(slack.url, queue),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    ...{ now: clock.now, alarm: clock.alarm, api: wire.api, pace: PACE },
  });
  desk.begin(emptyHouse());
  try {
    const random = randomFrom(42);
    const end = START + minutes * MINUTE;
    const people = Array.from({ length: chats }, (_, at) => new Chat({ at, desk, clock, mia, queue, random, end }));
    for (const one of people) clock.alarm(random() * RUSH, () => one.begin());
    await clock.passUntil(end + TAIL, wire.idle);
    const shown = shownIn(queue);
    const written = people.flatMap(({ written }) => [...written]);
    return {
      lines: written.flatMap(([key, at]) => (shown.has(key) ? [(shown.get(key) ?? 0) - at] : [])),
      claims: people.flatMap(({ place, claimed }) => {
        const at = wire.claims.get(place);
        return at === undefined || claimed === undefined ? [] : [at - claimed];
      }),
      missing: written.filter(([key]) => !shown.has(key)).length,
      tooFast: slack.workspace.rates.tooFast,
      calls: Object.fromEntries(
        Object.entries(Object.groupBy(slack.calls, ({ method }) => method)).map(([method, made = []]) => [
          method,
          made.length,
        ]),
      ),
    };
  } finally {
    await desk.stop();
    await slack.close();
  }
}

/** Of what was measured, below which so many in a hundred are. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? Number.NaN;
}

// — People ————————————————————————————————————————————————————————————————————————————————————————————————————

interface Life {
  readonly at: number;
  readonly desk: SlackDesk;
  readonly clock: VirtualClock;
  readonly mia: Member;
  readonly queue: readonly Channel[];
  readonly random: () => number;
  readonly end: number;
}

/** A customer and her agent. */
class Chat {
  readonly place: string;
  /** By its key, when the desk was told. */
  readonly written = new Map<string, number>();
  claimed: number | undefined;
  readonly #life: Life;
  #version = 1;
  #last = '';

  constructor(life: Life) {
    this.#life = life;
    this.place = `chat-${life.at}`;
  }

  async begin(): Promise<void> {
    const { desk, clock, random } = this.#life;
    await desk.open(this.#head('queued'), []);
    await this.#write();
    clock.alarm(5_000 + random() * 20_000, () => this.#claim());
    this.#later();
  }

  async #claim(): Promise<void> {
    const { desk, clock } = this.#life;
    this.claimed = clock.now();
    await desk.update(this.place, this.#head('active'));
  }

  #later(): void {
    const { clock, random, end } = this.#life;
    const gap = -Math.log(1 - random()) * GAP;
    if (clock.now() + gap < end) clock.alarm(gap, () => this.#burst());
  }

  #burst(): void {
    const { clock, random } = this.#life;
    const count = 1 + Math.floor(random() * 3);
    for (let at = 0; at < count; at++) clock.alarm(at * 1_500, () => void this.#write());
    clock.alarm(count * 1_500 + 5_000 + random() * 10_000, () => void this.#answer());
    this.#later();
  }

  async #write(): Promise<void> {
    const { desk, clock } = this.#life;
    const key = `${this.place}.${this.written.size}`;
    this.written.set(key, clock.now());
    this.#last = key;
    const message = { text: `It has not come yet, number ${key}` };
    await desk.post(this.place, { key, from: 'customer', message, attachments: [], at: clock.now() });
    await desk.update(this.place, this.#head(this.claimed === undefined ? 'queued' : 'active'));
  }

  /** In the thread, which costs no call; how far it has come, does. */
  async #answer(): Promise<void> {
    const { desk, clock, mia, queue } = this.#life;
    const card = queue
      .flatMap((channel) => channel.messages.map((message) => ({ channel, message })))
      .find(
        ({ message }) =>
          message.thread_ts === undefined && JSON.stringify(message.metadata ?? '').includes(`"${this.place}"`),
      );
    if (this.claimed === undefined || card === undefined) return;
    const { ts } = mia.say('Let me look', { channel: card.channel, thread: card.message.ts });
    const said = commandOf(card.channel.id, ts);
    for (const [after, state] of [
      [0, 'held'],
      [3_000, 'sent'],
      [4_500, 'delivered'],
    ] as const)
      clock.alarm(after, () => void desk.receipt(this.place, { key: `${said}:${state}`, said, state, agent: 'mia' }));
    await desk.update(this.place, this.#head('waiting_customer'));
  }

  #head(at: Head['at']): Head {
    return {
      ...{ conversation: this.place, number: this.#life.at + 1, version: this.#version++, at, queue: 'support' },
      ...{ priority: 'normal', reason: 'asked', opened: START, due: [], attach: {}, masked: [] },
      ...(at === 'queued' ? {} : { agent: 'mia' }),
      customer: { attributes: {}, locale: 'en', account: 'web', channel: 'web' },
      summary: [this.#last],
    };
  }
}

// — The wire ——————————————————————————————————————————————————————————————————————————————————————————————————

/** Every call is under way for a while of the virtual clock. */
function openWire(clock: VirtualClock, api: SlackApi) {
  const working = new Set<Promise<unknown>>();
  const claims = new Map<string, number>();

  async function over<Result>(call: () => Promise<Result>): Promise<Result> {
    await clock.sleep(LATENCY / 2);
    const work = call();
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    working.add(settled);
    await settled;
    working.delete(settled);
    await clock.sleep(LATENCY / 2);
    return work;
  }

  const note = (facts: Readonly<Record<string, unknown>> = {}) => {
    const place = String(facts.conversation);
    if (facts.at !== 'queued' && !claims.has(place)) claims.set(place, clock.now());
  };
  const slow: SlackApi = {
    ...api,
    async post(message) {
      const ts = await over(() => api.post(message));
      // A card, not what is said below it.
      if (message.thread === undefined) note(message.mark?.facts);
      return ts;
    },
    async update(message) {
      await over(() => api.update(message));
      note(message.mark?.facts);
    },
    react: (channel, ts, name) => over(() => api.react(channel, ts, name)),
    unreact: (channel, ts, name) => over(() => api.unreact(channel, ts, name)),
    whisper: (user, message) => over(() => api.whisper(user, message)),
    search: (channel, mark, thread) => over(() => api.search(channel, mark, thread)),
  };

  return {
    api: slow,
    claims,
    /** Nobody computes, and nothing is on a real wire. */
    async idle(): Promise<void> {
      for (let quiet = 0; quiet < 2; quiet++) {
        await new Promise((next) => setImmediate(next));
        if (working.size === 0) continue;
        await Promise.all(working);
        quiet = -1;
      }
    },
  };
}

/** When a line was shown, by its key: the blocks of a message say which lines it holds. */
function shownIn(queue: readonly Channel[]): ReadonlyMap<string, number> {
  return new Map(
    queue.flatMap(({ messages }) =>
      messages.flatMap(({ ts, blocks = [] }) =>
        blocks.flatMap(({ block_id: id }) => {
          const [kind, key = ''] = String(id).split('|');
          return kind === 'post' ? [[key, Number(ts) * 1_000] as const] : [];
        }),
      ),
    ),
  );
}

function settingsFor(apiRoot: string, queue: readonly Channel[]) {
  const channels = queue.map(({ id }) => id);
  const raw = {
    ...{ bot_token: reference('TOKEN'), signing_secret: reference('SECRET'), api_root: apiRoot },
    ...{ fallback: channels[0], queues: { support: channels } },
  };
  return readSlackDesk(raw, { TOKEN: 'xoxb-simulated-token-of-no-bot', SECRET: 'nobody calls here' }, 'en');
}

function reference(name: string): string {
  return `\${${name}}`;
}

/** A house in which only the book is kept. */
function emptyHouse(): House {
  const book = new Map<string, string>();
  const agents = [
    { name: 'mia', shown: 'Mia', queues: ['support'], skills: [], capacity: 99, accounts: { slack: 'U0MIA' } },
  ];
  return {
    give: async () => ({ ok: true, at: 'active' }),
    setPresence: async () => undefined,
    replies: async () => [],
    reveal: async () => ({ ok: false, code: 'desk.unknown_value' }),
    keepFile: async () => {
      throw new Error('Nobody keeps files here.');
    },
    policy: () => ({ queues: {}, agents, misses: 2, reopen: 0 }),
    head: async () => undefined,
    transcript: async () => [],
    said: async () => undefined,
    tables: {
      stand: async () => undefined,
      stands: async () => [],
      ended: async () => [],
      agents: async () => [],
      answer: async () => undefined,
    },
    keep: { cursor: async (name) => book.get(name), keepCursor: async (name, text) => void book.set(name, text) },
  };
}

/** The same people on every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const START = Date.UTC(2026, 10, 21, 9);
const MINUTE = 60_000;
/** Within which all of them begin. */
const RUSH = 3 * MINUTE;
/** Of what is still to be shown when everybody has fallen silent. */
const TAIL = 5 * MINUTE;
/** Milliseconds between two bursts, on average. */
const GAP = 30_000;
/** Milliseconds that a call takes. */
const LATENCY = 200;
