import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Bot, createBot, defineChannel } from '../../src/index.ts';
import { fetchedChannel } from '../crash/channel.ts';

const FLOW = 'flow: hello\ntriggers: {examples: {en: [hello bot]}}\nsteps: [say: Hello there, end: resolved]\n';

/** Its customers write over a webhook; what they send beside a word is a PNG's first bytes and as many more as the word says. */
const pager = defineChannel({
  ...fetchedChannel,
  kind: 'pager',
  verify: () => undefined,
  parse: ({ body }) => {
    const text = new TextDecoder().decode(body);
    const media = /^\d+$/.test(text) ? [{ ref: text, name: 'a.png' }] : [];
    return [{ account: 'pager', address: 'ann', key: text, event: { kind: 'message', text }, media }];
  },
  fetch: async ({ ref }) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(Number(ref))]),
});

let directory: string;
let bot: Bot | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'parley-bot-'));
  mkdirSync(join(directory, 'flows', 'hello'), { recursive: true });
  writeFileSync(join(directory, 'flows', 'hello', 'flow.yaml'), FLOW);
});
afterEach(async () => {
  await bot?.stop(1_000);
  bot = undefined;
  rmSync(directory, { recursive: true, force: true });
});

/** Opens a bot that only pagers reach. */
async function open(more = ''): Promise<(path: string, body?: string) => Promise<Response>> {
  writeFileSync(join(directory, 'parley.yaml'), `name: Test\nchannels: {pager: {kind: pager}}\n${more}`);
  bot = await createBot({ directory, environment: {}, channels: [pager] });
  const url = await bot.listen();
  return (path, body) => fetch(url + path, body === undefined ? {} : { method: 'POST', body });
}

describe('a bot without a web chat', () => {
  test('is reached by its platforms, and is healthy', async () => {
    const ask = await open();
    expect((await ask('/channels/pager', 'hello bot')).status).toBe(200);
    expect((await ask('/readyz')).status).toBe(200);
    expect((await ask('/metrics')).status).toBe(200);
  });

  test('has no page and no chat', async () => {
    const ask = await open();
    for (const path of ['/', '/chat', '/widget.js', '/chat/messages']) expect((await ask(path)).status).toBe(404);
    expect((await ask('/chat/session', '{}')).status).toBe(404);
  });

  test('shows what customers sent, within the limits of its own settings', async () => {
    const ask = await open('files: {megabytes: 0.001}\n');
    await ask('/channels/pager', '500');
    await ask('/channels/pager', '2000');
    const hello = await bot!.accept({
      account: 'pager',
      address: 'ann',
      key: 'k',
      event: { kind: 'message', text: 'hello bot' },
    });
    const lines = await bot!.transcript(hello.conversation);
    const files = lines.flatMap(({ attachments = [], message }) => attachments.map(({ url }) => [message.text, url]));
    expect(files).toHaveLength(1);
    expect(lines.some(({ message }) => message.text.includes('[a.png]'))).toBe(true);
    const [[, url] = []] = files;
    expect((await ask(url ?? '')).headers.get('content-type')).toBe('image/png');
  });
});
