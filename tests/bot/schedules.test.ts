import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isHerPlace } from '../../src/bot/her-place.ts';
import { openBot, type RunningBot } from '../../src/bot/open-bot.ts';
import { keepSchedules } from '../../src/bot/schedules.ts';
import type { Channel } from '../../src/channel.ts';
import type { Program } from '../../src/flow/program.ts';
import type { Log } from '../../src/log.ts';
import { openMemory } from '../../src/store/memory.ts';

const NINE = Date.parse('2026-11-23T08:00:00Z'); // Nine in Berlin, a Monday.
const MINUTE = 60_000;
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const news = (schedule: string, text = 'News!') => `
flow: news
callable_only: true
triggers: {schedule: "${schedule}"}
guard: customer.quiet != true
steps:
  - say: "${text}"
  - end: resolved
`;

let directory: string;
let bot: RunningBot | undefined;
const clock = { at: 0, now: () => clock.at };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'parley-schedules-'));
  mkdirSync(join(directory, 'flows', 'news'), { recursive: true });
  writeFileSync(
    join(directory, 'parley.yaml'),
    'name: Canteen\nlocales: [en]\nnotice: false\ntimezone: Europe/Berlin\nchannels: {web: {kind: web}}\n',
  );
  write(news('0 9 * * 1'));
  clock.at = NINE - 10 * MINUTE;
});

afterEach(async () => {
  await stop();
  rmSync(directory, { recursive: true, force: true });
});

const write = (flow: string) => writeFileSync(join(directory, 'flows', 'news', 'flow.yaml'), flow);

async function start(): Promise<RunningBot> {
  bot = await openBot({ directory, environment: {}, log: silent, clock });
  await bot.engine.start();
  return bot;
}

async function stop(): Promise<void> {
  await bot?.stop(2_000);
  bot = undefined;
}

async function writeTo(address: string): Promise<void> {
  const event = { kind: 'message', text: 'hello' } as const;
  await bot?.engine.accept({ account: 'web', address, key: `k-${address}`, event });
}

async function newsAt(address: string): Promise<number> {
  const id = await bot?.engine.find('web', address);
  const lines = id === undefined ? [] : ((await bot?.engine.transcript(id, 0, 100)) ?? []);
  return lines.filter(({ message }) => message.text === 'News!').length;
}

/** Until the schedule has been heeded up to the clock's minute, or has begun to be heeded at all. */
async function heeded(minute?: number): Promise<void> {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    const kept = JSON.parse((await bot?.store.cursor('schedule:news')) ?? '{}');
    if (minute === undefined ? kept.minute !== undefined : kept.minute === minute) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`Not heeded: ${await bot?.store.cursor('schedule:news')}`);
}

describe('a flow with a schedule', () => {
  test('begins in every conversation when its minute comes, once', async () => {
    await start();
    for (let index = 0; index < 120; index++) await writeTo(`a${index}`);
    await heeded();
    expect(await newsAt('a0')).toBe(0);
    clock.at = NINE + 5_000;
    await heeded(NINE);
    for (const address of ['a0', 'a99', 'a100', 'a119']) expect(await newsAt(address)).toBe(1);
    clock.at = NINE + 2 * MINUTE;
    await new Promise((done) => setTimeout(done, 1_200));
    expect(await newsAt('a0')).toBe(1);
  });

  test('is made up after a restart, if its minute was within the hour', async () => {
    await start();
    await writeTo('ann');
    await heeded();
    await stop();
    clock.at = NINE + 50 * MINUTE;
    await start();
    await heeded(NINE);
    expect(await newsAt('ann')).toBe(1);
    await stop();
    clock.at = NINE + 55 * MINUTE;
    await start();
    await new Promise((done) => setTimeout(done, 1_500));
    expect(await newsAt('ann')).toBe(1);
  });

  test('is not made up later than that', async () => {
    await start();
    await writeTo('ann');
    await heeded();
    await stop();
    clock.at = NINE + 61 * MINUTE;
    await start();
    await new Promise((done) => setTimeout(done, 1_500));
    expect(await newsAt('ann')).toBe(0);
  });

  test('goes on where it was when the process ended, and tells nobody twice', async () => {
    await start();
    for (const address of ['ann', 'bob', 'eve']) await writeTo(address);
    await heeded();
    const keyOf = async (address: string) => (await bot?.store.load('web', address))?.key ?? 0;
    const event = { kind: 'scheduled', flow: 'news', minute: NINE } as const;
    // Ann and Bob were told, and only Ann's page was noted.
    clock.at = NINE;
    for (const address of ['ann', 'bob'])
      await bot?.engine.accept({ account: 'web', address, key: `schedule:news:${NINE}`, event });
    const kept = {
      schedule: '0 9 * * 1',
      minute: NINE - 10 * MINUTE,
      going: { minute: NINE, after: await keyOf('ann') },
    };
    await bot?.store.keepCursor('schedule:news', JSON.stringify(kept));
    await stop();
    clock.at = NINE + MINUTE;
    await start();
    await heeded(NINE);
    for (const address of ['ann', 'bob', 'eve']) expect(await newsAt(address)).toBe(1);
  });

  test('that has just been written has missed nothing', async () => {
    clock.at = NINE + 10 * MINUTE;
    const { reload } = await start();
    await writeTo('ann');
    await heeded();
    write(news('5 9 * * 1'));
    expect(await reload()).toEqual([]);
    clock.at = NINE + 11 * MINUTE;
    await heeded(NINE + 11 * MINUTE);
    expect(await newsAt('ann')).toBe(0);
  });
});

