import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { plan } from '../../../channels/slack/plan.ts';
import { pull } from '../../../channels/slack/pull.ts';
import { send } from '../../../channels/slack/send.ts';
import { onScreen } from '../../../channels/slack/simulator/phone.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import type { Bubble, Inbound, Phone } from '../../../src/channel.ts';
import type { Message } from '../../../src/message.ts';
import { account } from './account.ts';
import { until } from './until.ts';

let slack: Simulator;
let anna: Phone;
let ending: AbortController;
const heard: Inbound[] = [];

beforeEach(async () => {
  slack = await openSimulator({ sleep: () => Promise.resolve() });
  anna = onScreen(slack).phone({ name: 'Anna Schmidt', locale: 'en', number: '+4915100000001' });
  ending = new AbortController();
  heard.length = 0;
});
afterEach(async () => {
  ending.abort();
  await until(
    () => slack.sockets.connections === 0,
    () => 'the end of the socket',
  );
  await slack.close();
});

/** What a bot hears over its socket, as long as the test lasts. */
async function listen(): Promise<void> {
  const settings = account({ api_root: slack.url, receive: 'socket' });
  const { signal } = ending;
  void (async () => {
    for (let cursor = ''; !signal.aborted; ) {
      const pulled = await pull({ account: 'slack', settings, cursor, signal });
      heard.push(...pulled.events);
      ({ cursor } = pulled);
    }
  })();
  await until(
    () => slack.sockets.connections > 0,
    () => 'a socket',
  );
}

async function say(message: Message): Promise<Bubble> {
  const settings = account({ api_root: slack.url });
  for (const part of plan([message], { locale: 'en', settings }))
    await send(part, { settings, address: anna.address, key: 'k', signal: AbortSignal.timeout(5_000) });
  return anna.screen.at(-1)!;
}

const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `o1.${index}`, label }));
const eventsOf = () => heard.map(({ event }) => event);

describe('a phone with Slack', () => {
  test('shows what went over the wire, markup read', async () => {
    const { text, buttons } = await say({
      text: '**Which** <one>? See [the shop](https://shop.example/)',
      choices: choices('Lamp', 'Mug'),
      links: [{ title: 'Open', url: 'https://shop.example/' }],
    });
    expect(text).toEqual([
      { text: 'Which', style: 'bold' },
      { text: ' <one>? See ' },
      { text: 'the shop', url: 'https://shop.example/' },
    ]);
    expect(buttons).toEqual([
      [{ id: 'link.0', label: 'Open', url: 'https://shop.example/' }],
      [
        { id: 'pick.0', label: 'Lamp' },
        { id: 'pick.1', label: 'Mug' },
      ],
    ]);
  });

  test('shows cards, pictures and facts', async () => {
    const image = { url: 'https://shop.example/a.png', alt: 'A mug' };
    const { cards } = await say({
      text: 'Look',
      card: { title: 'Mug', image, fields: [{ name: 'Price', value: '€12' }] },
    });
    expect(cards).toEqual([
      { title: [{ text: 'Mug', style: 'bold' }], image },
      { title: [], facts: [{ name: 'Price', value: '€12' }] },
    ]);
    expect((await say({ text: 'Look', image })).image).toEqual(image);
  });

  test('writes, taps, ticks, picks from a list and a calendar, and sends a file', async () => {
    await listen();
    await anna.open?.();
    await anna.write('hello');
    const one = await say({ text: 'Which?', choices: choices('Lamp', 'Mug') });
    await anna.tap(one.id, 'pick.1');
    const several = await say({ text: 'Which?', choices: choices('Lamp', 'Mug', 'Vase'), multiple: true });
    expect(several.buttons?.[0]?.[0]).toMatchObject({
      id: 'submit',
      label: 'Done',
      fields: [{ name: 'several', kind: 'choices' }],
    });
    await anna.tap(several.id, 'submit', { several: 'o1.0,o1.2' });
    const list = await say({
      text: 'Which?',
      choices: choices(...Array.from({ length: 30 }, (_, index) => `No ${index}`)),
    });
    await anna.tap(list.id, 'one', { one: 'o1.7' });
    const date = await say({ text: 'When?', input: 'date' });
    await anna.tap(date.id, 'date', { date: '2026-12-24' });
    await anna.attach?.({ name: 'mug.png', type: 'image/png', bytes: new Uint8Array(4) });
    await until(
      () => heard.length === 7,
      () => JSON.stringify(eventsOf()),
    );
    expect(eventsOf()).toEqual([
      { kind: 'opened' },
      { kind: 'message', text: 'hello' },
      { kind: 'choice', token: 'o1.1', label: 'Mug' },
      { kind: 'choice', token: 'o1.0,o1.2', label: 'Lamp, Vase' },
      { kind: 'choice', token: 'o1.7', label: 'No 7' },
      { kind: 'message', text: '2026-12-24' },
      { kind: 'message', text: '' },
    ]);
    expect(new Set(heard.map(({ address }) => address))).toEqual(new Set([anna.address]));
    expect(anna.screen.at(-1)?.file?.name).toBe('mug.png');
  });

  test('tells whoever watches that its screen has changed', async () => {
    let changes = 0;
    const end = anna.watch(() => {
      changes += 1;
    });
    await say({ text: 'Hello' });
    end();
    await say({ text: 'Hello again' });
    expect(changes).toBe(1);
  });

  test('suffers what was chosen to go wrong', async () => {
    const screen = onScreen(slack);
    screen.fail('error');
    await expect(say({ text: 'Hello' })).rejects.toMatchObject({ statusCode: 503 });
    await listen();
    screen.fail('duplicate');
    await anna.write('twice');
    await anna.write('once');
    await until(
      () => heard.length === 3,
      () => JSON.stringify(eventsOf()),
    );
    expect(new Set(heard.map(({ key }) => key)).size).toBe(2);
  });
});
