import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bubbleOf as inWebChat } from '../../channels/directline/simulator/bubble.ts';
import type { Message } from '../../src/channel.ts';
import { CHANNELS } from '../../src/deployment/channels.ts';
import { CARRIED, Line } from '../contracts/line.ts';
import { endAll } from '../journeys/process.ts';
import { bubbleOf as inWidget } from '../journeys/web-phone.ts';
import { drawn } from './drawn.ts';

const SHOP = 'https://shop.example';
const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `o1.${index.toString(36)}`, label }));
const track = { title: 'Track parcel', url: `${SHOP}/track/1` };
const mug = {
  title: 'Stoneware mug',
  text: 'Holds **0.3 l**.',
  image: { url: `${SHOP}/mug.png`, alt: 'A blue mug' },
  fields: [{ name: 'Price', value: '€12.50' }],
  links: [{ title: 'Look', url: `${SHOP}/mug` }],
};
const lamp = { title: 'Desk lamp', text: 'Warm light.', fields: [{ name: 'Price', value: '€79.00' }] };

/** The same for every channel, and drawn as each app shows it: read them beside each other when they change. */
const ELEMENTS: Readonly<Record<string, Message>> = {
  'text with markup': {
    text: '**Order AB123457** is with *DHL*: `PX1`, see [the map](https://dhl.example/PX1).\n- It’s “nearly” there\n- 1 < 2 & 3',
  },
  'a long text': { text: 'This is a sentence of some words that goes on for a while. '.repeat(40).trim() },
  'few choices': { text: 'Is that right?', choices: choices('Yes', 'No') },
  'many choices': {
    text: 'Which size?',
    choices: choices(...Array.from({ length: 12 }, (_, index) => `Size ${index + 35}`)),
  },
  'long choices': {
    text: 'Which bill?',
    choices: choices('The one of October with the express delivery', 'The one of November with the gift wrapping'),
  },
  'several at once': { text: 'Which articles?', choices: choices('Mug × 2', 'Lamp × 1'), multiple: true },
  几样里面选: { text: '您要退哪些商品？', choices: choices('陶瓷杯 × 2', '台灯 × 1'), multiple: true },
  选一个: { text: '请问退货原因是什么？', choices: choices('商品损坏', '发错商品', '不想要了') },
  'a link': { text: 'It is on its way.', links: [track] },
  'choices and a link': { text: 'Anything else?', choices: choices('Return something'), links: [track] },
  'a card': { text: 'Your order:', card: mug },
  'a carousel': { text: 'Which one?', carousel: [mug, lamp], choices: choices('Mug', 'Lamp') },
  'a picture': { text: 'Is it this one?', image: mug.image, choices: choices('Yes', 'No') },
  'a file': { text: 'Here is your bill.', file: { url: `${SHOP}/bill.pdf`, name: 'bill.pdf' } },
  'a date': { text: 'When did it come?', input: 'date' },
  'a date or not': { text: 'When did it come?', input: 'date', choices: choices('Skip') },
  'a form': {
    text: 'What is wrong with it?',
    choices: choices('Charged twice', 'Wrong amount'),
    form: {
      token: 'form1',
      title: 'Dispute Express delivery',
      submit: 'Send',
      fields: [
        {
          name: 'reason',
          label: 'What is wrong with it?',
          kind: 'choice',
          options: [
            { value: '0', label: 'Charged twice' },
            { value: '1', label: 'Wrong amount' },
          ],
        },
        { name: 'day', label: 'Since when?', kind: 'date' },
        { name: 'note', label: 'Anything to add?', kind: 'text', long: true, optional: true },
      ],
    },
  },
  'nothing but choices': { text: '', choices: choices('Yes', 'No') },
};

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Those that take files by upload, and how their accounts name hosts of our own network. */
const UPLOADING = new Map([
  ['wecom', 'file_hosts'],
  ['slack', 'file_hosts'],
  ['teams', 'outside_hosts'],
]);

/** What a shop shows, for platforms that want it uploaded. */
let shop: Server;
beforeAll(async () => {
  shop = createServer(({ url = '' }, response) => response.end(url.endsWith('.png') ? PNG : '%PDF-1.4 bill'));
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  shop.close();
  await endAll();
}, 30_000);

describe('on the screen of', () => {
  test.each(CARRIED)(
    '%s',
    async (kind) => {
      const { port } = shop.address() as AddressInfo;
      const line = await Line.open(
        kind,
        UPLOADING.has(kind) ? { [UPLOADING.get(kind) ?? '']: [`127.0.0.1:${port}`] } : {},
      );
      const local = `http://127.0.0.1:${port}`;
      const sheet: string[] = [];
      for (const [name, message] of Object.entries(ELEMENTS)) {
        const before = line.phone.screen.length;
        const reachable = nearby(kind, message, local);
        await line.say(reachable, /\p{sc=Han}/u.test(message.text) ? 'zh-CN' : 'en');
        const shown = line.phone.screen.slice(before).filter(({ from }) => from === 'bot');
        sheet.push(`${name}\n${drawn(shown).replaceAll(local, SHOP)}`);
      }
      await line.close();
      expect(`\n${sheet.join('\n\n')}\n`).toMatchSnapshot();
    },
    30_000,
  );

  test('web', async () => {
    const plan = await planOf('web');
    const shown = (message: Message) =>
      plan(message).map((part, index) =>
        inWidget({
          ...(part as unknown as Message),
          id: String(index),
          seq: index,
          from: 'bot',
          at: 0,
          status: 'sent',
        }),
      );
    expect(sheetOf(shown)).toMatchSnapshot();
  });

  test('directline', async () => {
    const plan = await planOf('directline');
    const shown = (message: Message) =>
      plan(message).map((part, index, all) =>
        inWebChat(
          {
            type: 'message',
            id: String(index),
            timestamp: '2026-11-21T10:00:00Z',
            from: { id: 'bot', role: 'bot' },
            ...part,
          },
          index === all.length - 1,
        ),
      );
    expect(sheetOf(shown)).toMatchSnapshot();
  });
});

/** What a platform wants uploaded lies at our own shop; what it fetches itself is named, and nobody fetches it here. */
function nearby(kind: string, message: Message, local: string): Message {
  if (kind === 'wecom') return JSON.parse(JSON.stringify(message).replaceAll(SHOP, local)) as Message;
  if (!UPLOADING.has(kind) || message.file === undefined) return message;
  return { ...message, file: { ...message.file, url: message.file.url.replace(SHOP, local) } };
}

async function planOf(kind: string) {
  const channel = await CHANNELS[kind]?.();
  return (message: Message) =>
    channel?.plan([message], { locale: /\p{sc=Han}/u.test(message.text) ? 'zh-CN' : 'en', settings: undefined }) ?? [];
}

function sheetOf(shown: (message: Message) => Parameters<typeof drawn>[0]): string {
  const entries = Object.entries(ELEMENTS).map(([name, message]) => `${name}\n${drawn(shown(message))}`);
  return `\n${entries.join('\n\n')}\n`;
}
