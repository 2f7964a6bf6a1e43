import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../src/type.ts';
import type { FlowView } from '../../../src/understanding/embedded.ts';
import { weigh } from '../../../src/understanding/opinion/weigh.ts';
import type { Context, Question, SlotView } from '../../../src/understanding/understanding.ts';
import { proposing } from '../../support/opinion-bot.ts';

const NOW = Date.UTC(2026, 10, 21, 10);
const order: SlotView = { name: 'order_id', type: { kind: 'string' }, pattern: '^[A-Z]{2}[0-9]{6}$' };
const reason: SlotView = { name: 'reason', type: { kind: 'enum', values: ['damaged', 'changed_mind'] } };
const day: SlotView = { name: 'day', type: { kind: 'date' } };
const card: SlotView = { name: 'card', type: { kind: 'string' }, hidden: true };
const mugs: SlotView = {
  name: 'lines',
  type: { kind: 'list', of: { kind: 'object', name: 'Line', fields: { sku: { kind: 'string' } } } },
  choices: [
    { value: { sku: 'B' }, labels: ['Mug, blue × 1', '蓝色马克杯 × 1'] },
    { value: { sku: 'R' }, labels: ['Mug, red × 1', '红色马克杯 × 1'] },
  ],
};
const FLOWS: readonly FlowView[] = [
  { name: 'returns', description: 'Returns', examples: {}, slots: [order, reason, day, card] },
  { name: 'order_status', description: 'Where it is', examples: {}, slots: [order] },
  { name: 'forget_me', description: 'Forgets', examples: {}, unasked: true },
];

function context(more: Partial<Context> = {}): Context {
  return { locale: 'en', now: NOW, timezone: 'Europe/Berlin', known: [], busy: false, ...more };
}

function weighed(text: string, moves: readonly JsonObject[], more: Partial<Context> = {}) {
  return weigh(proposing(...moves) as JsonObject, text, context(more), FLOWS);
}

const confirm: Question = { name: 'go', type: { kind: 'boolean' }, confirm: true, optional: false };

describe('what a model may fill a slot with', () => {
  test('stands in her own words, and is read there as anything that she types', () => {
    const { commands, rejected } = weighed('Take back ab123456 next Monday, bitte', [
      { do: 'start', flow: 'returns' },
      { do: 'set', slot: 'order_id', value: 'AB123456' },
      { do: 'set', slot: 'day', value: 'next monday' },
    ]);
    expect(rejected).toEqual([]);
    expect(commands).toMatchObject([
      { do: 'start', flow: 'returns' },
      { do: 'set', slot: 'order_id', value: 'AB123456', span: { from: 10, to: 18 } },
      { do: 'set', slot: 'day', value: '2026-11-23' },
    ]);
  });

  test('also where the model names it before the flow that it is for', () => {
    const moves = [
      { do: 'set', slot: 'order_id', value: 'AB123456' },
      { do: 'start', flow: 'returns' },
    ];
    expect(weighed('AB123456 can go back', moves).commands).toMatchObject([{ do: 'start' }, { value: 'AB123456' }]);
  });

  test('or is one of those on offer, by its label in any language', () => {
    const more = { busy: true, known: [mugs] };
    const text = 'not that one, the colour of the sky';
    for (const value of ['Mug, blue × 1', '蓝色马克杯 × 1'])
      expect(weighed(text, [{ do: 'correct', slot: 'lines', value }], more).commands).toMatchObject([
        { do: 'correct', slot: 'lines', value: [{ sku: 'B' }] },
      ]);
  });

  test('and several of a list are taken together', () => {
    const moves = mugs.choices!.map(({ labels }) => ({ do: 'correct', slot: 'lines', value: labels[0] ?? '' }));
    expect(weighed('both of them', moves, { busy: true, known: [mugs] }).commands).toMatchObject([
      { value: [{ sku: 'B' }, { sku: 'R' }] },
    ]);
  });

  test.each([
    ['made up', { do: 'set', slot: 'order_id', value: 'ZZ999999' }, 'not_said'],
    ['part of a word', { do: 'set', slot: 'order_id', value: 'B12345' }, 'not_said'],
    ['of another kind', { do: 'set', slot: 'order_id', value: 'the blue' }, 'invalid_value'],
    ['what is not on offer', { do: 'set', slot: 'reason', value: 'stolen' }, 'not_said'],
    ['for a slot that is nowhere', { do: 'set', slot: 'customer_id', value: 'AB123456' }, 'unknown_slot'],
    ['for what she keeps to herself', { do: 'set', slot: 'card', value: 'AB123456' }, 'unknown_slot'],
    ['for what is not answered yet', { do: 'correct', slot: 'reason', value: 'damaged' }, 'unknown_slot'],
  ])('and never %s', (_name, move, why) => {
    const { commands, rejected } = weighed('the blue one from AB123456', [{ do: 'start', flow: 'returns' }, move]);
    expect(commands).toEqual([{ do: 'start', flow: 'returns', confidence: 0.8 }]);
    expect(rejected).toEqual([{ move: move.do, why }]);
  });

  test('Two values for one are no answer to trust', () => {
    const moves = ['damaged', 'changed_mind'].map((value) => ({ do: 'set', slot: 'reason', value }));
    const { commands, rejected } = weighed('hm', [{ do: 'start', flow: 'returns' }, ...moves]);
    expect(commands).toMatchObject([{ do: 'start' }, { slot: 'reason', value: 'damaged' }]);
    expect(rejected).toEqual([{ move: 'set', why: 'contradiction' }]);
  });

  test('A slot that is answered already is corrected, so that what rests upon it is done again', () => {
    const more = { busy: true, known: [reason] };
    expect(weighed('it was damaged', [{ do: 'set', slot: 'reason', value: 'damaged' }], more).commands).toMatchObject([
      { do: 'correct', slot: 'reason', value: 'damaged' },
    ]);
  });
});

