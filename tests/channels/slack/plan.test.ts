import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from '../../../channels/slack/block.ts';
import { plan } from '../../../channels/slack/plan.ts';
import { elementsOf, MOST_CHARACTERS, mistakesIn } from '../../../channels/slack/simulator/blocks.ts';
import { show, wordsOf } from '../../../channels/slack/simulator/mrkdwn.ts';
import type { Field, Part } from '../../../src/channel.ts';
import type { Message } from '../../../src/message.ts';

const planned = (message: Message, locale = 'en') =>
  plan([message], { locale, settings: undefined, publicUrl: 'https://bot.example' });
const blocksOf = ({ blocks }: Part) => blocks as readonly Block[];
const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `o1.${index}`, label }));
const many = (count: number, label = 'Order') =>
  choices(...Array.from({ length: count }, (_, index) => `${label} ${index}`));
const card = (name: string, more: object = {}) => ({
  title: name,
  text: 'A **good** one',
  fields: [{ name: 'Price', value: '€12.50' }],
  ...more,
});
const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });

/** Every text that is read as mrkdwn. */
function marked(part: Part): string[] {
  const texts: string[] = [String(part.text)];
  JSON.stringify(part.blocks, (_, value) => {
    if (value?.type === 'mrkdwn') texts.push(value.text);
    return value;
  });
  return texts;
}

const FIELDS: readonly Field[] = [
  { name: 'day', label: 'Which day?', kind: 'date', value: 'soon', error: 'I need a day.' },
  { name: 'slot', label: 'When?', kind: 'choice', options: [{ value: '0', label: 'Morning' }] },
];

/** One of each element of a message, as Slack gets it: looked at by eye when it changes. */
const ELEMENTS: Readonly<Record<string, Message>> = {
  text: { text: 'Order AB123457 is with DHL.' },
  markdown: {
    text: '**Bold**, *italic*, `code <b>`, [a link](https://shop.example/?a=1&b="2|3")\n- one\n- two\n1 < 2 & 3, see https://shop.example/x.',
  },
  'bold Chinese': { text: '请**确认**订单' },
  'two short choices': { text: 'Is that right?', choices: choices('Yes', 'No') },
  'choices longer than a button': {
    text: 'Which bill?',
    choices: choices('The one of October with the express delivery', 'The one of November with the gift wrapping'),
  },
  'several choices at once': { text: 'Which articles?', choices: choices('Mug × 2', 'Lamp × 1'), multiple: true },
  'more than ten at once': { text: 'Which articles?', choices: many(11), multiple: true },
  'more choices than buttons': { text: 'Which order?', choices: many(26) },
  'a date': { text: 'When?', input: 'date' },
  'a date that may be left out': { text: 'When?', input: 'date', choices: choices('Skip') },
  'a form': {
    text: 'When?',
    input: 'date',
    form: {
      token: 'form1',
      title: 'Your *delivery* & more',
      text: 'Please have another look.',
      submit: 'Send',
      fields: FIELDS,
    },
  },
  links: { text: 'It is on its way.', links: [{ title: 'Track it', url: 'https://dhl.example/PX1' }] },
  'a link that is none': { text: 'Done.', links: [{ title: 'Label', url: 'javascript:alert(1)' }] },
  'choices and a link': {
    text: 'Anything else?',
    choices: choices('Return something'),
    links: [{ title: 'Shop', url: 'https://shop.example/' }],
  },
  image: { text: 'This one?', image: picture('mug'), choices: choices('Yes', 'No') },
  'image of our own': { text: 'This one?', image: { url: '/files/1.png', alt: 'Your mug' } },
  'image that Slack cannot fetch': { text: 'This one?', image: { url: 'http://localhost/1.png', alt: 'Your mug' } },
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
  file: { text: 'Here is your bill.', file: { url: 'https://shop.example/b/1.pdf', name: 'bill.pdf' } },
  'file of our own': { text: 'Here it is.', file: { url: '/files/1', name: 'label.pdf' } },
  'nothing but buttons': { text: '', choices: choices('Yes', 'No') },
};

