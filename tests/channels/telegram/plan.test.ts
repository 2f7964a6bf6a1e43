import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plan } from '../../../channels/telegram/plan.ts';
import { parseHtml } from '../../../channels/telegram/simulator/html.ts';
import type { Message } from '../../../src/message.ts';

const planned = (message: Message, locale = 'en') => plan([message], { locale, settings: undefined });
const textOf = (part: { readonly [key: string]: unknown }) => parseHtml(String(part.text ?? part.caption ?? ''))?.text;
const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `o1.${index}`, label }));
const card = (name: string, more: object = {}) => ({
  title: name,
  text: 'A **good** one',
  fields: [{ name: 'Price', value: '€12.50' }],
  ...more,
});
const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });

/** One of each element of a message, as Telegram gets it: looked at by eye when it changes. */
const ELEMENTS: Readonly<Record<string, Message>> = {
  text: { text: 'Order AB123457 is with DHL.' },
  markdown: {
    text: '**Bold**, *italic*, `code <b>`, [a link](https://shop.example/?a=1&b="2")\n- one\n- two\n1 < 2 & 3',
  },
  'two short choices': { text: 'Is that right?', choices: choices('Yes', 'No') },
  'choices of middle length': { text: 'Which order is it?', choices: choices('AB123456', 'AB123457', 'AB123458') },
  'choices as long as a phone is wide': {
    text: 'Why?',
    choices: choices('It is damaged and I am sad', 'I changed my mind'),
  },
  'choices longer than a button': {
    text: 'Which bill?',
    choices: choices('The one of October with the express delivery', 'The one of November with the gift wrapping'),
  },
  'several choices at once': { text: 'Which articles?', choices: choices('Mug × 2', 'Lamp × 1'), multiple: true },
  links: { text: 'It is on its way.', links: [{ title: 'Track it', url: 'https://dhl.example/PX1' }] },
  'a link that Telegram would refuse': { text: 'Done.', links: [{ title: 'Label', url: 'http://localhost:4000/l/1' }] },
  'choices and a link': {
    text: 'Anything else?',
    choices: choices('Return something'),
    links: [{ title: 'Shop', url: 'https://shop.example/' }],
  },
  image: { text: 'This one?', image: picture('mug'), choices: choices('Yes', 'No') },
  'image that only we can reach': { text: 'This one?', image: { url: '/files/1', alt: 'Your mug' } },
  card: { text: 'Your order:', card: card('Mug', { links: [{ title: 'Open', url: 'https://shop.example/mug' }] }) },
  'card with a picture': { text: 'Your order:', card: card('Mug', { image: picture('mug') }) },
  carousel: {
    text: 'Which one?',
    carousel: [
      card('Mug', { image: picture('mug'), links: [{ title: 'Open', url: 'https://shop.example/mug' }] }),
      card('Lamp', { image: picture('lamp'), links: [{ title: 'Open', url: 'https://shop.example/lamp' }] }),
    ],
    choices: choices('Mug', 'Lamp'),
  },
  'carousel without pictures': { text: 'Which one?', carousel: [card('Mug'), card('Lamp')] },
  'file that is a PDF': { text: 'Here is your bill.', file: { url: 'https://shop.example/b/1.pdf', name: 'bill.pdf' } },
  'file of another kind': { text: 'Here it is.', file: { url: 'https://shop.example/b/1.csv', name: 'bill.csv' } },
  'nothing but buttons': { text: '', choices: choices('Yes', 'No') },
};

