import { describe, expect, test } from '@jest/globals';
import { plan } from '../../../channels/directline/plan.ts';
import type { Message } from '../../../src/message.ts';

const BASE = 'https://bot.shop.example';
const planned = (message: Message, locale = 'en', publicUrl: string | undefined = BASE) =>
  plan([message], { locale, settings: undefined, ...(publicUrl === undefined ? {} : { publicUrl }) });
const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `o1.${index}`, label }));
const many = (count: number) => choices(...Array.from({ length: count }, (_, index) => `AB12345${index}`));
const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });
const card = (name: string, more: object = {}) => ({
  title: name,
  text: 'A **good** one',
  fields: [{ name: 'Price', value: '€12.50 *' }],
  ...more,
});

/** One of each element of a message, as clients of Direct Line get it: looked at by eye when it changes. */
const ELEMENTS: Readonly<Record<string, Message>> = {
  text: { text: 'Order AB123457 is with DHL.' },
  markdown: { text: '**Bold**, *italic*, `code <b>`, [a link](https://shop.example/?a=1)\n- one\n- two\n1 < 2 & <b>' },
  'two choices': { text: 'Is that right?', choices: choices('Yes', 'No') },
  'more choices than a row shows': { text: 'Which order is it?', choices: many(11) },
  'several choices at once': { text: 'Which articles?', choices: choices('Mug × 2', 'Lamp × 1'), multiple: true },
  'a question that is answered in words': { text: 'How many?', input: 'number' },
  'a date': { text: 'When did it come?', input: 'date' },
  'a date that may be left out': { text: 'When did it come?', input: 'date', choices: choices('Skip') },
  'a form': {
    text: 'Which day?',
    choices: choices('Never'),
    form: {
      token: 'form1',
      title: 'Your delivery',
      submit: 'Send',
      fields: [
        { name: 'day', label: 'Which day?', kind: 'date', value: '2026-11-01', error: 'That day is *gone*.' },
        { name: 'slot', label: 'When?', kind: 'choice', options: [{ value: '0', label: 'Morning' }] },
        { name: 'note', label: 'Note', kind: 'text', long: true, optional: true },
      ],
    },
  },
  links: { text: 'It is on its way.', links: [{ title: 'Track it', url: 'https://dhl.example/PX1' }] },
  'a link of another kind': { text: 'Call us.', links: [{ title: 'Phone', url: 'tel:+4930123456' }] },
  'choices and a link': {
    text: 'Where?',
    choices: choices('Home', 'Shop'),
    links: [{ title: 'Map', url: '/map' }],
  },
  'a card': {
    text: 'Here it is.',
    card: card('Mug', { image: picture('mug'), links: [{ title: 'Look', url: 'https://shop.example/mug' }] }),
  },
  'a carousel': { text: 'These fit:', carousel: [card('Mug', { image: picture('mug') }), card('Lamp')] },
  'a carousel with choices and a file': {
    text: 'These fit:',
    carousel: [card('Mug'), card('Lamp')],
    choices: choices('Mug', 'Lamp'),
    file: { url: '/files/prices.pdf', name: 'Prices.pdf' },
  },
  'an image': { text: 'Your mug', image: picture('mug') },
  'an image of our own': { text: '', image: { url: '/demo/mug.svg', alt: 'A mug' } },
  'a file': { text: 'Your label', file: { url: 'https://shop.example/label.pdf', name: 'Label.pdf' } },
};

describe('what clients of Direct Line get of', () => {
  test.each(Object.entries(ELEMENTS))('%s', (_name, message) => expect(planned(message)).toMatchSnapshot());

  test('几样里面选', () => {
    const message = { text: '您要退哪些商品？', choices: choices('陶瓷杯', '台灯'), multiple: true };
    expect(planned(message, 'zh-CN')).toMatchSnapshot();
  });
});

describe('nothing is lost', () => {
  test('of what nobody could reach: it is said in words', () => {
    const message: Message = {
      text: 'Here',
      image: { url: '/mug.png', alt: 'A mug' },
      file: { url: 'file:///etc/passwd', name: 'Label.pdf' },
      card: { title: 'Mug', image: { url: '/mug.png', alt: 'A mug' } },
    };
    const [part] = planned(message, 'en', '');
    expect(part).toMatchObject({
      text: 'Here  \n\\[A mug]  \n\\[Label.pdf]',
      attachments: [{ content: { title: 'Mug', text: '\\[A mug]' } }],
    });
  });

  test.each([1, 10, 11, 50])('of %i choices: each comes back by its own token', (count) => {
    const text = JSON.stringify(planned({ text: 'Which?', choices: many(count) }));
    for (const { token, label } of many(count)) {
      expect(text).toContain(`"${token}"`);
      expect(text).toContain(label);
    }
  });

  test('of a long text: it stays one', () => {
    const [part, ...more] = planned({ text: 'word '.repeat(5_000) });
    expect([String(part?.text).length, more]).toEqual([25_000, []]);
  });
});

test('no address but one of the web becomes a button, a picture or a file', () => {
  const url = 'javascript:alert(1)';
  const text = JSON.stringify(
    planned({
      text: 'x',
      links: [{ title: 'a', url }],
      image: { url, alt: 'b' },
      file: { url, name: 'c' },
      card: { title: 'd', image: { url, alt: 'e' }, links: [{ title: 'f', url }] },
    }),
  );
  expect(text).not.toMatch(/"(value|url|contentUrl)":"javascript/);
});