describe('a message in Slack', () => {
  test.each(Object.entries(ELEMENTS))('%s', (_, message) => {
    const parts = planned(message);
    expect(parts).toMatchSnapshot();
    for (const part of parts) expect(mistakesIn(part.blocks)).toEqual([]);
  });

  test('speaks the customer’s language', () => {
    const labels = (message: Message) =>
      elementsOf(planned(message, 'zh-hans').flatMap(blocksOf)).map(
        ({ element }) => element.placeholder?.text ?? element.text?.text,
      );
    expect(labels({ text: '哪个？', choices: many(26) })).toEqual(['请选择…']);
    expect(labels({ text: '哪些？', choices: choices('杯子'), multiple: true })).toEqual([undefined, '选好了']);
    expect(labels({ text: '哪天？', input: 'date' })).toEqual(['选择日期']);
  });

  test('offers more choices than a list holds by number', () => {
    const parts = planned({ text: 'Which?', choices: many(101) });
    expect(elementsOf(parts.flatMap(blocksOf))).toEqual([]);
    expect(wordsOf(marked(parts[0]!)[1]!)).toContain('101. Order 100\nReply with a number.');
  });

  test('puts labels that a list would cut into the text, whole', () => {
    const long = many(30, 'x'.repeat(80));
    const [part] = planned({ text: 'Which?', choices: long });
    const [select] = elementsOf(blocksOf(part!));
    expect(select?.element.options?.every(({ text }) => text.text.length <= 75 && /^\d+\. x+…$/.test(text.text))).toBe(
      true,
    );
    for (const { label } of long) expect(marked(part!)[1]).toContain(label);
  });

  test('that is long is cut between sentences, in as few messages as Slack takes', () => {
    const text = Array.from({ length: 900 }, (_, index) => `This is sentence number ${index} & it is <short>.`).join(
      ' ',
    );
    const parts = planned({ text, choices: choices('Yes') });
    expect(parts.map((part) => elementsOf(blocksOf(part)).length)).toEqual([...parts.slice(1).map(() => 0), 1]);
    expect(parts.length).toBeLessThan(8);
    const read = parts.flatMap((part) =>
      blocksOf(part).flatMap(({ text: own }) => (own === undefined ? [] : [wordsOf((own as { text: string }).text)])),
    );
    expect(read.join(' ')).toBe(text);
    for (const part of parts) {
      expect(mistakesIn(part.blocks)).toEqual([]);
      expect(JSON.stringify(part.blocks).length).toBeLessThan(MOST_CHARACTERS);
    }
  });

  test('of sixty cards stays within the blocks of a message', () => {
    const parts = planned({ text: 'Look', carousel: Array.from({ length: 60 }, (_, index) => card(`No ${index}`)) });
    for (const part of parts) expect(mistakesIn(part.blocks)).toEqual([]);
    expect(parts.flatMap(blocksOf).filter(({ type }) => type === 'divider')).toHaveLength(59);
  });
});

describe('what customers and models write', () => {
  const HOSTILE = [
    '<!channel>',
    '<!here|x>',
    '<@U2BEN>',
    '<#C1|x>',
    '<https://evil.example|bank.example>',
    '<!subteam^S1>',
    '@channel',
    '</cmd>',
  ];

  test.each(HOSTILE)('%s calls nobody and leads nowhere', (words) => {
    const everywhere: Message = {
      text: words,
      choices: choices(words),
      links: [{ title: words, url: 'https://shop.example' }],
      card: { title: words, text: words, fields: [{ name: words, value: words }] },
      image: { url: 'http://localhost', alt: words },
      file: { url: 'https://shop.example/1', name: words },
    };
    for (const part of planned(everywhere)) {
      expect(part).toMatchObject({ parse: 'none', link_names: false, unfurl_links: false });
      for (const text of marked(part)) {
        const { calls, runs } = show(text);
        expect(calls).toEqual([]);
        // An address may lead where it says.
        expect(runs.filter((run) => run.url?.includes('evil') && !run.url.startsWith(run.text))).toEqual([]);
      }
    }
    const [section] = planned({ text: words }).flatMap(blocksOf);
    expect(section?.text).toMatchObject({ verbatim: true });
  });

  test('is read as it was written, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '&', '|', '!', '@', 'a', '好', ' ', '\n', ';', 'amp') }),
        (text) => {
          const parts = planned({ text: `x${text}x` });
          const read = parts.flatMap((part) =>
            blocksOf(part).map(({ text: own }) => wordsOf((own as { text: string }).text)),
          );
          expect(read).toEqual([`x${text}x`]);
          expect(parts.flatMap(marked).flatMap((each) => show(each).calls)).toEqual([]);
        },
      ),
    );
  });

  test('never makes blocks that Slack refuses', () => {
    const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((text) => text.trim() !== '');
    const message = fc.record({
      text: fc.string({ unit: 'grapheme', maxLength: 9_000 }),
      labels: fc.array(label, { maxLength: 110 }),
      multiple: fc.boolean(),
    });
    fc.assert(
      fc.property(message, ({ text, labels, multiple }) => {
        const offered = choices(...labels);
        for (const part of planned({ text, choices: offered, multiple })) expect(mistakesIn(part.blocks)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
