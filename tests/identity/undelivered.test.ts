import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SendError } from '../../src/channel.ts';
import { House, type Person } from './house.ts';

const GONE: SendError = { kind: 'unreachable', reason: 'channel.unreachable' };

let house: House;
let child: ChildProcess | undefined;
beforeEach(async () => {
  house = new House();
  house.takesKeys = false;
  await house.open();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await house.close();
});

type People = Record<'web' | 'sms' | 'wechat', Person>;

/** A customer with three addresses, who wrote last by SMS. */
async function known(at: House = house): Promise<People> {
  const people = { web: at.person('web', 'ann'), wechat: at.person('wechat', 'o1'), sms: at.person('sms', '+1') };
  for (const one of Object.values(people)) {
    at.now += 60_000;
    await one.says('hello', { event: { kind: 'identified', customer: 'C1' } });
    await one.says('hello there');
    await one.hears('help');
  }
  return people;
}

function refusing(refusals: Partial<Record<string, SendError>>): void {
  house.refuses = (account) => refusals[account];
}

/** In the business's world: it opens no window. */
async function happens({ account, address }: Person, name: string, data: Record<string, string> = {}): Promise<void> {
  await house.bot.engine.accept({ account, address, key: house.key(), event: { kind: 'signal', name, data } });
}

