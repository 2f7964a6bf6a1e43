import { describe, expect, test } from '@jest/globals';
import type { MemorySettings } from '../../src/conversation/memory.ts';
import type { JsonObject } from '../../src/type.ts';
import { type BotSetting, botOf, problemsOf, START, Talk } from '../support/flows.ts';

const DAY = 24 * 60 * 60_000;
const FLOWS = `flow: returns
title: Return something
triggers: {examples: {en: [send it back]}}
remember: order_id
slots: {order_id: string}
steps:
  - collect: order_id
    ask: Which?
  - end: resolved
`;
const HELLO = `flow: hello
triggers: {examples: {en: [good morning dear bot]}}
steps:
  - if: memory.last != null
    then: [say: "Last time: {memory.last.title}, {memory.last.outcome}, {memory.last.about, select, other {about {memory.last.flow}}}."]
    else: [say: I do not know you.]
  - say: "{memory.recent, plural, =0 {nothing} one {# thing} other {# things}}"
`;

const ON: MemorySettings = { keep: 90 * DAY, most: 2, consent: 'notice' };

function talk(memory: MemorySettings | undefined, customer: JsonObject = {}, setting: BotSetting = {}): Talk {
  const bot = { ...botOf([FLOWS, HELLO], setting), ...(memory && { memory }) };
  return new Talk(bot, { customer });
}

function identified(memory: MemorySettings | undefined, customer?: JsonObject): Talk {
  const one = talk(memory, customer);
  one.take({ kind: 'identified', customer: 'C1' });
  one.now += 1_000;
  return one;
}

const past = (over: JsonObject = {}): JsonObject => ({
  ...{ of: 'C1', flow: 'returns', outcome: 'resolved', at: new Date(START - DAY).toISOString() },
  ...over,
});

describe('what was done for a customer', () => {
  test('is remembered with its outcome and what it was about, the newest few', () => {
    const one = identified(ON);
    for (const id of ['A1', 'A2', 'A3']) one.start('returns').say(id);
    expect(one.customer.memory).toEqual([
      past({ about: 'A2', at: expect.any(String) as unknown as string }),
      past({ about: 'A3', at: expect.any(String) as unknown as string }),
    ]);
    expect(one.start('hello').said.join(' ')).toContain('Last time: Return something, resolved');
  });

  test.each([
    ['the business has not switched it on', identified(undefined)],
    ['she has not proven who she is', talk(ON)],
    ['she has said no', identified(ON, { remember_me: false })],
    ['she is to be asked, and was not', identified({ ...ON, consent: 'asked' })],
  ])('is not remembered where %s', (_, one) => {
    one.start('returns').say('A1');
    expect(one.customer.memory).toBeUndefined();
    expect(one.start('hello').said[0]).toBe('I do not know you.');
  });

  test('is remembered once she has agreed, and all forgotten once she objects', () => {
    const one = identified({ ...ON, consent: 'asked' }, { remember_me: true });
    one.start('returns').say('A1');
    expect(one.customer.memory).toHaveLength(1);
    one.customer = { ...one.customer, remember_me: false };
    one.start('hello');
    expect(one.said[0]).toBe('I do not know you.');
    expect(one.customer.memory).toEqual([]);
  });

  test('is neither said nor kept for longer than the business wants', () => {
    const one = identified(ON, { memory: [past({ at: new Date(START - 91 * DAY).toISOString() })] });
    expect(one.start('hello').said[0]).toBe('I do not know you.');
    one.start('returns').say('A1');
    expect(one.customer.memory).toHaveLength(1);
  });

  test('is never told to somebody else in the same app', () => {
    const one = talk(ON, { memory: [past()] });
    expect(one.start('hello').said[0]).toBe('I do not know you.');
    one.take({ kind: 'identified', customer: 'C2' });
    expect(one.start('hello').said[0]).toBe('I do not know you.');
  });

  test('waits for the next turn where she has just proven who she is: what is known of her is looked up by then', () => {
    const one = talk(ON);
    one.start('returns');
    one.take({ kind: 'identified', customer: 'C1' });
    one.say('A1');
    expect(one.customer.memory).toBeUndefined();
    one.customer = { memory: [past()] };
    one.advance(2_000);
    expect(one.customer.memory).toHaveLength(2);
  });
});

describe('a flow that reads or writes the memory', () => {
  const codes = (flow: string) => problemsOf(flow).map(({ code }) => code);

  test('is told of a name that does not exist, and of what may be unset', () => {
    expect(codes('flow: f\ntriggers: {examples: {en: [f]}}\nsteps: [say: "{memory.lst.title}"]')).toContain(
      'message.unknown_field',
    );
    expect(codes('flow: f\ntriggers: {examples: {en: [f]}}\nsteps: [say: "{memory.last.title}"]')).not.toEqual([]);
  });

  test('never keeps what is sensitive', () => {
    const flow = FLOWS.replace('order_id: string', 'order_id: {type: string, sensitive: pii}');
    expect(codes(flow)).toContain('flow.remember');
  });
});
