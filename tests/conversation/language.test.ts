import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';

const refund = `
flow: refund
triggers: {examples: {en: [I want my money back], zh: [我要退款]}}
slots: {why: text}
steps:
  - collect: why
    ask: {en: "Why?", zh: "为什么？"}
  - say: {en: "Noted.", zh: "已记录。"}
`;
const bot = botOf(refund, { locales: ['en', 'zh'] });

describe('who was greeted in another language than hers', () => {
  test.each([
    ['zh', 'I want my money back', 'Why?'],
    ['en', '我要退款', '为什么？'],
    ['en', 'I want my money back', 'Why?'],
  ])('is answered in the one she begins in (%s, %s)', (locale, words, asked) => {
    expect(new Talk(bot, { locale }).say(words).said.at(-1)).toBe(asked);
  });

  test('is understood in the middle of something without a change: her words may be a name', () => {
    const talk = new Talk(bot, { locale: 'zh' }).say('我要退款');
    expect(talk.say('Because the iPhone is broken').said[0]).toBe('已记录。');
  });

  test.each(['AB123456', 'anna.schmidt@example.com', 'https://example.com/path', '???', '👍'])(
    'says nothing of a language by %s',
    (words) => expect(new Talk(bot, { locale: 'zh' }).say(words).state?.locale).toBe('zh'),
  );

  test('may mix a foreign name in', () => {
    expect(new Talk(bot, { locale: 'zh' }).say('iPhone 我要退款').state?.locale).toBe('zh');
  });

  test('is told by her words where the letters are the same', () => {
    const both = { ...bot, locales: ['en', 'zh', 'de'] };
    const locale = (present: string, words: string) => new Talk(both, { locale: present }).say(words).state?.locale;
    expect(locale('en', 'ich will mein Geld zurück')).toBe('de');
    expect(locale('en', 'I want my money back')).toBe('en');
    expect(new Talk(both, { locale: 'en' }).say('I want my money back').say('die Lampe ist kaputt').state?.locale).toBe(
      'en',
    );
  });
});
