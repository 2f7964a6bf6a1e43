import { randomBytes } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { ParleyError } from '../errors.ts';
import type { Simulator } from '../simulator.ts';
import type { Witness } from '../turn.ts';
import { type Agents, type Colleague, openAgents } from './agents.ts';
import { faceOf } from './agents-view.ts';
import { movableClock } from './clock.ts';
import { door } from './door.ts';
import { answerWith } from './media.ts';
import { pageFiles } from './page-files.ts';
import { Phones } from './phones.ts';
import type { Opened } from './platform.ts';
import { PLATFORMS } from './platforms.ts';
import type { Act, Told, Trace, Who } from './protocol.ts';
import { Stream } from './stream.ts';
import { Traces } from './trace.ts';

/** Stand-ins of every platform with phones to write to the bot, and the page that shows them. Nothing of it is kept. */
export interface Playground {
  /** The bot's accounts at the stand-ins, and the secrets that they name. */
  readonly accounts: Readonly<Record<string, Opened['account']>>;
  readonly environment: Readonly<Record<string, string>>;
  /** The workspace in which the agents sit, and who is who there; absent: there are none. */
  readonly slack?: Agents['slack'];
  /** For the bot: the platforms go by it, too. */
  readonly clock: { now(): number };
  /** For the bot: what it tells is the trace. */
  readonly witness: Witness;
  /** Answers `/playground` and what is under it. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Once the bot runs and can be called. */
  begin(engine: Engine): Promise<void>;
  /** Lets the pages go, which would keep a server open. */
  dismiss(): void;
  close(): Promise<void>;
}

export interface PlaygroundOptions {
  /** Where the bot will be: `http://127.0.0.1:3000`. */
  readonly bot: string;
  /** Kinds of platforms; default: every one there is. */
  readonly kinds?: readonly string[];
  /** Who works at the desk: they get a workspace of Slack. Default: nobody does. */
  readonly colleagues?: readonly Colleague[];
}

/** Who holds the phones before the page says who: a person of the demo shop. */
const FIRST: Who = { name: 'Anna Schmidt', email: 'anna.schmidt@example.com', locale: 'en' };
const HOUR = 3_600_000;
/** Where the queues of the demo stand at the desk; what has no channel of its own is in the first. */
const CHANNELS = { support: [], money: ['billing', 'refunds'] };
/** The web chat has no phone: its page is its own client, and its conversation the one that went on last. */
const WEB = 'web';

