import { describe, expect, test } from '@jest/globals';
import { createUnderstanding } from '../../src/understanding/embedded.ts';
import { hearingSeveral } from '../../src/understanding/several.ts';
import type { Context } from '../../src/understanding/understanding.ts';

const flow = (name: string, en: readonly string[], zh: readonly string[]) => ({
  ...{ name, description: name, slots: [] },
  examples: { en, zh },
});
const heard = hearingSeveral(
  createUnderstanding({
    locales: ['en', 'zh'],
    flows: [
      flow(
        'order',
        ['where is my order', 'track my parcel', 'has my parcel left'],
        ['我的订单到哪了', '查物流', '快递到哪了'],
      ),
      flow(
        'returns',
        ['I want to return a mug', 'send it back', 'return my order'],
        ['我要退货', '想把杯子退掉', '怎么退货'],
      ),
      flow(
        'bill',
        ['my bill is wrong', 'I was charged twice', 'dispute a charge'],
        ['账单不对', '重复扣费', '多扣钱了'],
      ),
    ],
  }),
);
const context: Context = { locale: 'en', now: 0, timezone: 'UTC', known: [], busy: false };

describe('two wishes in one message', () => {
  test.each([
    ['where is my order, and I also want to return a mug', ['order', 'returns']],
    ['I was charged twice. By the way, track my parcel please', ['bill', 'order']],
    ['我的订单到哪了，另外账单不对', ['order', 'bill']],
  ])('are both offered: %s', (text, flows) => {
    expect(heard.understand(text, context)).toEqual([{ do: 'clarify', flows }]);
  });

  test.each([
    'I want to return a mug, it also has a crack',
    'where is my order, I also ordered a lamp',
    'also, where is my order',
    '我要退货，还有一个问题',
  ])('are not made of one: %s', (text) => {
    expect(heard.understand(text, context).some((command) => command.do === 'clarify')).toBe(false);
  });

  test('are not looked for in the answer to a question, nor while a flow is at work', () => {
    const text = 'where is my order, and I also want to return a mug';
    expect(heard.understand(text, { ...context, busy: true }).some(({ do: move }) => move === 'clarify')).toBe(false);
  });
});
