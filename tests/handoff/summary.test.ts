import { describe, expect, test } from '@jest/globals';
import { flowIn, summaryOf } from '../../src/handoff/summary.ts';
import type { JsonObject } from '../../src/type.ts';

const state: JsonObject = {
  frames: [
    {
      flow: 'order',
      step: 'day',
      slots: { number: '1042', express: true, code: '778899', _draft: 1, items: [1] },
      tries: 2,
    },
    { flow: 'repair.handoff', step: 'handoff_support', slots: {} },
  ],
  parked: [[{ flow: 'refund', step: 'wait', slots: { amount: 12 } }]],
  lost: 1,
};
const said = (text: string, from: 'customer' | 'bot' = 'customer') => ({ from, message: { text } });
const flowOf = (flow: string) => (flow === 'order' ? { title: 'My order', hidden: ['code'] } : undefined);
const recent = [said('first'), said('what day?', 'bot'), said(' tomorrow\nor so '), said('x'.repeat(500))];

describe('the summary of a conversation', () => {
  test('tells the flows, what they have found out, what was tried, and her last words, without secrets', () => {
    const lines = summaryOf({ state, recent, language: 'en', flowOf });
    expect(lines).toEqual([
      'My order: number: 1042, express: true',
      'refund: amount: 12',
      'Tried: asked for day, and 2 answers did not fit',
      'Tried: her last message was not understood',
      'She wrote: “tomorrow or so”',
      `She wrote: “${'x'.repeat(159)}…”`,
    ]);
    expect(lines.join()).not.toContain('778899');
  });

  test('is told in the desk’s language', () => {
    expect(summaryOf({ state, recent: recent.slice(0, 1), language: 'zh-CN', flowOf })).toEqual([
      'My order：number: 1042, express: true',
      'refund：amount: 12',
      '已尝试：询问 day，2 次回答不符合要求',
      '已尝试：最近 1 条消息未能理解',
      '客户说：“first”',
    ]);
  });

  test('is empty of a conversation that has just begun', () => {
    expect(summaryOf({ state: {}, recent: [], language: 'en', flowOf })).toEqual([]);
    expect(flowIn({}, flowOf)).toBeUndefined();
  });

  test('names the flow on top, and no repair flow', () => {
    expect(flowIn(state, flowOf)).toEqual({ name: 'order', title: 'My order', step: 'day' });
  });
});
