import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dialogOf } from '../../../channels/teams/form.ts';
import { offerIn } from '../../../channels/teams/offer.ts';
import { plan, sizeOf } from '../../../channels/teams/plan.ts';
import { checkAttachments } from '../../../channels/teams/simulator/check-card.ts';
import { runsOf } from '../../../channels/teams/simulator/rendered.ts';
import type { Attachment } from '../../../channels/teams/simulator/world.ts';
import type { Field, Part } from '../../../src/channel.ts';
import type { Message } from '../../../src/message.ts';

const planned = (message: Message, locale = 'en', publicUrl?: string) =>
  plan([message], { locale, settings: undefined, ...(publicUrl === undefined ? {} : { publicUrl }) });
const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `o1.${index}`, label }));
const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });
const card = (title: string, more: object = {}) => ({
  title,
  text: 'A **good** one',
  fields: [{ name: 'Price', value: '€12.50' }],
  ...more,
});
const many = choices(...Array.from({ length: 7 }, (_, index) => `Order ${index}`));

const halves = ['Morning', 'Evening'].map((label, index) => ({ value: String(index), label }));
const FIELDS: readonly Field[] = [
  { name: 'day', label: 'Which day?', kind: 'date', value: '2026-11-01', error: 'That day is *gone*.' },
  { name: 'slot', label: 'When?', kind: 'choice', options: halves },
  { name: 'extras', label: 'Extras', kind: 'choices', options: halves, optional: true },
  { name: 'floors', label: 'Floor', kind: 'number', value: 'top', error: 'A number.' },
  { name: 'email', label: 'Email', kind: 'email', optional: true },
  { name: 'phone', label: 'Phone', kind: 'phone', optional: true },
  { name: 'code', label: 'Code', kind: 'text', secret: true },
  { name: 'note', label: 'Note', kind: 'text', long: true, optional: true },
];

/** One of each element of a message, as Teams gets it: looked at by eye when it changes. */
const ELEMENTS: Readonly<Record<string, Message>> = {
  text: { text: 'Order AB123457 is with DHL.' },
  markdown: {
    text: '**Bold**, *italic*, `code <b>`, [a link](https://shop.example/?a=1&b="2")\nnext\n\n- one\n- two\n1 < 2 & 3_4',
  },
  'what is no markup': { text: '# 1 of 2\n12. May\nsnake_case_name\\ [x] ~y~' },
  'two choices': { text: '**Is** that right?\n- one\n- two', choices: choices('Yes', 'No') },
  'choices and a link': {
    text: 'Anything else?',
    choices: choices('Return something'),
    links: [{ title: 'Shop', url: 'https://shop.example/' }],
  },
  'seven choices': { text: 'Which order is it?', choices: many },
  'a long choice': { text: 'Which?', choices: choices('x'.repeat(61), 'short') },
  'several choices at once': { text: 'Which articles?', choices: choices('Mug × 2', 'Lamp × 1'), multiple: true },
  'a date': { text: 'When?', input: 'date' },
  'a date that may be left out': { text: 'When?', input: 'date', choices: choices('Skip') },
  'a form': {
    text: 'When?',
    choices: choices('Never'),
    links: [{ title: 'Prices', url: 'https://shop.example/prices' }],
    form: {
      token: 'form1',
      title: 'Your *delivery*',
      text: 'Please have another look.',
      submit: 'Send',
      fields: FIELDS.slice(0, 4),
    },
  },
  'a form of many fields': {
    text: 'When?',
    choices: choices('Never'),
    links: [{ title: 'Prices', url: 'https://shop.example/prices' }],
    form: {
      token: 'form1',
      title: 'Your *delivery*',
      text: 'Please have another look.',
      submit: 'Send',
      fields: FIELDS,
    },
  },
  links: { text: 'It is on its way.', links: [{ title: 'Track it', url: 'https://dhl.example/PX1' }] },
  'more links than buttons': {
    text: 'See',
    links: Array.from({ length: 7 }, (_, n) => ({ title: `Page ${n}`, url: `https://shop.example/${n}` })),
  },
  image: { text: 'This one?', image: picture('mug'), choices: choices('Yes', 'No') },
  'image that only we can reach': { text: 'This one?', image: { url: '/files/1', alt: 'Your mug' } },
  'image without encryption': { text: 'This one?', image: { url: 'http://localhost:4000/1.png', alt: 'Your mug' } },
  card: { text: 'Your order:', card: card('Mug', { links: [{ title: 'Open', url: 'https://shop.example/mug' }] }) },
  'card with a question': { text: 'Is it this one?', card: card('Mug'), choices: choices('Yes', 'No') },
  carousel: {
    text: 'Which one?',
    carousel: [card('Mug', { image: picture('mug') }), card('Lamp', { image: picture('lamp') })],
    choices: choices('Mug', 'Lamp'),
  },
  file: { text: 'Here is your bill.', file: { url: 'https://shop.example/b/1.pdf', name: 'bill.pdf' } },
  'nothing but buttons': { text: '', choices: choices('Yes', 'No') },
};

