import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toMarkdown } from '../../../channels/directline/markdown.ts';
import { readMarkdown } from '../../../channels/directline/simulator/read-markdown.ts';
import { openSimulator } from '../../../channels/directline/simulator.ts';
import type { Bubble, Phone, Simulator } from '../../../src/simulator.ts';
import { type Line, openLine, SECRET } from '../../server/directline/line.ts';
import { until } from '../../support/until.ts';

const PERSON = { name: 'Anna', locale: 'en-US', number: '+4915112345678' };

let line: Line;
let pages: Simulator;
let anna: Phone;
beforeEach(async () => {
  line = await openLine();
  pages = openSimulator({ domain: line.domain, secret: SECRET });
  anna = pages.phone(PERSON);
});
afterEach(async () => {
  await pages.close();
  await line.close();
});

const textOf = ({ text }: Bubble) => text.map((run) => run.text).join('');
const texts = () => anna.screen.map(textOf);
const events = () => line.engine.inbox.map(({ event }) => event).filter(({ kind }) => kind !== 'opened');

async function shows(...expected: string[]): Promise<void> {
  await until(
    () => anna.screen.length >= expected.length && anna.screen.every(({ status }) => status === undefined),
    () => JSON.stringify(anna.screen),
  );
  expect(texts()).toEqual(expected);
}

async function say(message: Parameters<Line['engine']['say']>[1]): Promise<void> {
  line.engine.say(await line.inside(anna.address), message);
}

describe('a page with Web Chat', () => {
  test('opens the conversation in her language, and is called by it', async () => {
    expect(anna.address).toBe('');
    await anna.open?.();
    expect(line.engine.inbox).toMatchObject([{ address: anna.address, event: { kind: 'opened', locale: 'en-US' } }]);
  });

  test('shows what she writes once, and what is said with its marks read', async () => {
    let changes = 0;
    const end = anna.watch(() => changes++);
    await anna.write('where is it?');
    await shows('where is it?');
    await say('It is with **DHL** (AB_1).\n- one');
    await shows('where is it?', 'It is with DHL (AB_1).\n• one');
    expect(anna.screen.at(-1)?.text).toContainEqual({ text: 'DHL', style: 'bold' });
    expect(changes).toBeGreaterThan(2);
    end();
  });

  test('offers choices below the last message, and tells the bot which was tapped', async () => {
    await anna.open?.();
    await say({ text: 'Sure?', choices: [{ token: 'o1.0', label: 'Yes' }] });
    await shows('Sure?');
    const [asked] = anna.screen;
    expect(asked?.buttons).toEqual([[{ id: 's0', label: 'Yes' }]]);
    await anna.tap(asked?.id ?? '', 's0');
    expect(events()).toEqual([{ kind: 'choice', token: 'o1.0' }]);
    await until(
      () => anna.screen.length === 2,
      () => JSON.stringify(anna.screen),
    );
    expect(anna.screen[0]?.buttons).toBeUndefined();
  });

  test('has her pick several from a list', async () => {
    await anna.open?.();
    const choices = ['Mug', 'Lamp'].map((label, index) => ({ token: `o1.${index}`, label }));
    await say({ text: 'Which?', choices, multiple: true });
    await shows('Which?');
    const [asked] = anna.screen;
    expect(asked?.buttons?.[0]?.[0]).toMatchObject({
      label: 'Choose',
      fields: [{ name: 'choice', kind: 'choices', options: [{ value: 'o1.0', label: 'Mug' }, { label: 'Lamp' }] }],
    });
    await anna.tap(asked?.id ?? '', asked?.buttons?.[0]?.[0]?.id ?? '', { choice: 'o1.0,o1.1' });
    expect(events()).toEqual([{ kind: 'choice', token: 'o1.0,o1.1' }]);
  });

  test('has her pick a date, or write one', async () => {
    await anna.open?.();
    await say({ text: 'When?', input: 'date' });
    await shows('When?');
    const [asked] = anna.screen;
    expect(asked?.buttons).toEqual([
      [{ id: 'p0', label: 'Choose', fields: [{ name: 'answer', label: '', kind: 'date' }] }],
    ]);
    await anna.tap(asked?.id ?? '', 'p0', { answer: '2026-11-21' });
    expect(events()).toEqual([{ kind: 'message', text: '2026-11-21' }]);
    await shows('When?', '2026-11-21');
  });

  test('shows cards, pictures, files and links', async () => {
    await anna.open?.();
    await say({
      text: 'Here',
      image: { url: '/mug.png', alt: 'A mug' },
      file: { url: '/label.pdf', name: 'Label' },
      links: [{ title: 'Track', url: 'https://dhl.example/1' }],
      card: { title: 'Mug', fields: [{ name: 'Price', value: '€5' }] },
    });
    await shows('Here');
    expect(anna.screen[0]).toMatchObject({
      image: { url: expect.stringMatching(/^http.*\/mug\.png$/), alt: 'A mug' },
      file: { url: expect.stringMatching(/^http.*\/label\.pdf$/), name: 'Label' },
      buttons: [[{ label: 'Track', url: 'https://dhl.example/1' }]],
      cards: [{ title: [{ text: 'Mug' }], text: [{ text: 'Price:', style: 'bold' }, { text: ' €5' }] }],
    });
  });

  test('sends a picture', async () => {
    const bytes = Buffer.from('89504e470d0a1a0a', 'hex');
    await anna.attach?.({ name: 'mug.png', type: 'image/png', bytes });
    await shows('');
    expect(anna.screen[0]?.image?.alt).toBe('mug.png');
  });

  test('shows that the other side types until it has said something', async () => {
    await anna.open?.();
    await until(
      () => line.engine.watchers === 1,
      () => 'her stream',
    );
    line.engine.typing(await line.inside(anna.address), true);
    await until(
      () => anna.typing,
      () => 'a sign of typing',
    );
    await say('Here');
    await shows('Here');
    expect(anna.typing).toBe(false);
  });

  test.each(['twice', 'lost', 'expired', 'drop'])('comes through “%s” with everything once', async (fault) => {
    expect(pages.faults).toContain(fault);
    await anna.open?.();
    pages.fail(fault);
    await anna.write('one');
    await say('two');
    await shows('one', 'two');
    expect(events()).toHaveLength(1);
  });

  test('says that what it could not send was not sent', async () => {
    await anna.open?.();
    await expect(anna.write('x'.repeat(9_000))).rejects.toMatchObject({ code: 'directline.simulator_refused' });
    expect(anna.screen[0]?.status).toBe('failed');
  });
});

test.each([
  '# 1 ![x](https://a.example/) <b> *a',
  '3. three\n- item\nend',
  'a_b `x*` \\*n\\* [l](https://a.example/)',
  '> q | ~~s~~',
])('what the channel writes is read as it was meant: %s', (text) => {
  const read = readMarkdown(toMarkdown(text))
    .map((run) => run.text)
    .join('');
  const meant = text
    .replace('[l](https://a.example/)', 'l')
    .replace('[x](https://a.example/)', 'x')
    .replace('`x*`', 'x*')
    .replaceAll('\\*', '*')
    .replace('- item\n', '• item\n\n');
  expect(read).toBe(meant);
});
