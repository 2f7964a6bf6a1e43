import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { State } from '../../src/conversation/state.ts';
import type { Event } from '../../src/event.ts';
import type { Json } from '../../src/type.ts';
import type { Command } from '../../src/understanding/understanding.ts';
import { refusal, Talk } from '../support/flows.ts';
import { lamp, mug, shopBot, stubs } from './shop.ts';

/** Whatever comes, in whatever order: turns never throw (poison is for the engine's own faults) and keep the state sound. */
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    'AB1234',
    'ZZ0000',
    'late',
    'gold',
    '123456',
    '',
    7,
    -1,
    true,
    false,
    null,
    [],
    {},
    [mug],
    [mug, lamp],
  ),
  fc.constantFrom<Json>(
    [{ sku: 'M', qty: 1 }],
    [{ sku: 'M', qty: 9 }],
    [mug, mug],
    { sku: 'L' },
    ['__proto__'],
    'x'.repeat(500),
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);
const slot = fc.constantFrom(
  'number',
  'lines',
  'reason',
  'note',
  'code',
  'card',
  'amount',
  'go',
  'nothing',
  'constructor',
);
const flow = fc.constantFrom('back', 'login', 'points', 'discount', 'nothing', 'repair.cancel');

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant('start' as const), flow, confidence: fc.constant(1) }),
  fc.record({ do: fc.constant('set' as const), slot, value, confidence: fc.constant(1) }),
  fc.record({ do: fc.constant('correct' as const), slot, value, confidence: fc.constant(1) }),
  fc.record({ do: fc.constant('correct' as const), slot, confidence: fc.constant(1) }),
  fc.constantFrom<Command>(
    { do: 'cancel' },
    { do: 'skip' },
    { do: 'repeat' },
    { do: 'human' },
    { do: 'stop' },
    { do: 'chitchat', topic: 'hello' },
    { do: 'ask', query: 'why?' },
    { do: 'language', locale: 'zh' },
    { do: 'language', locale: 'xx' },
    { do: 'clarify', flows: ['back', 'points', 'login'] },
  ),
);

const words = fc.oneof(
  fc.constantFrom(
    'send it back',
    'send it back: the mug from AB1234, it broke',
    '我要退货，订单AB1234，Lamp坏了',
    'AB1234, it came too late, 7 mugs and the lamp',
    'AB1234',
    'yes',
    'no',
    'gold',
    '123456',
    '1',
    '2',
    'the mug',
    'cancel',
    'agent please',
    '我要退货',
    '我有多少积分',
    '',
    '…',
  ),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);

