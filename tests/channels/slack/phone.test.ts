import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acknowledge } from '../../../channels/slack/acknowledge.ts';
import { plan } from '../../../channels/slack/plan.ts';
import { pull } from '../../../channels/slack/pull.ts';
import { send } from '../../../channels/slack/send.ts';
import { onScreen } from '../../../channels/slack/simulator/phone.ts';
import { openSimulator, type Simulator } from '../../../channels/slack/simulator.ts';
import type { Bubble, Field, Inbound, Phone } from '../../../src/channel.ts';
import type { Message } from '../../../src/message.ts';
import { until } from '../../support/until.ts';
import { account } from './account.ts';

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
      { title: [{ text: 'Mug', style: 'bold' }], image, facts: [{ name: 'Price', value: '€12' }] },
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

  describe('with a form', () => {
    const options = ['Morning', 'Evening'].map((label, index) => ({ value: String(index), label }));
    const fields: readonly Field[] = [
      { name: 'day', label: 'Which day?', kind: 'date', value: '2026-12-01', error: 'That day is gone.' },
      { name: 'slot', label: 'When?', kind: 'choice', options },
      { name: 'extras', label: 'Extras', kind: 'choices', options, optional: true },
      { name: 'floors', label: 'Floor', kind: 'number' },
      { name: 'email', label: 'Email', kind: 'email', optional: true },
      { name: 'code', label: 'Code', kind: 'text', secret: true },
      { name: 'note', label: 'Anything else?', kind: 'text', long: true, optional: true },
    ];
    const form = { token: 'form1', title: 'Your delivery', text: 'Please have another look.', submit: 'Send', fields };
    const filled = { day: '2026-12-24', slot: '1', extras: '0,1', floors: '3', code: '123456', note: 'Ring\ntwice' };

    /** Does what the bot does with each event once it is on disk. */
    async function acknowledged(count: number): Promise<void> {
      await until(
        () => heard.length === count,
        () => JSON.stringify(eventsOf()),
      );
      const settings = account({ api_root: slack.url });
      await acknowledge(heard.at(-1)?.receipt ?? {}, { settings, signal: AbortSignal.timeout(5_000) });
    }

    test('taps a button, and fills in and sends what opens', async () => {
      await listen();
      const bubble = await say({ text: 'Which day?', choices: choices('Never'), form });
      expect(bubble.text.map(({ text }) => text).join('')).toBe('Your delivery\n\nPlease have another look.');
      expect(bubble.buttons).toEqual([[{ id: 'form', label: 'Fill in' }]]);
      await anna.tap(bubble.id, 'form');
      await acknowledged(1);
      const modal = anna.screen.at(-1)!;
      expect(modal.buttons?.[0]?.[0]?.fields).toMatchObject([
        { name: 'day', label: 'Which day? — ⚠️ That day is gone.', kind: 'date' },
        { name: 'slot', kind: 'choice', options },
        { name: 'extras', kind: 'choices', options, optional: true },
        { name: 'floors', kind: 'text' },
        { name: 'email', kind: 'text', optional: true },
        { name: 'code', kind: 'text' },
        { name: 'note', kind: 'text', optional: true },
      ]);
      await anna.tap(modal.id, 'submit', filled);
      await acknowledged(2);
      expect(eventsOf()).toEqual([
        { kind: 'form', token: 'form1' },
        { kind: 'form', token: 'form1', values: { ...filled, email: '' } },
      ]);
      expect(heard.map(({ address }) => address)).toEqual([anna.address, anna.address]);
      // The modal is closed, and what she has sent stands where the button was: not her code.
      const shown = anna.screen.at(-1)!;
      expect(shown.buttons).toBeUndefined();
      expect(shown.text.map(({ text }) => text).join('')).toBe(
        'Your delivery\n\nPlease have another look.\n▸ Which day? 2026-12-24\n▸ When? Evening\n▸ Extras: Morning, Evening\n▸ Floor: 3\n▸ Code: ••••••\n▸ Anything else? Ring\n▸ twice',
      );
    });

    test('may close it again', async () => {
      await listen();
      const bubble = await say({
        text: 'Which day?',
        form: { ...form, title: 'A name that is longer than a modal takes' },
      });
      await anna.tap(bubble.id, 'form');
      await acknowledged(1);
      expect(anna.screen.at(-1)?.text.map(({ text }) => text)).toContain('A name that is longer than a modal takes');
      await anna.tap(anna.screen.at(-1)!.id, 'close');
      expect(anna.screen.at(-1)?.id).toBe(bubble.id);
    });

    test('is asked step by step what no modal takes', async () => {
      const long = [{ name: 'slot', label: 'When?', kind: 'choice', options: [{ value: '0', label: 'x'.repeat(76) }] }];
      const many = Array.from({ length: 25 }, (_, index) => ({
        name: `n${index}`,
        label: Array.from({ length: 40 }, (_each, place) =>
          String.fromCodePoint(0x4e00 + index * 97 + place * 31),
        ).join(''),
        kind: 'text',
      }));
      for (const each of [long, many] as (readonly Field[])[]) {
        const { text, buttons } = await say({
          text: 'Which?',
          choices: choices('Lamp'),
          form: { ...form, fields: each },
        });
        expect([text[0]?.text, buttons?.[0]?.[0]?.label]).toEqual(['Which?', 'Lamp']);
      }
    });
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