async function statusOf(phone: Person, words: string): Promise<string | undefined> {
  for (let left = 300; left > 0; left -= 1) {
    const line = (await phone.lines()).find(({ message }) => message.text.includes(words));
    if (line !== undefined && line.status !== 'queued' && line.status !== 'sending') return line.status;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
}

/** Long enough for anything that would be said to be said. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 150));

describe('what a customer has not asked for, and cannot be told where she was to be told it,', () => {
  test.each<[string, SendError]>([
    ['has left', GONE],
    ['forbids it at the platform', { kind: 'opted_out' }],
    ['is never to be reached with this', { kind: 'permanent', reason: 'channel.refused' }],
  ])('is told by the next of her ways where she %s', async (_, refusal) => {
    const { sms, wechat, web } = await known();
    refusing({ sms: refusal });
    await happens(sms, 'shop.news', { about: 'tea' });
    await wechat.hears('News about tea.');
    expect(await statusOf(sms, 'News about tea.')).toBe('failed');
    expect(await web.said()).not.toContain('News about tea.');
    expect(await house.bot.store.dead(9)).toEqual([]);
  });

  test('is told elsewhere where the platform says that its window is closed', async () => {
    const { wechat, sms } = await known();
    refusing({ wechat: { kind: 'window_closed' } });
    await happens(wechat, 'shop.news', { about: 'tea' });
    await sms.hears('News about tea.');
    expect(await house.bot.store.handoffs(9)).toEqual([]);
  });

  test('is told elsewhere where we know that the window is closed', async () => {
    const { wechat, sms } = await known();
    house.now += 3 * 86_400_000;
    await happens(wechat, 'shop.news', { about: 'tea' });
    await sms.hears('News about tea.');
  });

  test('is told by the way after the next where that fails, too, and by none twice', async () => {
    const { sms, wechat, web } = await known();
    refusing({ sms: GONE, wechat: GONE });
    await happens(sms, 'shop.news', { about: 'tea' });
    await web.hears('News about tea.');
    for (const phone of [sms, wechat]) expect(await statusOf(phone, 'News about tea.')).toBe('failed');
  });

  test('waits for the window, and a human is told, where there is no other way', async () => {
    const phone = house.person('wechat', 'o1');
    await phone.says('hello', { event: { kind: 'identified', customer: 'C1' } });
    house.now += 3 * 86_400_000;
    await happens(phone, 'shop.news', { about: 'tea' });
    for (let left = 200; left > 0 && (await house.bot.store.handoffs(9)).length === 0; left -= 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await house.bot.store.handoffs(9)).toMatchObject([{ handoff: { reason: 'channel.window_closed' } }]);
  });

  test('is not told where she has opted out', async () => {
    const { sms, wechat, web } = await known();
    await sms.says('STOP', { event: { kind: 'message', text: 'STOP', consent: { word: 'stop', answered: false } } });
    refusing({ wechat: GONE });
    await happens(wechat, 'shop.news', { about: 'tea' });
    await web.hears('News about tea.');
    expect(await sms.said()).not.toContain('News about tea.');
  });

  test('is told nowhere else where it may have arrived', async () => {
    const { sms, wechat, web } = await known();
    refusing({ sms: { kind: 'unknown' } });
    await happens(sms, 'shop.news', { about: 'tea' });
    expect(await statusOf(sms, 'News about tea.')).toBe('unknown');
    await quiet();
    for (const other of [wechat, web]) expect(await other.said()).not.toContain('News about tea.');
  });

  test('is told elsewhere, once, when the platform reports afterwards that it failed', async () => {
    const { sms, wechat } = await known();
    await happens(sms, 'shop.news', { about: 'tea' });
    expect(await statusOf(sms, 'News about tea.')).toBe('sent');
    const { id = '' } = (await sms.conversation()) ?? {};
    const seq = (await sms.lines()).find(({ message }) => message.text === 'News about tea.')?.seq;
    const report = { key: `${id}.${seq}.0`, status: 'failed', code: '30005' } as const;
    for (let times = 0; times < 3; times += 1) await house.bot.engine.report('sms', report);
    await wechat.hears('News about tea.');
    await quiet();
    expect((await wechat.said()).filter((text) => text === 'News about tea.')).toHaveLength(1);
  });

  test('takes its flow along: she answers there, and begins afresh where it failed', async () => {
    const { sms, wechat } = await known();
    refusing({ sms: { kind: 'permanent', reason: 'channel.refused' } });
    await happens(sms, 'shop.offer');
    await wechat.hears('There is new tea.');
    await wechat.hears('Which size would you like?');
    refusing({});
    await wechat.says('large');
    await wechat.hears('A large one it is.');
    await sms.says('I want to order');
    await sms.hears('Which drink?');
    expect((await wechat.said()).filter((text) => text.includes('Which size'))).toHaveLength(1);
  });
});

test('an answer that she has asked for goes nowhere else', async () => {
  const { sms, wechat, web } = await known();
  refusing({ sms: { kind: 'permanent', reason: 'channel.refused' } });
  await sms.says('I want to order');
  expect(await statusOf(sms, 'Which drink?')).toBe('failed');
  await quiet();
  for (const other of [wechat, web]) expect((await other.said()).join()).not.toContain('Which drink?');
});

describe('a power cut while she is told elsewhere', () => {
  test.each(['undelivered', 'redirected', 'asked'])(
    'loses nothing and repeats nothing, at %s',
    async (moment) => {
      const directory = mkdtempSync(join(tmpdir(), 'parley-elsewhere-'));
      const before = await new House(directory).open();
      await known(before);
      await before.stop();
      child = spawn(process.execPath, [join(import.meta.dirname, 'victim.ts'), directory, moment], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      await once(createInterface(child.stdout!), 'line');
      child.stdin!.write(`${JSON.stringify({ account: 'sms', address: '+1', key: 'n1', signal: 'shop.offer' })}\n`);
      expect((await ended)[1]).toBe('SIGKILL');
      const after = await new House(directory).open();
      try {
        const wechat = after.person('wechat', 'o1');
        await wechat.hears('Which size would you like?');
        await wechat.says('small');
        await wechat.hears('A small one it is.');
        const told = (text: string) => text.startsWith('There is new tea');
        expect((await wechat.said()).filter(told)).toHaveLength(1);
        const sent = existsSync(join(directory, 'sent')) ? readFileSync(join(directory, 'sent'), 'utf8') : '';
        const left = [
          ...sent
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as string),
        ];
        expect(left.filter(told).length + after.sent.filter(({ text }) => told(text)).length).toBeLessThanOrEqual(2);
        expect(await after.person('sms', '+1').said()).toContain('There is new tea.');
        expect(after.sent.filter(({ account }) => account === 'sms')).toEqual([]);
      } finally {
        await after.stop();
        rmSync(directory, { recursive: true, force: true });
      }
    },
    30_000,
  );
});
