import type { Action } from '../../src/action.ts';
import { ActionError } from '../../src/action.ts';
import type { Capabilities, Channel, Inbound, PlanContext, SendContext, SendError } from '../../src/channel.ts';
import type { Call, Effect } from '../../src/effect.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine, Operations } from '../../src/engine/engine.ts';
import type { EngineParts } from '../../src/engine/parts.ts';
import type { Event } from '../../src/event.ts';
import { openMemory } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import type { TakeTurn, Turn } from '../../src/turn.ts';
import type { JsonObject } from '../../src/type.ts';

/** A web account (customers fetch) and an `sms` account whose platform is under the test's thumb. */
export interface World {
  readonly store: Store;
  readonly engine: Engine & Operations;
  /** What the sms platform got, in order. */
  readonly platform: { text: string; key: string; address: string }[];
  /** What the sms channel was told when it planned, in order. */
  readonly planned: PlanContext[];
  readonly logged: string[];
  /** Set by a test: throws what the platform would. */
  trouble: (text: string, tries: number) => SendError | undefined;
  readonly calls: { action: string; key: string; attempt: number }[];
  /** Until then the read `slow` does not answer. */
  letSlowAnswer(): void;
  now: number;
  write(text: string, options?: Writing): ReturnType<Engine['accept']>;
  happen(event: Event, key: string): ReturnType<Engine['accept']>;
  said(address?: string, account?: string): Promise<string[]>;
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
}

export interface Writing extends Partial<Pick<Inbound, 'key' | 'account' | 'address' | 'window' | 'sentAt'>> {
  readonly passive?: NonNullable<SendContext<unknown>['passive']>;
}

