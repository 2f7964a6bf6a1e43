import { describe, expect, test } from '@jest/globals';
import { withConsent } from '../../src/consent/consent.ts';
import { createTurn } from '../../src/conversation/turn.ts';
import type { Event } from '../../src/event.ts';
import type { JsonObject } from '../../src/type.ts';
import { botOf, START, Talk, type TalkSetting } from '../support/flows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const news = `
flow: news
description: What is new
triggers: {schedule: "0 9 * * 1"}
guard: customer.newsletter == true
slots: {more: boolean}
steps:
  - collect: more
    ask: {en: "We have new lamps. Show them?", zh: "新灯到货，要看吗？"}
  - end: resolved
`;
const greeting = `
flow: greeting
callable_only: true
triggers: {schedule: "0 9 * * *"}
guard: true
steps:
  - say: {en: Good morning., zh: 早上好。}
  - end: resolved
`;
const lost = `
flow: parcel_lost
callable_only: true
triggers: {events: [parcel.lost]}
guard: customer.vip == true
inputs: {parcel: string}
steps:
  - say: {en: "We are looking for {parcel}.", zh: "正在查找 {parcel}。"}
  - end: resolved
`;
const delayed = `
flow: parcel_delayed
callable_only: true
triggers: {events: [parcel.lost]}
inputs: {parcel: string}
steps:
  - say: {en: "{parcel} is late.", zh: "{parcel} 会晚到。"}
  - end: resolved
`;
const broken = `
flow: broken
callable_only: true
triggers: {schedule: "0 9 * * *"}
guard: 1 / customer.zero == 1
steps: [say: {en: Never., zh: 从不。}]
`;
const order = `
flow: order
triggers: {examples: {en: [where is my order], zh: [我的订单在哪]}}
slots: {number: string}
steps:
  - collect: number
    ask: {en: Which order?, zh: 哪个订单？}
  - say: {en: It is on its way., zh: 在路上。}
  - end: resolved
`;

const bot = botOf([news, greeting, lost, delayed, broken, order], {
  locales: ['en', 'zh'],
  desk: true,
  repair: { completed: undefined },
});
const visit = (setting: TalkSetting = {}) => new Talk(bot, { customer: { newsletter: true }, ...setting });
const at = (flow: string, minute = START): Event => ({ kind: 'scheduled', flow, minute });

describe('a scheduled flow', () => {
  test('begins where its guard holds', () => {
    expect(visit().take(at('news')).asks).toBe('more');
    expect(visit({ locale: 'zh' }).take(at('news')).said).toEqual(['新灯到货，要看吗？']);
  });

  test('says nothing to whom it is not meant for', () => {
    const talk = visit({ customer: { newsletter: false } }).take(at('news'));
    expect(talk.said).toEqual([]);
    expect(talk.records('schedule.passed')).toEqual([{ flow: 'news', late: false }]);
  });

  test('says nothing where its guard cannot be told', () => {
    const talk = visit({ customer: { zero: 0 } }).take(at('broken'));
    expect(talk.said).toEqual([]);
    expect(talk.records('flow.error')).toHaveLength(1);
  });

  test('tells first that she talks to a bot, where she has not heard it', () => {
    const { said } = visit({ stranger: true }).take(at('greeting'));
    expect(said).toHaveLength(2);
    expect(said[1]).toBe('Good morning.');
  });

  test('may be one that no customer can start', () => {
    expect(visit().take(at('greeting')).said).toEqual(['Good morning.']);
    expect(visit().start('greeting').said).not.toContain('Good morning.');
  });

  test('waits until the flow that is at work has ended', () => {
    const talk = visit().start('order').take(at('news'));
    expect(talk.said).toEqual([]);
    expect(talk.asks).toBe('number');
    talk.set({ number: 'A1' });
    expect(talk.said).toEqual(['It is on its way.', 'We have new lamps. Show them?']);
  });

  test('waits for a human to give the conversation back', () => {
    const talk = visit().command({ do: 'human' }).take(at('greeting'));
    expect(talk.said).toEqual([]);
    expect(talk.take({ kind: 'returned', outcome: 'resolved' }).said).toContain('Good morning.');
  });

  test('waits an hour, and no longer', () => {
    const talk = visit().start('order').take(at('news'));
    talk.now += HOUR + MINUTE;
    talk.set({ number: 'A1' });
    expect(talk.said).toEqual(['It is on its way.']);
    expect(talk.records('schedule.passed')).toEqual([{ flow: 'news', late: true }]);
    expect(talk.state).not.toHaveProperty('due');
  });

  test('waits once, however often its minute comes', () => {
    const talk = visit()
      .start('order')
      .take(at('greeting', START - MINUTE))
      .take(at('news'))
      .take(at('greeting'));
    talk.set({ number: 'A1' });
    expect(talk.said).toEqual(['It is on its way.', 'We have new lamps. Show them?']);
    expect(talk.set({ more: false }).said).toEqual(['Good morning.']);
  });

  test('that is gone from the deployment is passed over', () => {
    expect(visit().take(at('gone')).records('schedule.passed')).toHaveLength(1);
  });
});

describe('an event that begins a flow', () => {
  test('begins the first whose guard holds, with what it carries', () => {
    expect(visit({ customer: { vip: true } }).signal('parcel.lost', { parcel: 'P1' }).said).toEqual([
      'We are looking for P1.',
    ]);
    expect(visit().signal('parcel.lost', { parcel: 'P1' }).said).toEqual(['P1 is late.']);
  });

  test('says nothing where it lacks what the flow needs', () => {
    const talk = visit({ stranger: true }).signal('parcel.lost', {});
    expect(talk.said).toEqual([]);
    expect(talk.records('signal.unclaimed')).toEqual([{ name: 'parcel.lost' }]);
  });

  test('begins above the question that is open, which is asked again', () => {
    const talk = visit().start('order').signal('parcel.lost', { parcel: 'P1' });
    expect(talk.said[0]).toBe('P1 is late.');
    expect(talk.asks).toBe('number');
  });

  test('begins none while a human has the conversation', () => {
    expect(visit().command({ do: 'human' }).signal('parcel.lost', { parcel: 'P1' }).said).toEqual([]);
  });
});

describe('who must not be written to', () => {
  const take = withConsent(createTurn(bot), 'Shop');
  const scene = {
    now: START,
    conversation: 'c',
    account: 'web',
    channel: 'web',
    locale: 'en',
    customer: { newsletter: true },
  };
  const stopped = (consent: JsonObject): JsonObject => ({
    ...(new Talk(bot).state as JsonObject),
    consent,
  });

  test.each([
    ['has opted out', { out: 1 }],
    ['has blocked us', { blocked: 1 }],
  ])('finds no flow begun by schedule or event: she %s', (_, consent) => {
    for (const event of [at('news'), { kind: 'signal', name: 'parcel.lost', data: { parcel: 'P1' } } as const]) {
      const { state, effects } = take(stopped(consent), event, scene);
      expect(effects.filter(({ kind }) => kind === 'send')).toEqual([]);
      expect(state.frames).toEqual([]);
    }
  });

  test('is written to again when she is back', () => {
    const { effects } = take(stopped({}), at('news'), scene);
    expect(effects.some(({ kind }) => kind === 'send')).toBe(true);
  });
});
