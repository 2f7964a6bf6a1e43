import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';

const picking = `
flow: picking
triggers: {examples: {en: [pick], zh: [挑选]}}
slots: {colour: "enum(red,green,grey)", size: "enum(s,m)", quantity: {type: integer, min: 1}}
steps:
  - collect: colour
    ask: {en: "Colour?", zh: "颜色？"}
    choices: {red: {en: Ruby red, zh: 宝石红}, green: {en: Grass green, zh: 草绿}, grey: {en: Storm grey, zh: 雾灰}}
  - collect: quantity
    ask: {en: "How many?", zh: "几件？"}
  - collect: size
    ask: {en: "Size?", zh: "尺码？"}
    choices: {s: {en: Small, zh: 小号}, m: {en: Medium, zh: 中号}}
  - say: "{colour} {quantity} {size}"
`;
const bot = botOf(picking, { locales: ['en', 'zh'] });
const asked = (locale: string) => new Talk(bot, { locale }).start('picking');

describe('where an app has no buttons', () => {
  test.each([
    '2',
    '2.',
    '２',
    '#2',
    'no. 2',
    'number 2',
    'option 2',
    'Option two',
    'the second one',
    'two',
    '(2)',
    '2)',
    '2️⃣',
  ])('“%s” is the second answer on offer', (words) => expect(asked('en').say(words).slots.colour).toBe('green'));

  test.each(['2', '２', '二', '2。', '第二个', '第2个', '选二', '选项2', '2号', '第二'])('“%s” 是第二个选项', (words) =>
    expect(asked('zh').say(words).slots.colour).toBe('green'),
  );

  test.each([
    ['en', 'grass green'],
    ['en', 'GRASS GREEN!'],
    ['en', 'grass'],
    ['zh', '草绿'],
    ['zh', '草'],
  ])('its words, or a beginning that is no other answer’s, are as good (%s: %s)', (locale, words) => {
    expect(asked(locale).say(words).slots.colour).toBe('green');
  });

  test('a number beyond the last answer takes none', () => {
    const talk = asked('en').say('7');
    expect(talk.slots.colour ?? null).toBeNull();
    expect(talk.asks).toBe('colour');
  });

  test.each([
    ['en', 'No. 2'],
    ['en', '2'],
    ['zh', '2'],
    ['zh', '两件'],
    ['zh', '二'],
  ])('a number that is asked for is a quantity, not the second answer of before (%s: %s)', (locale, words) => {
    const talk = asked(locale).say('1').say(words);
    expect(talk.slots).toEqual(expect.objectContaining({ colour: 'red', quantity: 2 }));
    expect(talk.asks).toBe('size');
  });

  test('a tap on an answer of before is not executed: the present question is shown again', () => {
    const talk = asked('en');
    const old = talk.tokenOf('Storm grey');
    talk.say('1').say('3');
    expect(talk.asks).toBe('size');
    talk.take({ kind: 'choice', token: old });
    expect(talk.slots).toEqual(expect.objectContaining({ colour: 'red', quantity: 3 }));
    expect(talk.said.at(-1)).toBe('Size?');
    expect(talk.labels).toEqual(['Small', 'Medium']);
  });
});
