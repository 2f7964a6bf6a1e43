import { describe, expect, test } from '@jest/globals';
import { botOf, compile, Talk } from '../support/flows.ts';

const budget = (slot: string) => `
flow: budget
description: Sets a budget
triggers: {examples: {en: [set a budget], zh: [设置预算]}}
slots: {budget: ${slot}, note: string}
steps:
  - collect: budget
    ask: {en: How much?, zh: 多少钱？}
  - collect: note
    ask: {en: What for?, zh: 做什么用？}
  - say: {en: "{budget} for {note}", zh: "{budget}，{note}"}
  - end: resolved
`;

const talkOf = (slot: string, setting: { locale?: string; currency?: string } = {}) => {
  const { locale = 'en', currency } = setting;
  const bot = botOf([budget(slot)], { locales: ['en', 'zh'], ...(currency !== undefined && { currency }) });
  return new Talk(bot, { locale });
};

describe('money that is said without its currency', () => {
  test.each([
    ['en', '200'],
    ['en', 'about 200, I think'],
    ['zh', '两百'],
    ['zh', '大概200吧'],
  ])('is in the currency of its slot (%s: %s)', (locale, words) => {
    const talk = talkOf('{type: money, currency: EUR}', { locale, currency: 'USD' }).start('budget').say(words);
    expect(talk.slots.budget).toEqual({ amount: 200, currency: 'EUR' });
  });

  test('is in the currency of the business where the slot tells none', () => {
    const talk = talkOf('money', { currency: 'CNY' }).start('budget').say('200');
    expect(talk.slots.budget).toEqual({ amount: 200, currency: 'CNY' });
  });

  test('is asked for again where nobody tells it', () => {
    expect(talkOf('money').start('budget').say('200').asks).toBe('budget');
  });

  test('keeps a currency that was said', () => {
    const talk = talkOf('{type: money, currency: EUR}').start('budget').say('20 dollars, for 2 people');
    expect(talk.slots.budget).toEqual({ amount: 20, currency: 'USD' });
  });

  test('is not taken from words that only start the flow', () => {
    expect(talkOf('{type: money, currency: EUR}').say('set a budget, there are 3 of us').asks).toBe('budget');
  });
});

test.each([
  ['{type: money, currency: euro}', '`euro` is no currency.'],
  ['{type: integer, currency: EUR}', 'Only money has a currency, and `budget` is none.'],
])('%s is told when the flow is loaded', (slot, message) => {
  const { problems } = compile([budget(slot)], { locales: ['en', 'zh'] });
  expect(problems).toContainEqual(expect.objectContaining({ code: 'flow.type', message }));
});
