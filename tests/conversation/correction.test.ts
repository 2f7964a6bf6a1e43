import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';
import { asked, lamp, mug, sent, stubs, visit } from './shop.ts';

describe('a correction', () => {
  test('withdraws the consent that was asked for, and repeats only the reads it affects', () => {
    const talk = asked();
    expect(talk.asks).toBe('go');
    talk.correct('lines', [mug, lamp]);
    expect(talk.said[0]).toBe('Changed to Mug, Lamp.');
    expect(talk.calls.map(({ action }) => action)).toEqual(['orders.fee']);
    expect(talk.said.at(-1)).toBe('Send back 2 articles for €2.00?');
    talk.tap('Yes');
    expect(talk.calls[0]?.args.lines).toEqual([mug, lamp]);
  });

  test('goes back no further than the first step it touches', () => {
    const talk = asked().correct('reason', 'broken');
    expect(talk.calls).toEqual([]);
    expect(talk.said).toEqual(['Changed to It broke.', 'Send back 1 article for €1.00?']);
  });

  test('of the first answer looks everything up again, and validates what was chosen since', () => {
    const talk = asked().correct('number', 'CD5678');
    expect(talk.calls.map(({ action }) => action)).toEqual(['orders.find', 'orders.fee']);
    expect(talk.asks).toBe('go');
  });

  test('that leads elsewhere ends there', () => {
    const talk = asked().correct('number', 'ZZ0000');
    expect(talk.said).toContain('No such order.');
    expect(talk.ended).toEqual(['back: not_found']);
  });

  test('without a value, or with one that the slot refuses, asks again', () => {
    expect(asked().correct('lines').asks).toBe('lines');
    const talk = asked().correct('number', 'twelve');
    expect(talk.asks).toBe('number');
    expect(talk.calls).toEqual([]);
  });

  test('to what it is already changes nothing', () => {
    const talk = asked();
    const before = talk.conversation.frames;
    talk.correct('reason', 'late');
    expect(talk.conversation.frames).toEqual(before);
  });

  test('of two values in one breath is acknowledged once', () => {
    const talk = asked().set({ number: 'CD5678', reason: 'broken' });
    expect(talk.said.filter((text) => text.startsWith('Changed'))).toHaveLength(1);
    expect(talk.slots).toMatchObject({ number: 'CD5678', reason: 'broken' });
    expect(talk.asks).toBe('go');
  });

  test('together with the answer to the open question asks that question of the new values', () => {
    const talk = asked().set({ reason: 'broken', go: true });
    expect(talk.calls).toEqual([]);
    expect(talk.asks).toBe('go');
  });

  test('of two answers at once, after the write, is told about once', () => {
    const talk = sent().correct('note');
    expect(talk.asks).toBe('note');
    talk.set({ number: 'CD5678', reason: 'broken' });
    expect(talk.handoffs).toHaveLength(1);
    expect(talk.flows).toEqual(['back']);
    expect(talk.asks).toBe('note');
  });

  test('after the write is never done silently: a human hears of it, and the wait goes on', () => {
    const talk = sent();
    talk.correct('reason', 'broken');
    expect(talk.handoffs).toMatchObject([{ reason: 'correction_after_write' }]);
    expect(talk.calls).toEqual([]);
    expect(talk.parked).toEqual(['back']);
    expect(talk.flows).toEqual([]);
    expect(talk.signal('parcel.received', { rma: 'R1' }).said[0]).toBe('We have R1.');
  });

  test('while the write is under way counts as after it', () => {
    const talk = asked({ stubs: { ...stubs, 'returns.create': () => undefined } }).tap('Yes');
    expect(talk.open.map(({ action }) => action)).toEqual(['returns.create']);
    talk.correct('reason', 'broken');
    expect(talk.handoffs).toMatchObject([{ reason: 'correction_after_write' }]);
    expect(talk.resolve({ rma: 'R7' }).said).toEqual(['Your return is R7.']);
  });

  test('is answered in the words of the flow itself, which then goes on', () => {
    const bot = botOf(
      `
flow: tea
triggers: {examples: {en: [tea]}}
slots: {cup: "enum(small,big)", milk: boolean}
steps:
  - collect: cup
    ask: Which cup?
  - say: "A {cup} one."
  - collect: milk
    ask: Milk?
  - if: milk
    then: [say: With milk.]
on:
  correction: [say: "Noted, {value}."]
`,
    );
    const talk = new Talk(bot).start('tea', { cup: 'small' });
    expect(talk.asks).toBe('milk');
    expect(talk.correct('cup', 'big').said).toEqual(['Noted, Big.', 'A big one.', 'Milk?']);
    expect(talk.conversation.frames[0]?.back).toBeUndefined();
    expect(talk.set({ milk: true }).said[0]).toBe('With milk.');
  });

  test('of a caller’s answer gives up the sub-flow that depended on it', () => {
    const bot = botOf(
      [
        `
flow: outer
triggers: {examples: {en: [outer]}}
slots: {name: string}
steps:
  - collect: name
    ask: Name?
  - call: inner
    with: {name: =name}
    as: got
  - say: "{got.size}"
`,
        `
flow: inner
callable_only: true
inputs: {name: string}
outputs: {size: string}
slots: {size: string}
steps:
  - collect: size
    ask: "Size, {name}?"
  - return: {size: =size}
`,
      ],
      {},
    );
    const talk = new Talk(bot).start('outer', { name: 'Ann' });
    expect(talk.said).toEqual(['Size, Ann?']);
    expect(talk.correct('name', 'Bob').said).toEqual(['Changed to Bob.', 'Size, Bob?']);
    expect(talk.flows).toEqual(['outer', 'inner']);
  });
});

describe('a value said in passing', () => {
  test('that changes what a consent covers withdraws it', () => {
    const bot = botOf(
      `
flow: gift
triggers: {examples: {en: [gift]}}
slots: {number: string, note: string, wrap: boolean}
steps:
  - collect: number
    ask: Number?
  - confirm: go
    ask: Really?
    binds: [number, note]
    no: [end: declined]
  - collect: wrap
    ask: Wrapped?
  - action: gifts.send
    with: {number: =number, note: "=note == null ? '' : note"}
    confirmed_by: go
  - if: note != null
    then: [say: "{note}"]
`,
      {
        connectors:
          'connectors: {gifts: {send: {effect: write, in: {number: string, note: string}, out: {ok: boolean}}}}',
      },
    );
    const talk = new Talk(bot).start('gift', { number: '1' }).tap('Yes');
    expect(talk.asks).toBe('wrap');
    talk.set({ wrap: true, note: 'For Ann' });
    expect(talk.calls).toEqual([]);
    expect(talk.said).toEqual(['Really?']);
    expect(talk.tap('Yes').calls[0]?.args).toEqual({ number: '1', note: 'For Ann' });
  });
});

test('a flow that is asked for again is where it was, with the sub-flow it waits for', () => {
  const talk = visit().start('points');
  expect(talk.flows).toEqual(['points', 'login']);
  expect(talk.start('points').said).toEqual(['What is the code?']);
  expect(talk.flows).toEqual(['points', 'login']);
  expect(talk.say('123456').said).toEqual(['Which card?']);
});
