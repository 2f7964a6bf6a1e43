import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { silences, withConsent } from '../../src/consent/consent.ts';
import type { Event } from '../../src/event.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { scripted, type World, world } from '../support/engine-world.ts';

const ANN = { account: 'sms', address: '+15557654321' };

let folder: string;
let running: World | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-ledger-'));
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<World> {
  const store = openSqlite(join(folder, 'store'));
  running = world({ turn: withConsent(scripted, 'Shop'), silences, store });
  await running.engine.start();
  return running;
}

async function stop(): Promise<void> {
  await running?.engine.stop(1_000);
  await running?.store.close();
  running = undefined;
}

let keys = 0;
/** Something of hers, or of the world, under a key of its own. */
function happens(event: Event) {
  keys += 1;
  return running!.engine.accept({ ...ANN, key: `e${keys}`, event });
}
const says = (text: string) => happens({ kind: 'message', text });
const rules = (word: 'stop' | 'start', answered = false) =>
  happens({ kind: 'message', text: word, consent: { word, answered } });
const parcel = () => happens({ kind: 'signal', name: 'parcel.arrived', data: {} });
const ruled = async () => running!.store.ruling(ANN.account, ANN.address);

test('an opt-out that only the platform has heard of holds from the first refused message on', async () => {
  const w = await start();
  const tried: string[] = [];
  w.trouble = (text) => {
    tried.push(text);
    return { kind: 'opted_out' };
  };
  await says('hello');
  await w.until(async () => (await ruled())?.out !== undefined);
  await parcel();
  await says('anybody there?');
  expect(tried).toEqual(['1: hello']);

  w.trouble = () => undefined;
  await rules('start', true);
  await w.until(async () => (await ruled()) === undefined);
  await says('back');
  await w.until(() => w.platform.length === 1);
  expect(w.platform.map(({ text }) => text)).toEqual([expect.stringContaining('back')]);
});

test('who cannot be reached is told nothing until she writes again', async () => {
  const w = await start();
  let tries = 0;
  w.trouble = () => {
    tries += 1;
    return { kind: 'unreachable', reason: 'channel.blocked_by_her' };
  };
  await says('hello');
  await w.until(async () => (await ruled())?.blocked !== undefined);
  await parcel();
  await parcel();
  expect(tries).toBe(1);
  w.trouble = () => undefined;
  await says('here I am');
  await w.until(() => w.platform.length === 1);
  expect(await ruled()).toBeUndefined();
});

test('who was erased after she had opted out stays opted out, and is not answered a second time', async () => {
  const first = await start();
  await says('hello');
  await rules('stop');
  await first.until(() => first.platform.length === 2);
  await stop();
  const file = new Database(join(folder, 'store'));
  file.exec('DELETE FROM conversation; DELETE FROM entry; DELETE FROM effect; DELETE FROM inbox');
  file.close();

  const second = await start();
  await says('hello again');
  await rules('stop');
  await parcel();
  expect(second.platform).toEqual([]);
  await rules('start');
  await says('now');
  await second.until(() => second.platform.length === 2);
  expect(second.platform.map(({ text }) => text)).toEqual([
    expect.stringContaining('You get our messages again'),
    expect.stringContaining('now'),
  ]);
});
