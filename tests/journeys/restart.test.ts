import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Customer } from './customer.ts';
import { readCode } from './mailbox.ts';
import { endAll, Program, type Running, scratch, startBot, startShop, until } from './process.ts';

const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));

afterEach(endAll);

describe('a return, agreed to', () => {
  test('is done once and told, though the bot is killed while the shop does it', async () => {
    const { shop, bot, customer, data } = await agreed();
    await trouble(shop, { match: 'POST /returns', latency_ms: 1_500, times: 1 });
    await customer.tap('Yes');
    await requestUnderWay();
    expect(await bot.program.end('SIGKILL')).toBe('SIGKILL');

    const again = await startBot(data, shop.url);
    customer.goTo(again.url);
    const done = await customer.hears(/Done. Return R\d{8}/);
    expect(await returnsOf(shop)).toEqual([expect.stringMatching(/^R\d{8}$/)]);
    expect(done).toContain((await returnsOf(shop))[0]);
    expect((await customer.heard()).filter((text) => text.startsWith('Done.'))).toHaveLength(1);
  }, 60_000);

  test('is done once and told, though the shop did it, could not say so, and the bot was killed', async () => {
    const { shop, bot, customer, data } = await agreed();
    await trouble(shop, { match: 'POST /returns', drop_after_success: true });
    await customer.tap('Yes');
    await until(async () => (await returnsOf(shop)).length === 1, 'the return at the shop');
    await bot.program.end('SIGKILL');
    await heal(shop);

    const again = await startBot(data, shop.url);
    customer.goTo(again.url);
    expect(await customer.hears(/Done. Return R\d{8}/)).toContain((await returnsOf(shop))[0]);
    expect(await returnsOf(shop)).toHaveLength(1);
  }, 60_000);

  test('runs to its end when the bot is asked to stop', async () => {
    const { shop, bot, customer, data } = await agreed();
    await trouble(shop, { match: 'POST /returns', latency_ms: 1_000, times: 1 });
    await customer.tap('Yes');
    await requestUnderWay();
    expect(await bot.program.end('SIGTERM')).toBe(0);
    const again = await startBot(data, shop.url);
    customer.goTo(again.url);
    await customer.hears(/Done. Return R\d{8}/);
    expect(await returnsOf(shop)).toHaveLength(1);
  }, 60_000);

  test('does not hold the process when it is asked to stop a second time', async () => {
    const { shop, bot, customer } = await agreed();
    await trouble(shop, { match: 'POST /returns', latency_ms: 60_000, times: 1 });
    await customer.tap('Yes');
    await requestUnderWay();
    bot.program.child.kill('SIGTERM');
    await bot.program.says(/Ending/);
    expect(bot.program.ended).toBe(false);
    expect(await bot.program.end('SIGTERM')).toBe(143);
  }, 60_000);
});

describe('a bot that is killed', () => {
  test(`five times answers every acknowledged message once, in order (CRASH_SEED=${SEED})`, async () => {
    const chance = seeded(SEED);
    const folder = deployment(
      'flow: echo\ntriggers: {examples: {en: [begin]}}\nslots: {word: {type: string, prefill: never}}\nsteps:\n' +
        '  - {id: ask, collect: word, ask: Go on}\n  - {say: "Heard {word}."}\n  - {set: {word: null}}\n' +
        '  - {next: ask, max: 500, on_fail: [{end: resolved}]}\n',
    );
    let bot = await start(folder);
    const customer = await Customer.at(bot.url);
    await customer.write('begin');
    await customer.hears('Go on');
    const words = Array.from({ length: 40 }, (_, index) => `w${index + 1}x`);
    const sending = (async () => {
      for (const word of words) {
        // As the widget does: the same id again until it is acknowledged.
        await until(
          () =>
            customer.post({ id: word, text: word }).then(
              ({ status }) => status === 202 || status === 200,
              () => false,
            ),
          `the acknowledgement of ${word}`,
        );
        await pause(chance() * 120);
      }
    })();
    for (let kills = 0; kills < 5; kills++) {
      await pause(100 + chance() * 500);
      await bot.program.end('SIGKILL');
      bot = await start(folder);
      customer.goTo(bot.url);
    }
    await sending;
    await customer.hears(`Heard ${words.at(-1)}.`);
    const heard = (await customer.heard()).filter((text) => text.startsWith('Heard'));
    expect(heard).toEqual(words.map((word) => `Heard ${word}.`));
  }, 60_000);

  test('asks what it meant to ask later, once', async () => {
    const folder = deployment(
      'flow: slow\ntriggers: {examples: {en: [begin]}}\nslots: {word: string}\nsteps:\n' +
        '  - collect: word\n    ask: Which word?\n    inactivity: [{after: 2s, say: Still there?}]\n  - end: resolved\n',
    );
    const bot = await start(folder);
    const customer = await Customer.at(bot.url);
    await customer.write('begin');
    await customer.hears('Which word?');
    await bot.program.end('SIGKILL');
    const again = await start(folder);
    customer.goTo(again.url);
    await customer.hears('Still there?');
    await again.program.end('SIGKILL');
    const third = await start(folder);
    customer.goTo(third.url);
    await customer.write('parley');
    await pause(500);
    expect((await customer.heard()).filter((text) => text === 'Still there?')).toHaveLength(1);
  }, 60_000);
});

/** Anna at the point where her next word is yes. */
async function agreed() {
  const data = scratch();
  const shop = await startShop(scratch());
  const bot = await startBot(data, shop.url);
  const customer = await Customer.at(bot.url);
  await customer.write('I want to return something');
  await customer.hears('Which email');
  await customer.write('anna.schmidt@example.com');
  await customer.hears('6-digit code');
  await customer.write(await readCode(`${shop.url}/mailbox`, 'anna.schmidt@example.com'));
  await customer.hears('Which order is it?');
  await customer.write('AB123456');
  await customer.hears('What is wrong with it?');
  await customer.tap('Wrong item');
  await customer.hears('Which articles');
  await customer.tap('Steel kettle × 1');
  await customer.hears('OK?');
  return { data, shop, bot, customer };
}

const KEY = { authorization: 'Bearer shop-demo-key' };

async function trouble({ url }: Running, fault: Record<string, unknown>): Promise<void> {
  await fetch(`${url}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
}

async function heal({ url }: Running): Promise<void> {
  await fetch(`${url}/faults`, { method: 'DELETE' });
}

/** The shop is slow: after this time it has been asked, and has not answered. */
function requestUnderWay(): Promise<void> {
  return pause(400);
}

async function returnsOf({ url }: Running): Promise<string[]> {
  const answer = await fetch(`${url}/returns?customer_id=C0001`, { headers: KEY });
  return ((await answer.json()) as { rma: string }[]).map(({ rma }) => rma);
}

function deployment(flow: string): string {
  const folder = scratch();
  mkdirSync(join(folder, 'flows', 'only'), { recursive: true });
  writeFileSync(join(folder, 'parley.yaml'), 'name: Test\nchannels: {web: {kind: web}}\n');
  writeFileSync(join(folder, 'flows', 'only', 'flow.yaml'), flow);
  return folder;
}

async function start(folder: string): Promise<Running> {
  const program = Program.parley(['start', folder, '--port', '0']);
  return { program, url: await program.says(/(http:\/\/[\d.:]+)\/chat/) };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((next) => setTimeout(next, milliseconds));
}

/** Small seeded chance (mulberry32), so that a failing run can be run again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
