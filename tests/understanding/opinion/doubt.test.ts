import { describe, expect, test } from '@jest/globals';
import { createUnderstanding } from '../../../src/understanding/embedded.ts';
import { secondOpinion } from '../../../src/understanding/opinion/second-opinion.ts';
import type { Context, Question } from '../../../src/understanding/understanding.ts';

const flows = [
  {
    name: 'returns',
    description: 'Sends articles back',
    examples: { en: ['I want to return something', 'send it back', 'take the lamp back'], zh: ['我要退货', '想退掉'] },
    slots: [
      { name: 'order_id', type: { kind: 'string' as const }, pattern: '^[A-Z]{2}[0-9]{6}$' },
      { name: 'reason', type: { kind: 'enum' as const, values: ['damaged', 'late'] } },
    ],
  },
  {
    name: 'order_status',
    description: 'Tells where an order is',
    examples: { en: ['where is my order', 'track my parcel'], zh: ['我的订单到哪了'] },
  },
];
const embedded = createUnderstanding({ flows, locales: ['en', 'zh'] });
const second = secondOpinion(embedded, { flows, below: 0.6, timeout: 1_000 });

function reasonFor(text: string, more: Partial<Context> = {}): string | undefined {
  const context: Context = { locale: 'en', now: 0, timezone: 'UTC', known: [], busy: false, ...more };
  return second.doubt(text, context, embedded.understand(text, context))?.reason;
}

const asking = (question: Partial<Question>): Partial<Context> => ({
  busy: true,
  question: { name: 'it', type: { kind: 'string' }, confirm: false, optional: false, ...question },
});

describe('a model is asked', () => {
  test.each([
    ['the blue elephant hums a tune in the cellar', 'unknown'],
    ['what colour does the elephant have today?', 'question'],
    ['那只大象在地下室唱歌呢今天', 'unknown'],
  ])('%s: %s', (text, reason) => expect(reasonFor(text)).toBe(reason));

  test('where a long message says more than was understood', () => {
    const text = `I want to return something, it is what my aunt gave me when she was here in the summer, and it has been standing around in the hall`;
    expect(reasonFor(text)).toMatch(/more|faint/);
  });

  test('where a correction does not say to what', () => {
    const reason = flows[0]!.slots![1]!;
    const more = { busy: true, known: [reason] };
    expect(reasonFor('please change the reason to what my son did with his ball', more)).toBe('correction');
    expect(reasonFor('please change the reason', more)).toBeUndefined();
  });
});

describe('no model is asked', () => {
  test.each([
    'I want to return something',
    'where is my order',
    '我要退货',
    'hello',
    'talk to a human',
    'stop',
    'ok',
    '?',
    '',
  ])('for what is plain: %s', (text) => expect(reasonFor(text)).toBeUndefined());

  test('for an answer to the open question, however it is put', () => {
    expect(reasonFor('AB123456', asking({ pattern: '^[A-Z]{2}[0-9]{6}$' }))).toBeUndefined();
    expect(
      reasonFor('the elephant hummed all night long and I could not sleep', asking({ type: { kind: 'text' } })),
    ).toBe(undefined);
    expect(reasonFor('yes', asking({ type: { kind: 'boolean' }, confirm: true }))).toBeUndefined();
  });
});
