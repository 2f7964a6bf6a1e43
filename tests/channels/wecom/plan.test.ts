import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plan, type WecomPart } from '../../../channels/wecom/plan.ts';
import { mistakeIn } from '../../../channels/wecom/simulator/messages.ts';
import { openSimulator } from '../../../channels/wecom/simulator.ts';
import type { PlanContext } from '../../../src/channel.ts';
import type { Message } from '../../../src/message.ts';

const planned = (messages: Message | readonly Message[], context: Partial<PlanContext> = {}) =>
  plan([messages].flat(), { locale: 'en', settings: undefined, ...context }) as readonly WecomPart[];
const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `o1.${index}`, label }));
const card = (title: string, more: object = {}) => ({
  title,
  text: 'A **good** one',
  fields: [{ name: 'Price', value: '€12.50' }],
  ...more,
});
const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });
const link = (title: string) => ({ title, url: `https://shop.example/${encodeURIComponent(title)}` });

/** One of each element of a message, as WeCom gets it: looked at by eye when it changes. */
const ELEMENTS: Readonly<Record<string, Message>> = {
  text: { text: '订单 CN200001 由 顺丰速运 配送。' },
  markdown: { text: '**Bold**, *italic*, `code <b>`, [a link](https://shop.example/?a=1)\n- one\n- two\n1 < 2 & 3' },
  choices: { text: 'Is that right?', choices: choices('Yes', 'No') },
  'eleven choices': { text: 'Which?', choices: choices(...Array.from({ length: 11 }, (_, at) => `Order ${at}`)) },
  'a choice longer than an item': { text: '哪一张账单？', choices: choices('十月份的账单', '很长'.repeat(30)) },
  'several choices at once': { text: 'Which articles?', choices: choices('Mug × 2', 'Lamp × 1'), multiple: true },
  links: { text: 'It is on its way.', links: [link('Track it')] },
  'a link that no app opens': { text: 'Call us.', links: [{ title: 'Phone', url: 'tel:+4912345' }] },
  'choices and a link': { text: 'Anything else?', choices: choices('Return something'), links: [link('Shop')] },
  'more links than a menu has room for': {
    text: 'Look:',
    links: Array.from({ length: 11 }, (_, at) => link(`No ${at}`)),
  },
  image: { text: 'This one?', image: picture('mug'), choices: choices('Yes', 'No') },
  'image of a kind that WeCom does not take': {
    text: 'Look',
    image: { url: 'https://shop.example/a.svg', alt: 'A mug' },
  },
  'image that nobody can reach': { text: 'This one?', image: { url: '/files/1', alt: 'Your mug' } },
  card: { text: 'Your order:', card: card('Mug', { links: [link('Open')] }) },
  'card with a picture': { text: 'Your order:', card: card('Mug', { image: picture('mug') }) },
  'card with a picture and somewhere to go': {
    text: 'Your order:',
    card: card('Mug', { image: picture('mug'), links: [link('Open'), link('Return')] }),
  },
  'card whose title WeCom would cut off': {
    text: '您的订单：',
    card: card('陶瓷杯'.repeat(20), { image: picture('mug'), links: [link('Open')] }),
  },
  carousel: {
    text: 'Which one?',
    carousel: [
      card('Mug', { image: picture('mug'), links: [link('Open')] }),
      card('Lamp', { image: picture('lamp'), links: [link('Open')] }),
    ],
    choices: choices('Mug', 'Lamp'),
  },
  file: { text: 'Here is your bill.', file: { url: 'https://shop.example/b/1.pdf', name: 'bill.pdf' } },
  'nothing but choices': { text: '', choices: choices('Yes', 'No') },
};