describe('a message in Teams', () => {
  test.each(Object.entries(ELEMENTS))('%s', (_, message) => {
    const parts = planned(message);
    for (const part of parts) checkAttachments((part.attachments ?? []) as readonly Attachment[]);
    expect(parts).toMatchSnapshot();
  });

  test('the dialog of a form', () => {
    const offer = {
      kind: 'dialog',
      token: 'form1',
      title: 'Your delivery',
      submit: 'Send',
      fields: FIELDS,
      locale: 'en',
    };
    const dialog = dialogOf(offerIn({ parley: offer }), 'm1') as { card: Attachment };
    checkAttachments([dialog.card]);
    expect(dialog).toMatchSnapshot();
  });

  test('asks in the customer’s language', () => {
    const text = JSON.stringify(
      planned({ text: '哪些？', choices: choices('杯子', '台灯'), multiple: true }, 'zh-hans'),
    );
    for (const words of ['可选择多项', '请先选择一项。', '确定']) expect(text).toContain(words);
  });

  test('finds our own pictures where the world reaches us', () => {
    const message: Message = { text: 'This?', image: { url: '/chat/files/1', alt: 'Your mug' } };
    expect(JSON.stringify(planned(message, 'en', 'https://bot.example'))).toContain('https://bot.example/chat/files/1');
  });

  test('puts eleven cards into ten and one', () => {
    const carousel = Array.from({ length: 11 }, (_, index) => card(`No ${index}`));
    const counts = planned({ text: 'Look', carousel }).map(({ attachments = [] }) => (attachments as []).length);
    expect(counts).toEqual([0, 10, 1]);
  });

  test('parts a carousel that is too large for one message', () => {
    const carousel = Array.from({ length: 10 }, (_, index) => card(`No ${index}`, { text: 'word '.repeat(2_000) }));
    const parts = planned({ text: 'Look', carousel });
    for (const part of parts) expect(sizeOf(part)).toBeLessThanOrEqual(80 * 1024);
    expect(JSON.stringify(parts)).toContain('No 9');
  });

  test('asks a long question in messages, and its end with the buttons', () => {
    const parts = planned({ text: 'This is a sentence. '.repeat(500), choices: choices('Yes') });
    expect(parts.slice(0, -1).every(({ attachments }) => attachments === undefined)).toBe(true);
    expect(JSON.stringify(parts.at(-1))).toContain('Action.Submit');
    for (const { text } of parts.slice(0, -1)) expect(String(text)).toMatch(/\.$/);
  });

  test('never cuts a family in two', () => {
    const family = '👩‍👩‍👧‍👦';
    for (const { text } of planned({ text: family.repeat(3_000) }))
      expect(String(text).replaceAll(family, '')).toBe('');
  });

  test('shows every letter as it was written, within every limit, whatever is written', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 300 });
    const noise = fc.constantFrom('**', '*', '_', '`', '<b>', '&amp;', '\\', '# ', '1. ', '\n', '\n\n', '. ');
    fc.assert(
      fc.property(fc.array(fc.oneof(word, noise), { maxLength: 60 }), (written) => {
        const parts = planned({ text: written.join('') });
        for (const part of parts) expect(sizeOf(part)).toBeLessThanOrEqual(80 * 1024);
        const shown = parts
          .map(({ text }) =>
            runsOf(String(text), 'markdown')
              .map((run) => run.text)
              .join(''),
          )
          .join('');
        const letters = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, '');
        expect(letters(shown)).toBe(letters(written.join('')));
      }),
      { numRuns: 80 },
    );
  });

  test('shows what a card says as it was written', () => {
    const read = (part: Part) => {
      const { content } = (part.attachments as { content: { body: { text: string }[] } }[])[0]!;
      return content.body.flatMap(({ text }) => runsOf(text, 'card'));
    };
    expect(read(planned({ text: '**Really** 2_3_4 [x]?', choices: choices('Yes') })[0]!)).toEqual([
      { text: 'Really', style: 'bold' },
      { text: ' 2_3_4 [x]?' },
    ]);
  });
});