describe('outside the window of a channel', () => {
  test('only a flow with a template begins', async () => {
    const can = { window: { templates: true } } as Channel['can'];
    const told: string[] = [];
    const store = openMemory();
    const turn = { version: 0, state: '{}', effects: [], delivery: 'fetched', heldUntil: 0 } as const;
    for (const [address, lasts] of [
      ['open', 20 * MINUTE],
      ['shut', 5 * MINUTE],
    ] as const) {
      const to = { key: 0, id: address, account: 'wa', address, locale: 'en' };
      const event = { kind: 'message', text: 'hi' } as const;
      const arrival = { to, origin: { kind: 'door', key: 'k' }, event, at: clock.at } as const;
      await store.commit({ arrival: { ...arrival, window: { until: clock.at + lasts } }, ...turn });
    }
    const program = (flow: string, templates: boolean) =>
      [flow, { flow, templates, header: { schedule: '0 9 * * *' } as Program['header'] }] as const;
    const end = keepSchedules({
      store,
      engine: {
        async accept({ address, event }) {
          if (event.kind === 'scheduled') told.push(`${event.flow} ${address}`);
          return { conversation: address, seq: 0, duplicate: false };
        },
      },
      programs: () => new Map([program('words', false), program('form', true)]),
      timezone: () => 'Europe/Berlin',
      channels: new Map([['wa', { channel: { can } }]]),
      isHerPlace: async () => true,
      clock,
      log: silent,
    });
    const over = async (flow: string, minute?: number) => {
      const so = JSON.parse((await store.cursor(`schedule:${flow}`)) ?? '{}');
      return minute === undefined ? so.minute !== undefined : so.minute === minute;
    };
    while (!(await over('words')) || !(await over('form'))) await new Promise((done) => setTimeout(done, 20));
    clock.at = NINE;
    while (!(await over('words', NINE)) || !(await over('form', NINE)))
      await new Promise((done) => setTimeout(done, 20));
    await end();
    expect(told.toSorted()).toEqual(['form open', 'form shut', 'words open']);
  });
});

describe('who has several conversations', () => {
  test('is told in the one she wrote to last', async () => {
    const { engine, store, wayTo } = await start();
    const identified = { kind: 'identified', customer: 'anna' } as const;
    for (const address of ['old', 'new']) {
      await engine.accept({ account: 'web', address, key: `i-${address}`, event: identified });
      clock.at += MINUTE;
      await writeTo(address);
    }
    await writeTo('bob');
    const places = await store.audience(0, 9);
    const told: string[] = [];
    for (const place of places) if (await isHerPlace(place, store, wayTo)) told.push(place.address);
    expect(told).toEqual(['new', 'bob']);
    clock.at += MINUTE;
    await engine.accept({ account: 'web', address: 'old', key: 'again', event: { kind: 'message', text: 'me again' } });
    expect(await isHerPlace(places[0]!, store, wayTo)).toBe(true);
    expect(await isHerPlace(places[1]!, store, wayTo)).toBe(false);
  });
});