type Move =
  | { kind: 'event'; event: Event }
  | { kind: 'tap'; pick: number }
  | { kind: 'result'; ok: boolean; retryable: boolean }
  | { kind: 'parcel'; rma: string }
  | { kind: 'decision'; outcome: string }
  | { kind: 'advance'; by: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(command, { maxLength: 3 })
      .map((commands): Move => ({ kind: 'event', event: { kind: 'commands', commands } })),
  },
  { weight: 4, arbitrary: words.map((text): Move => ({ kind: 'event', event: { kind: 'message', text } })) },
  { weight: 4, arbitrary: fc.nat(12).map((pick): Move => ({ kind: 'tap', pick })) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('result' as const), ok: fc.boolean(), retryable: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constantFrom('R1', 'R2', 'R9').map((rma): Move => ({ kind: 'parcel', rma })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('approved', 'declined').map((outcome): Move => ({ kind: 'decision', outcome })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(60_000, 3_600_000, 8 * 86_400_000, 30 * 86_400_000)
      .map((by): Move => ({ kind: 'advance', by })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Event>(
        { kind: 'opened', locale: 'zh-CN' },
        { kind: 'returned', outcome: 'resolved' },
        { kind: 'agent', text: 'hello', agent: 'bob' },
        { kind: 'identified', customer: 'eve', attributes: { vip: true } },
        { kind: 'signal', name: 'cart.abandoned', data: { amount: 5 } },
        { kind: 'signal', name: 'cart.abandoned', data: { amount: 'much' } },
        { kind: 'choice', token: 'zz.zz', label: 'Send something back' },
        { kind: 'choice', token: 'x,y' },
        { kind: 'timer', id: 'wake' },
        { kind: 'result', call: 'none', outcome: { ok: true, value: null } },
        {
          kind: 'message',
          text: '',
          attachments: [{ id: 'f', name: 'a.png', type: 'image/png', size: 1, url: 'https://x/f' }],
        },
      )
      .map((event): Move => ({ kind: 'event', event })),
  },
);

const does = (...commands: Command[]): Move => ({ kind: 'event', event: { kind: 'commands', commands } });
const sets = (slot: string, value: Json): Command => ({ do: 'set', slot, value, confidence: 1 });
const starts = (flow: string): Command => ({ do: 'start', flow, confidence: 1 });
const answered: Move = { kind: 'result', ok: true, retryable: false };

const TO_CONFIRM = [
  does(starts('back'), sets('number', 'AB1234'), sets('reason', 'late')),
  answered,
  does(sets('lines', [mug])),
  does({ do: 'skip' }),
  answered,
];
const TO_PARCEL = [...TO_CONFIRM, does(sets('go', true)), answered];
const TO_CODE = [does(starts('points'))];
const TO_APPROVAL = [does(starts('discount'), sets('amount', 5))];

/** Random moves, from the first contact on or from deep inside a flow. */
const moves = (maxLength: number) =>
  fc
    .tuple(
      fc.array(fc.constantFrom<readonly Move[]>(TO_CONFIRM, TO_PARCEL, TO_CODE, TO_APPROVAL), { maxLength: 2 }),
      fc.array(move, { maxLength }),
    )
    .map(([beginnings, rest]) => [...beginnings.flat(), ...rest]);

function play(talk: Talk, moves: readonly Move[], each: () => void): void {
  for (const one of moves) {
    perform(talk, one);
    each();
  }
}

function perform(talk: Talk, one: Move): void {
  switch (one.kind) {
    case 'event':
      talk.take(one.event);
      return;
    case 'tap': {
      const token = talk.offered[one.pick % Math.max(talk.offered.length, 1)]?.token ?? '1.0';
      talk.take({ kind: 'choice', token });
      return;
    }
    case 'result':
      if (talk.open[0] === undefined) return;
      if (one.ok) talk.resolve(answerOf(talk));
      else talk.resolve(refusal('unavailable', one.retryable));
      return;
    case 'parcel':
      talk.signal('parcel.received', { rma: one.rma });
      return;
    case 'decision': {
      const handoff = talk.conversation.parked?.flat().find(({ pending }) => pending)?.pending?.id ?? 'none';
      talk.signal('handoff.decided', { handoff, outcome: one.outcome });
      return;
    }
    case 'advance':
      talk.advance(one.by);
  }
}

function answerOf(talk: Talk) {
  const call = talk.open[0];
  const stub = call && stubs[call.action];
  return typeof stub === 'function' && call ? (stub(call, 1) ?? null) : null;
}

function isSound(talk: Talk, bot: ReturnType<typeof shopBot>): void {
  const state = talk.conversation;
  const all = [...state.frames, ...(state.parked ?? []).flat()];
  const ids = all.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(all.every(({ id }) => id < state.next)).toBe(true);
  expect(all.every(({ waiting }) => waiting)).toBe(true);
  expect(state.frames.length).toBeLessThanOrEqual(16);
  expect(all.every((frame) => bot.versions.get(frame.version)?.ops[frame.pc] !== undefined)).toBe(true);
  // A sub-flow stands on the flow that called it, which waits for it.
  for (const group of [state.frames, ...(state.parked ?? [])]) {
    for (const [index, frame] of group.entries()) {
      const below = group[index - 1];
      if (frame.by === 'call') expect(below && bot.versions.get(below.version)?.ops[below.pc]?.back).toBeDefined();
      // The one on top waits for something that can come.
      const op = bot.versions.get(frame.version)?.ops[frame.pc];
      if (index === group.length - 1) expect(op?.answer ?? op?.result ?? op?.signal ?? op?.returned).toBeDefined();
      if (op?.result && index === group.length - 1) expect(frame.pending).toBeDefined();
    }
  }
  const timers = Object.keys((state as State).timers ?? {}).filter((id) => id !== '0:idle');
  expect(timers.every((id) => ids.includes(Number(id.split(':')[0])))).toBe(true);
  if (state.offer && state.offer.frame !== 0) expect(ids).toContain(state.offer.frame);
}

describe.each([
  ['with a desk', true],
  ['without a desk', false],
])('whatever happens %s', (_, desk) => {
  const bot = shopBot({ desk, patience: 1_800_000 });

  test('no turn throws, and the state stays sound', () => {
    fc.assert(
      fc.property(moves(30), (story) => {
        const talk = new Talk(bot, { stranger: true });
        play(talk, story, () => isSound(talk, bot));
      }),
      { numRuns: 400 },
    );
  });

  test('the same log gives the same states and effects', () => {
    fc.assert(
      fc.property(moves(20), (story) => {
        const first = new Talk(bot, { stranger: true });
        play(first, story, () => undefined);
        const second = new Talk(bot, { stranger: true });
        const effects = first.log.flatMap(({ event, now }) => {
          second.now = now;
          return second.take(event).effects;
        });
        expect(second.state).toEqual(first.state);
        expect(effects.length).toBeGreaterThanOrEqual(first.effects.length);
      }),
      { numRuns: 100 },
    );
  });

  test('a write happens only after a yes to its values, and never twice under one key', () => {
    fc.assert(
      fc.property(moves(30), (story) => {
        const talk = new Talk(bot, { stranger: true });
        const keys = new Set<string>();
        const ids = new Set<string>();
        play(talk, story, () => {
          for (const call of talk.calls) {
            expect(ids.has(call.id)).toBe(false);
            ids.add(call.id);
            if (call.effect !== 'write') continue;
            expect(keys.has(call.key)).toBe(false);
            keys.add(call.key);
            const frame = talk.conversation.frames.find(({ pending }) => pending?.id === call.id);
            expect(frame?.confirms?.go).toBeDefined();
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  test('while a human has the conversation, the bot does not answer the customer', () => {
    if (!desk) return;
    fc.assert(
      fc.property(moves(15), words, (story, text) => {
        const talk = new Talk(bot, { stranger: true });
        play(talk, story, () => undefined);
        if (talk.state?.human !== true) talk.command({ do: 'human' });
        expect(talk.state?.human).toBe(true);
        expect(talk.say(text).messages).toEqual([]);
        expect(talk.tapAny().messages).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
