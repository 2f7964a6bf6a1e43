import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';
import { visit } from './shop.ts';

describe('what was said with the wish', () => {
  test.each([
    [
      'en',
      'send it back please: the mug from AB1234, it broke',
      'Noted: AB1234 · It broke · Mug\nAnything else to say?',
    ],
    ['zh', '我要退货，订单AB1234，Mug坏了', '已记下：AB1234 · 坏了 · Mug\n还有什么？'],
  ])('answers the questions that come later, and is told with the next one (%s)', (locale, words, told) => {
    const talk = visit({ locale }).say(words);
    expect(talk.said).toEqual([told]);
    expect(talk.slots).toMatchObject({ number: 'AB1234', reason: 'broken', lines: [{ sku: 'M' }] });
  });

  test('is told once, and can be corrected', () => {
    const talk = visit().say('send it back please: the mug from AB1234, it broke');
    expect(talk.say('no, I meant the lamp').said.join('\n')).not.toContain('Noted');
    expect(talk.slots).toMatchObject({ lines: [{ sku: 'L' }] });
  });
});

describe('what was said with an answer', () => {
  test.each([
    ['en', 'it is AB1234, the mug, and it came too late', 'Noted: Too late · Mug\nAnything else to say?'],
    ['zh', '订单是AB1234，Mug送来太晚了', '已记下：太晚 · Mug\n还有什么？'],
  ])('answers the questions that come later (%s)', (locale, words, told) => {
    const talk = visit({ locale }).start('back').say(words);
    expect(talk.said).toEqual([told]);
    expect(talk.slots).toMatchObject({ number: 'AB1234', reason: 'late', lines: [{ sku: 'M' }] });
  });

  test('is judged by its own question, and dropped without a word where that refuses it', () => {
    const talk = visit().start('back').say('it is AB1234, 7 mugs, and they came too late');
    expect(talk.said).toEqual(['Noted: Too late\nWhich articles?']);
    expect(talk.slots).not.toHaveProperty('lines');
  });

  test('is left to its question where it could mean two answers', () => {
    const talk = visit().start('back').say('it is AB1234, too late, and then it broke as well');
    expect(talk.said).toEqual(['Why?']);
  });

  test('is not kept when it is an answer and nothing more', () => {
    const talk = visit().start('back').say('AB1234');
    expect(talk.conversation.frames[0]).not.toHaveProperty('words');
    expect(visit().say('send it back').conversation.frames[0]).not.toHaveProperty('words');
  });

  test('is told in the form where there is one', () => {
    const form = `
flow: visit
description: Plans a visit
triggers: {examples: {en: [plan a visit]}}
slots: {city: "enum(Berlin,Hamburg)", day: date, people: integer, note: string}
steps:
  - collect: city
    ask: Where to?
  - collect: day
    ask: When?
  - collect: people
    form: Your visit
    ask: How many?
  - collect: note
    ask: Anything else?
  - end: resolved
`;
    const talk = new Talk(botOf([form]), {}).start('visit').say('Berlin please, on 24 December');
    expect(talk.messages[0]).toMatchObject({
      text: 'Noted: Dec 24, 2026\nHow many?',
      form: { text: 'Noted: Dec 24, 2026' },
    });
  });

  test('is kept within bounds', () => {
    const talk = visit()
      .start('back')
      .say(`AB1234 ${'and so on and on '.repeat(100)}`);
    expect(talk.conversation.frames[0]?.words?.text.length).toBeLessThanOrEqual(300);
  });
});

describe('a question', () => {
  const trip = (slots: string) => `
flow: trip
description: Books a trip
triggers: {examples: {en: [book a trip], zh: [订行程]}}
slots: {${slots}}
steps:
  - collect: city
    ask: {en: Where to?, zh: 去哪里？}
  - collect: first
    ask: {en: First?, zh: 第一？}
  - collect: second
    ask: {en: Second?, zh: 第二？}
  - confirm: go
    ask: {en: Sure?, zh: 确定吗？}
    binds: [city, first, second]
  - end: resolved
`;
  const CITY = 'city: "enum(Berlin,Hamburg)"';
  const talkOf = (slots: string, locale = 'en') =>
    new Talk(botOf([trip(slots)], { locales: ['en', 'zh'] }), { locale }).start('trip');

  test('takes the one date that was said, as it is written in her language', () => {
    const talk = talkOf(`${CITY}, first: date, second: email`).say(
      'Berlin please, on 24 December, mail to a@example.com',
    );
    expect(talk.said).toEqual(['Noted: Dec 24, 2026 · a@example.com\nSure?']);
  });

  test.each([
    ['one of two dates', `${CITY}, first: date, second: date`, 'Berlin please, on 24 December'],
    ['one of two names', `${CITY}, first: "enum(small,large)", second: "enum(large,huge)"`, 'Berlin, and large please'],
    [
      'what may not be said before',
      `${CITY}, first: {type: date, prefill: never}, second: string`,
      'Berlin, on 24 December',
    ],
    ['what is paid with', `${CITY}, first: {type: email, sensitive: payment}, second: string`, 'Berlin, a@example.com'],
    [
      'a secret',
      `${CITY}, first: {type: string, pattern: "^[0-9]{6}$", sensitive: secret}, second: string`,
      'Berlin, the code is 123456',
    ],
    ['a yes', `${CITY}, first: boolean, second: string`, 'Berlin please, yes of course, yes'],
    ['a number', `${CITY}, first: integer, second: string`, 'Berlin please, for the 3 of us'],
    ['a free text', `${CITY}, first: text, second: string`, 'Berlin please, where the sun is shining'],
  ])('never takes %s from words that were said for another', (_, slots, words) => {
    const talk = talkOf(slots).say(words);
    expect(talk.said).toEqual(['First?']);
  });

  test('of a flow that asks for a secret finds none of her words in the state', () => {
    const talk = talkOf(`${CITY}, first: date, second: {type: string, sensitive: secret}`).say(
      'Berlin, my code is 123456',
    );
    expect(JSON.stringify(talk.conversation)).not.toContain('123456');
  });

  test('that asks for consent is never answered in passing', () => {
    const talk = talkOf(`${CITY}, first: date, second: email`).say(
      'Berlin, 24 December, a@example.com, and yes, yes please',
    );
    expect(talk.asks).toBe('go');
  });
});
