import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import web from '../../channels/web/web.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createLog } from '../../src/log.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import type { TakeTurn } from '../../src/turn.ts';
import { type Door, openDoor, refusalOf } from './door.ts';

/** Says back what it heard, and how many messages that makes. */
const echo: TakeTurn = (state, event) => {
  if (event.kind !== 'message') return { state: state ?? { heard: 0 }, effects: [] };
  const heard = Number(state?.heard ?? 0) + 1;
  return { state: { heard }, effects: [{ kind: 'send', message: { text: `${heard}: ${event.text}` }, from: 'bot' }] };
};

let folder: string;
let store: Store;
let engine: Engine;
let door: Door;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-door-'));
  store = openSqlite(join(folder, 'parley.db'));
  engine = createEngine({
    store,
    turn: echo,
    channels: new Map([['web', { channel: web, settings: web.settings({ kind: 'web' }, {}) }]]),
    actions: new Map(),
    clock: { now: Date.now },
    log: await createLog({ level: 'silent' }),
  });
  await engine.start();
  door = await openDoor({}, { engine });
});
afterEach(async () => {
  await door.close();
  await engine.stop(1000);
  await store.close();
  await rm(folder, { recursive: true });
});

test('a conversation over the engine on a real file is held, once and in order', async () => {
  const { token } = await door.open({ locale: 'en' });
  const client = await door.socket(token);
  await client.until((frame) => frame.type === 'ready');
  client.send({ type: 'send', id: 'm1', text: 'hello' });
  client.send({ type: 'send', id: 'm1', text: 'hello' });
  client.send({ type: 'send', id: 'm2', text: 'again' });
  await client.until((frame) => frame.message?.text === '2: again');
  const { messages } = (await (await door.get('/chat/messages', token)).json()) as {
    messages: { id: string; from: string; text: string }[];
  };
  expect(messages.filter(({ from }) => from === 'customer').map(({ id, text }) => [id, text])).toEqual([
    ['m1', 'hello'],
    ['m2', 'again'],
  ]);
  expect(messages.filter(({ from }) => from === 'bot').map(({ text }) => text)).toEqual(['1: hello', '2: again']);
  await client.until((frame) => frame.message?.seq === messages.length);
  expect(client.heard).toEqual(messages.map((_, index) => index + 1));
  expect((await door.post('/chat/messages', { id: 'm1', text: 'hello' }, token)).status).toBe(200);
});

test('an unknown token opens nothing in a real store', async () => {
  expect(await refusalOf(await door.get('/chat/messages', 'A'.repeat(43)))).toEqual([401, 'chat.unknown_token']);
  expect(await (await door.get('/readyz')).json()).toMatchObject({ ready: true });
});