describe('a message in WeCom', () => {
  test.each(Object.entries(ELEMENTS))('%s', (_, message) => {
    expect(planned(message)).toMatchSnapshot();
  });

  test('stands in the order in which it was written, and a question over its own choices', () => {
    const image = { url: 'https://shop.example/mug.jpg', alt: 'mug' };
    const kinds = (...messages: readonly Message[]) =>
      plan(messages, { locale: 'en', settings: undefined }).map(({ msgtype }) => msgtype);
    expect(kinds({ text: 'Look:', image }, { text: 'And this:', image })).toEqual(['text', 'image', 'text', 'image']);
    const choices = [{ token: 'o1.0', label: 'Yes' }];
    expect(kinds({ text: 'Look:', image }, { text: 'This one?', image, choices })).toEqual([
      'text',
      'image',
      'image',
      'msgmenu',
    ]);
  });

  test('finds what is ours where the world reaches us', () => {
    const [shown] = planned({ text: '', image: { url: '/files/1', alt: 'Mug' } }, { publicUrl: 'https://bot.example' });
    expect(shown).toMatchObject({ msgtype: 'image', outside: { url: 'https://bot.example/files/1', own: true } });
  });

  test('speaks of numbers in the customer’s language', () => {
    const message: Message = { text: '要退哪些商品？', choices: choices('杯子', '台灯'), multiple: true };
    expect(planned(message, { locale: 'zh-CN' })).toEqual([
      { msgtype: 'text', text: { content: '要退哪些商品？\n\n1. 杯子\n2. 台灯\n可多选，请回复编号，如 1、3。' } },
    ]);
  });
});

describe('all that a turn says', () => {
  const turn: readonly Message[] = [
    { text: 'You are talking to a bot.' },
    { text: 'It is on its way.', links: [link('Track it')] },
    { text: 'Anything else?', choices: choices('No') },
  ];

  test('is one message', () => {
    expect(planned(turn)).toEqual([
      {
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: 'You are talking to a bot.\n\nIt is on its way.\n\nAnything else?',
          list: [
            { type: 'view', view: { url: 'https://shop.example/Track%20it', content: 'Track it' } },
            { type: 'click', click: { id: 'o1.0', content: 'No' } },
          ],
        },
      },
    ]);
  });

  test.each([5, 3, 2, 1])('shows as many pictures as %d messages leave room for, and names the others', (remaining) => {
    const pictures = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ text: '', image: picture(name) }));
    const parts = planned([...pictures, ...turn], { remaining });
    expect(parts).toHaveLength(remaining);
    const named = JSON.stringify(parts.at(-1)).match(/[a-f]: https:\/\/shop\.example\/[a-f]\.jpg/g);
    expect(named).toHaveLength(6 - (remaining - 1));
  });

  test('puts the end of a long text into the menu’s head, and loses nothing', () => {
    const text = Array.from({ length: 150 }, (_, at) => `第 ${at} 句话说完了。`).join('');
    const parts = planned({ text, choices: choices('好') });
    expect(parts.map(({ msgtype }) => msgtype)).toEqual(['text', 'text', 'msgmenu']);
    const said = parts.map((part) =>
      part.msgtype === 'text' ? part.text.content : part.msgtype === 'msgmenu' ? part.msgmenu.head_content : '',
    );
    expect(said.join('')).toBe(text);
  });

  test('is never more than WeCom takes', async () => {
    const wecom = await openSimulator();
    await wecom.close();
    const { world } = wecom;
    const word = fc.string({ unit: 'grapheme', maxLength: 400 });
    const message: fc.Arbitrary<Message> = fc.record(
      {
        text: fc.oneof(word, fc.lorem({ maxCount: 400 }), fc.constant('你好🎁'.repeat(900))),
        choices: fc.array(fc.record({ token: fc.constantFrom('o1.0', 'o1.1'), label: word }), { maxLength: 13 }),
        links: fc.array(fc.record({ title: word, url: fc.webUrl() }), { maxLength: 13 }),
        carousel: fc.array(fc.record({ title: word, text: word }), { maxLength: 3 }),
      },
      { requiredKeys: ['text'] },
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), (messages) => {
        for (const part of planned(messages))
          expect(mistakeIn(part as Readonly<Record<string, unknown>>, world)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