describe('what a model may move', () => {
  test('starts flows that there are, and offers those that would not ask before they change something', () => {
    expect(weighed('x', [{ do: 'start', flow: 'repair.handoff' }])).toEqual({
      commands: [],
      rejected: [{ move: 'start', why: 'unknown_flow' }],
    });
    expect(weighed('x', [{ do: 'start', flow: 'forget_me' }]).commands).toEqual([
      { do: 'clarify', flows: ['forget_me'] },
    ]);
  });

  test('keeps with each of two wishes what was said for it', () => {
    const { commands, rejected } = weighed('where is AB123456, and DE654321 can go back', [
      { do: 'start', flow: 'order_status' },
      { do: 'set', slot: 'order_id', value: 'AB123456' },
      { do: 'start', flow: 'returns' },
      { do: 'set', slot: 'order_id', value: 'DE654321' },
    ]);
    expect(rejected).toEqual([]);
    expect(commands).toMatchObject([
      { flow: 'order_status' },
      { value: 'AB123456' },
      { flow: 'returns' },
      { value: 'DE654321' },
    ]);
  });

  test('takes a no from it, and no yes', () => {
    const more = { busy: true, question: confirm };
    expect(weighed('rather not', [{ do: 'deny' }], more).commands).toMatchObject([{ slot: 'go', value: false }]);
    for (const move of [{ do: 'confirm' }, { do: 'set', slot: 'go', value: 'true' }])
      expect(weighed('yes true', [move], more)).toEqual({
        commands: [],
        rejected: [{ move: move.do, why: 'consent' }],
      });
  });

  test('cancels, skips and answers only where there is something to', () => {
    const moves = ['cancel', 'skip', 'deny'].map((move) => ({ do: move }));
    expect(weighed('x', moves).commands).toEqual([]);
    const optional = { ...reason, confirm: false, optional: true };
    expect(weighed('x', moves, { busy: true, question: optional }).commands).toEqual([
      { do: 'cancel' },
      { do: 'skip' },
    ]);
  });

  test('searches documents for her words, whatever the model made of them', () => {
    expect(weighed('how long is the warranty?', [{ do: 'ask', value: 'see https://evil.example' }]).commands).toEqual([
      { do: 'ask', query: 'how long is the warranty?' },
    ]);
  });

  test.each([
    null,
    [],
    'start returns',
    { commands: 'all' },
    { commands: [null, 7, 'start', { do: 'call', action: 'orders.delete' }, { do: { do: 'start' } }] },
    { commands: Array.from({ length: 10_000 }, () => ({ do: 'start', flow: 'x'.repeat(1_000) })) },
  ])('does nothing with what is no list of moves (%#)', (answer) => {
    const { commands, rejected } = weigh(answer, 'hello', context(), FLOWS);
    expect(commands).toEqual([]);
    expect(rejected.length).toBeLessThanOrEqual(12);
  });
});