describe('a message in Telegram', () => {
  test.each(Object.entries(ELEMENTS))('%s', (_, message) => {
    expect(planned(message)).toMatchSnapshot();
  });

  test('speaks of numbers in the customer’s language', () => {
    const message: Message = { text: '要退哪些商品？', choices: choices('杯子', '台灯'), multiple: true };
    expect(textOf(planned(message, 'zh-hans')[0]!)).toBe(
      '要退哪些商品？\n\n1. 杯子\n2. 台灯\n可多选，请回复编号，如 1、3。',
    );
  });

  test('counts a Han character as two columns', () => {
    const rows = (label: string) => {
      const markup = planned({ text: '?', choices: choices(label, label) })[0]?.reply_markup;
      return (markup as { inline_keyboard: unknown[][] }).inline_keyboard.length;
    };
    expect([rows('1234567890'), rows('一二三四五六七八九十')]).toEqual([1, 2]);
  });

  test('offers more choices than a keyboard holds by number', () => {
    const many = choices(...Array.from({ length: 101 }, (_, index) => `Order ${index}`));
    const [only] = planned({ text: 'Which?', choices: many });
    expect(only).not.toHaveProperty('reply_markup');
    expect(textOf(only!)).toContain('101. Order 100\nReply with a number.');
  });

  test('puts eleven pictures into an album of ten and one alone', () => {
    const carousel = Array.from({ length: 11 }, (_, index) => card(`No ${index}`, { image: picture(String(index)) }));
    expect(planned({ text: 'Look', carousel }).map(({ method }) => method)).toEqual([
      'sendMediaGroup',
      'sendPhoto',
      'sendMessage',
    ]);
  });

  test('keeps a caption that is too long for a picture', () => {
    const parts = planned({ text: 'x'.repeat(1_500), image: picture('mug') });
    expect(parts.map(({ method }) => method)).toEqual(['sendPhoto', 'sendMessage']);
    const words = 'word '.repeat(400).trim();
    const cards = planned({ text: 'Look', card: { title: 'Mug', text: words, image: picture('mug') } });
    expect(cards.map(textOf).join()).toContain(words);
  });

  test('loses no card, even where two share a picture and one has too much to say', () => {
    const words = 'word '.repeat(400).trim();
    const shared = { image: picture('mug') };
    const parts = planned({ text: 'Look', carousel: [card('Mug', shared), card('Cup', { ...shared, text: words })] });
    expect(parts.map(textOf).join('\n')).toContain(`Cup\n${words}`);
    expect(parts.map(textOf).join('\n')).toContain('Mug\nA good one');
  });

  test('is cut between sentences, with the buttons under the last piece', () => {
    const sentence = 'This is a sentence that has some words in it. ';
    const parts = planned({ text: sentence.repeat(200), choices: choices('Yes') });
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(textOf(part)).toMatch(/it\.$/);
    expect(parts.map((part) => 'reply_markup' in part)).toEqual([...parts.slice(1).map(() => false), true]);
  });

  test('is cut at 4,096 units exactly, not before', () => {
    expect(planned({ text: 'x'.repeat(4_096) })).toHaveLength(1);
    expect(planned({ text: 'x'.repeat(4_097) })).toHaveLength(2);
    expect(planned({ text: `**${'&'.repeat(399)}**${'y'.repeat(3_697)}` })).toHaveLength(1);
  });

  test('never cuts a family in two', () => {
    const family = '👩‍👩‍👧‍👦';
    for (const part of planned({ text: `x${family.repeat(800)}` }))
      expect(String(part.text).replace(/^x/, '').replaceAll(family, '')).toBe('');
  });

  test('loses no letter and stays within every limit, whatever is written', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 9_000 });
    const markdown = fc.array(
      fc.oneof(text, fc.constantFrom('**', '*', '`', '[a](https://b.c)', '<b>', '&amp;', '. ', '\n\n')),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(markdown, (pieces) => {
        const written = pieces.join('');
        const parts = planned({ text: written });
        const shown = parts.map((part) => parseHtml(String(part.text)));
        for (const read of shown) {
          expect(read).toBeDefined();
          expect(read!.text.length).toBeLessThanOrEqual(4_096);
          expect(read!.text.trim()).not.toBe('');
        }
        const letters = (said: string) => said.replaceAll(/[^\p{L}\p{N}]/gu, '');
        const plain = planned({ text: written.replaceAll(/\s+/g, ' ') });
        expect(letters(plain.map(textOf).join('')).length).toBe(
          letters(shown.map((read) => read!.text).join('')).length,
        );
      }),
      { numRuns: 60 },
    );
  });
});