/** Opens the stand-ins, on free ports of the loopback. The bot is to be opened with what comes back; then {@link Playground.begin}. */
export async function openPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { bot, kinds = Object.keys(PLATFORMS), colleagues = [] } = options;
  const clock = movableClock();
  const opened = await openAll(kinds, bot, clock.now);
  const simulators = new Map([...opened].map(([kind, { simulator }]): [string, Simulator] => [kind, simulator]));
  const stream = new Stream();
  const phones = new Phones(simulators, FIRST, (phone) => stream.tell({ tell: 'phone', phone }));
  const traces = new Traces((conversation, account) => void tellTrace(conversation, account));
  let engine: Engine | undefined;
  const webhook = `${bot}/desks/slack`;
  const agents =
    colleagues.length === 0
      ? undefined
      : await openAgents({ colleagues, channels: CHANNELS, webhook, ...fresh(clock.now) }, tellDesk);
  /** What the page was last told of the desk, by what it was. */
  const told = new Map<string, string>();

  async function act(wanted: Act): Promise<void> {
    switch (wanted.do) {
      case 'desk':
        return agents?.act(wanted);
      case 'open':
        return phones.of(wanted.kind).open?.();
      case 'write':
        return phones.of(wanted.kind).write(wanted.text);
      case 'tap':
        return phones.of(wanted.kind).tap(wanted.bubble, wanted.button, wanted.chosen);
      case 'attach': {
        const { name, type, data } = wanted;
        return phones.of(wanted.kind).attach?.({ name, type, bytes: new Uint8Array(Buffer.from(data, 'base64')) });
      }
      case 'fail':
        return fail(wanted.kind, wanted.fault);
      case 'renew':
        phones.renew(wanted.kind);
        return tellAll();
      case 'pass':
        clock.pass(wanted.hours * HOUR);
        return tellAll();
      case 'be':
        phones.who = wanted.who;
        return tellAll();
    }
  }

  function fail(kind: string, fault: string): void {
    const simulator = phones.simulator(kind);
    if (!simulator.faults.includes(fault))
      throw new ParleyError('playground.unknown_fault', `"${fault}" cannot go wrong there.`, {
        hint: `What can: ${simulator.faults.join(', ')}.`,
      });
    simulator.fail(fault);
  }

  async function tellAll(): Promise<void> {
    for (const told of await everything()) stream.tell(told);
  }

  async function everything(): Promise<readonly Told[]> {
    const { who, platforms } = phones;
    const kinds = [WEB, ...simulators.keys()];
    const all = await Promise.all(kinds.map(async (kind) => traceOf(kind, await conversationOf(kind))));
    return [
      { tell: 'world', world: { who, ahead: clock.ahead, platforms } },
      ...phones.views.map((phone): Told => ({ tell: 'phone', phone })),
      ...all.map((trace): Told => ({ tell: 'trace', trace })),
      ...deskTold(),
    ];
  }

  function deskTold(): readonly Told[] {
    if (agents === undefined) return [];
    return [
      { tell: 'desk', desk: agents.view },
      ...agents.channels.map((channel): Told => ({ tell: 'channel', channel })),
    ];
  }

  /** Only what is not as it was. */
  function tellDesk(): void {
    for (const one of deskTold()) {
      const name = one.tell === 'channel' ? one.channel.id : one.tell;
      const face = faceOf(one);
      if (told.get(name) !== face) stream.tell(one);
      told.set(name, face);
    }
  }

  /** Only of the conversations that the page shows. */
  async function tellTrace(conversation: string, account: string): Promise<void> {
    if ((await conversationOf(account)) === conversation)
      stream.tell({ tell: 'trace', trace: traceOf(account, conversation) });
  }

  function traceOf(kind: string, conversation: string | undefined): Trace {
    return conversation === undefined ? { kind, turns: [] } : { kind, conversation, turns: traces.of(conversation) };
  }

  /** A kind of platform is the name of its account. */
  async function conversationOf(kind: string): Promise<string | undefined> {
    if (!simulators.has(kind)) return traces.latest(kind);
    return engine?.find(kind, phones.of(kind).address);
  }

  return {
    accounts: Object.fromEntries([...opened].map(([kind, { account }]) => [kind, account])),
    environment: Object.assign({}, ...[...opened.values(), agents].map((each) => each?.environment)),
    ...(agents && { slack: agents.slack }),
    clock,
    witness: traces.witness,
    fetch: door({
      page: pageFiles(),
      look: async () => (stream.isFull ? undefined : stream.open(await everything())),
      act,
      media: (name) => phones.media.answer(name) ?? answerWith(agents?.file(name)),
    }),
    async begin(running) {
      engine = running;
      traces.watch(running);
      await Promise.all([...opened.values()].map(({ connect }) => connect?.()));
    },
    dismiss() {
      stream.end();
      phones.end();
      traces.end();
    },
    async close() {
      await Promise.all([...simulators.values(), ...(agents ? [agents] : [])].map((each) => each.close()));
    },
  };
}

/** What is new with every start. */
function fresh(now: () => number) {
  return { now, ids: Math.floor(Date.now() / 1000), secret: () => randomBytes(24).toString('hex') };
}

async function openAll(kinds: readonly string[], bot: string, now: () => number): Promise<Map<string, Opened>> {
  const opening = kinds.map(async (kind): Promise<[string, Opened]> => {
    const platform = await PLATFORMS[kind]?.();
    if (platform === undefined) throw new ParleyError('playground.unknown_phone', `There is no platform "${kind}".`);
    return [kind, await platform.open({ webhook: `${bot}/channels/${kind}`, ...fresh(now) })];
  });
  try {
    return new Map(await Promise.all(opening));
  } catch (error) {
    for (const one of await Promise.allSettled(opening))
      if (one.status === 'fulfilled') await one.value[1].simulator.close();
    throw error;
  }
}
