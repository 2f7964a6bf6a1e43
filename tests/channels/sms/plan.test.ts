import { describe, expect, test } from '@jest/globals';
import type { SmsPart } from '../../../channels/sms/plan.ts';
import sms from '../../../channels/sms/sms.ts';
import type { Message } from '../../../src/channel.ts';
import { account } from './account.ts';

const planned = (message: Message, locale = 'en') =>
  sms.plan([message], { locale, settings: account() }) as readonly SmsPart[];
const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `t${index}`, label }));
const mug = { url: 'https://shop.example/mug.jpg', alt: 'A blue mug' };
const card = {
  title: 'Blue mug',
  text: 'Holds **0.3 l**.',
  image: mug,
  fields: [{ name: 'Price', value: '€12.90' }],
  links: [{ title: 'Look', url: 'https://shop.example/mug' }],
};

describe('on a phone without buttons', () => {
  const elements: Readonly<Record<string, Message>> = {
    text: { text: 'Your order **AB123456** is on its way — it’s “nearly” there.' },
    choices: { text: 'What is wrong with it?', choices: choices('Damaged', 'Wrong item', 'Too late') },
    'one choice': { text: 'Ready?', choices: choices('Go on') },
    'several choices at once': { text: 'Which articles?', choices: choices('Kettle', 'Mug'), multiple: true },
    links: { text: 'Pay here', links: [{ title: 'Invoice', url: 'https://shop.example/i/1' }] },
    card: { text: 'We found this', card },
    carousel: { text: 'We found these', carousel: [card, { title: 'Red mug', text: 'Holds 0.4 l.' }] },
    image: { text: 'Here it is', image: mug },
    'image of nowhere': { text: 'Here it is', image: { url: '/mug.jpg', alt: 'A blue mug' } },
    file: { text: 'Your label', file: { url: 'https://shop.example/label.pdf', name: 'label.pdf' } },
    'choices alone': { text: '', choices: choices('Yes', 'No') },
    nothing: { text: '' },
  };
  test.each(Object.entries(elements))('%s', (_name, message) => expect(planned(message)).toMatchSnapshot());

  const chinese: Readonly<Record<string, Message>> = {
    text: { text: '您的订单 **AB123456** 正在配送中，“很快”就到…' },
    choices: { text: '有什么问题？', choices: choices('破损', '发错货') },
    'several choices at once': { text: '要退哪些？', choices: choices('水壶', '杯子'), multiple: true },
  };
  test.each(Object.entries(chinese))('%s in Chinese', (_name, message) =>
    expect(planned(message, 'zh')).toMatchSnapshot(),
  );
});

describe('a message too long for one', () => {
  test('is several, each with its price, and the choices come last', () => {
    const parts = planned({ text: 'A sentence of some words. '.repeat(100), choices: choices('Yes', 'No') });
    expect(parts.map(({ body }) => body.slice(0, 6))).toEqual(['(1/2) ', '(2/2) ']);
    expect(parts.every(({ segments }) => segments <= 10)).toBe(true);
    expect(parts.at(-1)?.body).toMatch(/1\. Yes\n2\. No\nReply 1 or 2\.$/);
  });
});