/** @param own what the sms channel does otherwise than here */
export function world(
  over: Partial<EngineParts> = {},
  own: Partial<Omit<Channel, 'can'>> & { can?: Partial<Capabilities> } = {},
): World {
  const store = over.store ?? openMemory();
  let sequence = 0;
  const slow = Promise.withResolvers<void>();
  const tries = new Map<string, number>();
  const self: World = {
    store,
    platform: [],
    planned: [],
    logged: [],
    trouble: () => undefined,
    calls: [],
    letSlowAnswer: slow.resolve,
    now: 1_000_000,
    engine: undefined as unknown as World['engine'],
    write(text, { key, account = 'web', address = 'ann', passive, ...more } = {}) {
      sequence += 1;
      const event = { kind: 'message', text } as const;
      return self.engine.accept({ account, address, key: key ?? `k${sequence}`, event, ...more }, passive);
    },
    happen: (event, key) => self.engine.accept({ account: 'web', address: 'ann', key, event }),
    async said(address = 'ann', account = 'web') {
      const id = await self.engine.find(account, address);
      const entries = id === undefined ? [] : await self.engine.transcript(id, 0, 1_000);
      return entries.map(({ from, message }) => `${from}: ${message.text}`);
    },
    async until(condition) {
      while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
  const sms = {
    ...web,
    kind: 'sms',
    /** A part for each word between slashes. */
    plan(messages, context) {
      self.planned.push(context);
      return messages.flatMap(({ text }) => text.split('/').map((text) => ({ text })));
    },
    async send(part, { key, address }) {
      const text = String(part.text);
      const count = tries.get(key) ?? 0;
      tries.set(key, count + 1);
      const trouble = self.trouble(text, count);
      if (trouble !== undefined) throw Object.assign(new Error('platform'), { trouble });
      self.platform.push({ text, key, address });
      return {};
    },
    classify: (error) => (error as { trouble: SendError }).trouble,
    ...own,
    can: { ...web.can, ...own.can },
  } satisfies Channel;
  const action = (name: string, run: Action['run']): [string, Action] => [
    name,
    {
      name,
      effect: 'read',
      in: {},
      out: { kind: 'string' },
      timeout: 20_000,
      errors: [],
      async run(args, context) {
        self.calls.push({ action: name, key: context.key, attempt: context.attempt });
        return run(args, context);
      },
    },
  ];
  const engine = createEngine({
    store,
    turn: scripted,
    channels: new Map([
      ['web', { channel: web, settings: {} }],
      ['sms', { channel: sms, settings: {} }],
    ]),
    actions: new Map([
      action('quick', async ({ of }) => `quick ${of}`),
      action('slow', async ({ of }) => {
        await slow.promise;
        return `slow ${of}`;
      }),
      action('refuse', async () => {
        throw new ActionError('out_of_stock', 'none left');
      }),
      action('crash', async () => {
        throw new TypeError('bug');
      }),
      action('hang', () => new Promise(() => undefined)),
    ]),
    clock: { now: () => self.now },
    log: {
      info: () => undefined,
      warn: (event) => void self.logged.push(event),
      error: (event) => void self.logged.push(event),
    },
    random: () => 0,
    grace: 20,
    ...over,
  });
  return Object.assign(self, { engine });
}

/**
 * A turn function by command: `say A B`, `notice A` (a template), `insist A` (may be repeated), `read NAME`, `do NAME` (a write), `timer ID AT`, `throw`, `big`, `remember K V`, `secret`,
 * `offer`, `listen NAME`; anything else is echoed with the count of turns.
 */
export const scripted: TakeTurn = (state, event, scene) => {
  if (event.kind === 'signal' && event.name.startsWith('channel.'))
    return { state: { ...state, told: event.name }, effects: [] };
  const count = ((state?.count as number | undefined) ?? 0) + 1;
  const next = (effects: readonly Effect[], over: Partial<Turn> = {}): Turn => ({ state: { count }, effects, ...over });
  if (event.kind !== 'message') return next([say(`${count}: ${about(event)}`)]);
  const [word = '', ...rest] = event.text.split(' ');
  switch (word) {
    case 'say':
      return next(rest.map(say));
    case 'notice':
      return next([{ kind: 'send', from: 'bot', message: { text: rest[0]!, template: 'notice' } }]);
    case 'insist':
      return next([{ kind: 'send', from: 'bot', message: { text: rest[0]!, repeatable: true } }]);
    case 'read':
    case 'do':
      return next(
        rest.map((name, index) =>
          call(name, word === 'read' ? 'read' : 'write', `${scene.conversation}.${count}.${index}`),
        ),
      );
    case 'timer':
      return next([{ kind: 'timer', id: rest[0]!, at: Number(rest[1]) }]);
    case 'listen':
      return next([{ kind: 'listen', id: 'l', event: rest[0]!, match: {} }]);
    case 'throw':
      throw new RangeError('poison');
    case 'big':
      return { state: { big: 'x'.repeat(40_000) }, effects: [] };
    case 'remember':
      return next([{ kind: 'customer', set: { [rest[0]!]: rest[1]! } }]);
    case 'who':
      return next([say(JSON.stringify(scene.customer))]);
    case 'secret':
      return next([say('noted')], { redacted: 'secret ****' });
    case 'offer':
      return next([
        { kind: 'send', from: 'bot', message: { text: 'which?', choices: [{ token: 't1', label: 'The lamp' }] } },
      ]);
    default:
      return next([say(`${count}: ${event.text}`)]);
  }
};

function about(event: Event): string {
  switch (event.kind) {
    case 'result':
      return `result ${event.outcome.ok ? JSON.stringify(event.outcome.value) : event.outcome.error}`;
    case 'timer':
      return `timer ${event.id}`;
    case 'choice':
      return `choice ${event.token}`;
    default:
      return event.kind;
  }
}

function say(text: string): Effect {
  return { kind: 'send', from: 'bot', message: { text } };
}

function call(name: string, effect: 'read' | 'write', key: string): Call {
  const args: JsonObject = { of: key.split('.').at(-1)! };
  return { kind: 'call', id: key, action: name, args, effect, key, timeout: name === 'hang' ? 30 : 20_000 };
}

const web: Channel = {
  kind: 'web',
  settings: () => ({}),
  can: {
    text: { limit: 4_000, unit: 'characters' },
    markup: 'markdown',
    links: true,
    cards: true,
    carousel: true,
    images: true,
    files: true,
    typing: true,
    edit: false,
    idempotent: false,
    optOut: true,
  },
  plan: () => [],
};
