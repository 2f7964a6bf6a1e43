import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';
import { asked, lamp, mug, sent, visit } from './shop.ts';

const colours = `
flow: colours
triggers: {examples: {en: [colours]}}
slots: {colour: "enum(red,green)", size: integer, also: {type: list<string>, min: 1}, last: string}
steps:
  - collect: colour
    ask: Colour?
  - collect: size
    ask: Size?
    choices: [38, 40]
  - collect: also
    ask: What else?
    choices: {cap: A cap, belt: A belt, tie: A tie}
  - collect: last
    ask: Anything?
    optional: true
  - say: "{colour} {size}"
`;
const bot = botOf(colours);
const shown = () => new Talk(bot).start('colours');

describe('an offered answer', () => {
  test.each([
    ['tapped', (talk: Talk) => talk.tap('Green')],
    ['said by its label', (talk: Talk) => talk.say('green please')],
    ['said by its number', (talk: Talk) => talk.say('2')],
    ['said by its ordinal', (talk: Talk) => talk.say('the second one')],
  ])('is taken when %s', (_, answer) => {
    const talk = answer(shown());
    expect(talk.slots.colour).toBe('green');
    expect(talk.labels).toEqual(['38', '40']);
  });

  test('keeps the type of its slot', () => {
    expect(shown().tap('Red').tap('40').slots.size).toBe(40);
  });

  test('can be several, each once', () => {
    const talk = shown().tap('Red').tap('38');
    expect(talk.messages[0]?.multiple).toBe(true);
    expect(talk.tap('A tie', 'A cap', 'A tie').slots.also).toEqual(['tie', 'cap']);
    expect(
      shown()
        .tap('Red')
        .tap('38')
        .set({ also: ['cap', 'cap'] }).asks,
    ).toBe('also');
  });

  test('may be to skip', () => {
    const talk = shown().tap('Red').tap('38').tap('A cap');
    expect(talk.labels).toEqual(['Skip']);
    expect(talk.tap('Skip').said[0]).toBe('red 38');
  });

  test('of an earlier question is not executed: the present one is shown again', () => {
    const talk = shown();
    const old = talk.tokenOf('Green');
    talk.tap('Red').take({ kind: 'choice', token: old });
    expect(talk.said).toEqual(['That button belongs to an earlier question.', 'Size?']);
    expect(talk.slots).toEqual({ colour: 'red' });
  });

  test('tapped twice counts once', () => {
    const talk = asked();
    const yes = talk.tokenOf('Yes');
    expect(talk.tap('Yes').calls).toHaveLength(1);
    const again = talk.take({ kind: 'choice', token: yes, label: 'Yes' });
    expect(again.calls).toEqual([]);
    expect(again.said).toEqual(['That button belongs to an earlier question.']);
  });

  test('of a question that was interrupted waits until that question is back, and spends no try of the other', () => {
    const talk = visit().start('back', { number: 'AB1234' });
    const late = talk.tokenOf('Too late');
    talk.start('discount').take({ kind: 'choice', token: late });
    expect(talk.said).toEqual(['That button belongs to an earlier question.', 'How much?']);
    expect(talk.conversation.frames.at(-1)?.tries).toBeUndefined();
  });

  test.each(['zz', '', '1.1.1', '-1.0', 'constructor.0', `${'9'.repeat(400)}.0`])(
    'forged as “%s” does nothing',
    (token) => {
      const talk = shown().take({ kind: 'choice', token });
      expect(talk.said).toEqual(['That button belongs to an earlier question.', 'Colour?']);
    },
  );
});

describe('a record picked from a list', () => {
  test('is recognised by its first field, and keeps what the shop says of it', () => {
    const talk = visit().start('back', { number: 'AB1234', reason: 'late' });
    talk.set({ lines: [{ sku: 'M', qty: 1, price: { amount: 0, currency: 'EUR' }, name: 'Gold' }] });
    expect(talk.slots.lines).toEqual([{ ...mug, qty: 1 }]);
  });

  test.each([
    ['more than there are', [{ sku: 'L', qty: 2 }], 'Not so many.'],
    ['none of it', [{ sku: 'L', qty: 0 }], 'Sorry, I did not get that.'],
    ['what was not on offer', [{ sku: 'X' }], 'Sorry, I did not get that.'],
    ['the same twice', [mug, mug], 'Sorry, I did not get that.'],
  ])('is refused for %s', (_, value, words) => {
    const talk = visit().start('back', { number: 'AB1234', reason: 'late' }).set({ lines: value });
    expect(talk.said).toEqual([`${words}\nWhich articles?`]);
    expect(talk.slots.lines).toBeUndefined();
  });

  test('said with the wish, before the list is known, is judged when it is', () => {
    const talk = visit().start('back', { number: 'AB1234', reason: 'late', lines: [{ sku: 'L' }] });
    expect(talk.slots.lines).toEqual([lamp]);
    expect(talk.asks).toBe('note');
  });
});

describe('every way a value comes in passes the same validation', () => {
  const ways: [string, (talk: Talk, value: string) => Talk][] = [
    ['typed', (talk, value) => talk.start('back').say(value)],
    ['understood', (talk, value) => talk.start('back').set({ number: value })],
    ['said with the wish', (talk, value) => talk.start('back', { number: value })],
    ['corrected', (talk, value) => talk.start('back', { number: 'AB1234' }).correct('number', value)],
  ];
  test.each(ways)('%s', (_, bring) => {
    const talk = bring(visit(), 'AB12345');
    expect(talk.asks).toBe('number');
    expect(talk.calls).toEqual([]);
    expect(bring(visit(), 'CD1234').asks).toBe('reason');
  });

  test('handed in by an event', () => {
    expect(visit().signal('cart.abandoned', { amount: 5 }).parked).toEqual(['discount']);
    expect(visit().signal('cart.abandoned', { amount: 500 }).asks).toBe('amount');
    expect(visit().signal('cart.abandoned', { amount: 'much' }).asks).toBe('amount');
  });

  test('handed in by a caller', () => {
    const caller = `
flow: caller
triggers: {examples: {en: [caller]}}
steps:
  - call: callee
    with: {age: 7}
`;
    const callee = `
flow: callee
callable_only: true
inputs: {age: integer?}
slots: {age: {type: integer, min: 18}}
steps:
  - collect: age
    ask: How old?
    invalid: Too young.
`;
    expect(new Talk(botOf([caller, callee])).start('caller').said).toEqual(['Too young.\nHow old?']);
  });
});

test('offers that belong to no question stay open when the flow that made them has ended', () => {
  const talk = sent().say('mumble mumble');
  expect(talk.labels).toEqual(['Talk to a human']);
  expect(talk.tap('Talk to a human').handoffs).toMatchObject([{ reason: 'asked' }]);
});
