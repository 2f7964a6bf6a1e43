import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { onScreen } from '../../../channels/wecom/simulator/phone.ts';
import { openSimulator, type Simulator } from '../../../channels/wecom/simulator.ts';
import wecomChannel from '../../../channels/wecom/wecom.ts';
import { type Polling, startPolling } from '../../../src/bot/polling.ts';
import type { Channel } from '../../../src/channel.ts';
import { createLog } from '../../../src/log.ts';
import { createFileStore } from '../../../src/server/file-store.ts';
import { createIntake } from '../../../src/server/intake.ts';
import type { Phone } from '../../../src/simulator.ts';
import { openMemory } from '../../../src/store/memory.ts';
import { until } from '../../journeys/process.ts';
import { type Door, openDoor, refusalOf } from '../../server/door.ts';
import { accountAt } from './account.ts';

/** The real door over an engine in memory, and WeCom's stand-in before it. */
let wecom: Simulator;
let door: Door;
let polling: Polling;
let folder: string;
let phone: Phone;
let restart: () => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-wecom-door-'));
  wecom = await openSimulator({ sleep: async () => undefined });
  const account = { name: 'wecom', channel: wecomChannel as Channel, settings: accountAt(wecom) };
  door = await openDoor(
    {},
    {
      webhooks: new Map([['wecom', account]]),
      nudge: (name, part) => polling.nudge(name, part),
      // A first question leaves out what is old by the clock of the machine.
      clock: Date.now,
    },
  );
  const log = await createLog({ pretty: false, write: () => undefined });
  const limits = { size: 1_000_000, total: 10_000_000 };
  const intake = createIntake({ engine: door.engine, files: createFileStore(folder), limits, log });
  const { report } = door.engine;
  const cursors = openMemory();
  const start = () => startPolling({ accounts: [account], intake, cursors, report, log });
  polling = start();
  restart = async () => {
    await polling.end();
    polling = start();
  };
  expect(await wecom.callbacks.connect(`${door.url}/channels/wecom`)).toBe(true);
  phone = onScreen(wecom).phone({ name: '李伟', locale: 'zh-CN', number: '+8613800000000' });
});
afterEach(async () => {
  await polling.end();
  await door.close();
  await wecom.close();
  rmSync(folder, { recursive: true, force: true });
});

const inbox = () => door.engine.inbox.map(({ event }) => event);
const arrived = (count: number) =>
  until(
    () => door.engine.inbox.length >= count,
    () => JSON.stringify(inbox()),
  );

describe('the door', () => {
  test('takes what she does on her phone, each thing once', async () => {
    wecom.callbacks.mischief.duplicate = true;
    await phone.open?.();
    await phone.write('你好 🎁');
    await arrived(2);
    expect(door.engine.inbox.map(({ address }) => address)).toEqual([phone.address, phone.address]);
    expect(inbox()).toEqual([
      { kind: 'opened', locale: 'zh', payload: '李伟' },
      { kind: 'message', text: '你好 🎁' },
    ]);
  });

  test.each([
    ['a voice', 'voice.amr', '#!AMR\n and more', 'audio/amr'],
    ['a paper', 'bill.pdf', '%PDF-1.4 and more', 'application/pdf'],
  ])('keeps %s that she sends', async (what, name, content, type) => {
    const customer = wecom.customer();
    const bytes = new TextEncoder().encode(content);
    if (what === 'a voice') customer.voice(bytes);
    else customer.file(name, bytes);
    await arrived(1);
    const [event] = inbox();
    expect(event?.kind === 'message' && event.attachments).toMatchObject([{ type, size: bytes.byteLength }]);
  });

  test('after a restart asks by itself, from where it was, for what nobody tells it of', async () => {
    await phone.write('before');
    await arrived(1);
    wecom.callbacks.mischief.lost = 1;
    await phone.write('nobody was told of this');
    await restart();
    await arrived(2);
    expect(inbox().map((event) => event.kind === 'message' && event.text)).toEqual([
      'before',
      'nobody was told of this',
    ]);
  });

  test('tells which message she refused', async () => {
    const customer = wecom.customer();
    customer.say('hello');
    await arrived(1);
    customer.refuse();
    const { settings, channel } = { settings: accountAt(wecom), channel: wecomChannel };
    const address = `${customer.kf}/${customer.id}`;
    const signal = AbortSignal.timeout(5_000);
    await channel.send?.({ msgtype: 'text', text: { content: 'Hi' } }, { settings, address, key: 'c.1.0', signal });
    await until(() => door.engine.reports.length === 1, 'a report');
    expect(door.engine.reports).toMatchObject([{ account: 'wecom', key: 'c.1.0', status: 'failed' }]);
  });

  test('is shut for who cannot sign, and changes nothing', async () => {
    const forged = '/channels/wecom?msg_signature=0&timestamp=1&nonce=2';
    expect(await refusalOf(await door.post(forged, '<xml><Encrypt>AAAA</Encrypt></xml>'))).toEqual([
      401,
      'channel.unverified',
    ]);
    expect(await refusalOf(await door.get(`${forged}&echostr=AAAA`))).toEqual([401, 'channel.unverified']);
    expect(inbox()).toEqual([]);
  });
});

describe('a phone', () => {
  test('shows what went over the wire, and lets its buttons be tapped', async () => {
    await phone.write('hello');
    let drawn = 0;
    const end = phone.watch(() => {
      drawn += 1;
    });
    const list = [
      { type: 'view', view: { url: 'https://shop.example/', content: 'Shop' } },
      { type: 'click', click: { id: 'o1.0', content: 'Yes' } },
    ];
    const signal = AbortSignal.timeout(5_000);
    await wecomChannel.send?.(
      { msgtype: 'msgmenu', msgmenu: { head_content: 'See https://shop.example/a. Sure?', list } },
      { settings: accountAt(wecom), address: phone.address, key: 'c.1.0', signal },
    );
    expect(drawn).toBeGreaterThan(0);
    const bubble = phone.screen.at(-1);
    expect(bubble).toMatchObject({
      from: 'bot',
      text: [{ text: 'See ' }, { text: 'https://shop.example/a', url: 'https://shop.example/a' }, { text: '. Sure?' }],
      buttons: [[{ id: '0', label: 'Shop', url: 'https://shop.example/' }], [{ id: '1', label: 'Yes' }]],
    });
    await phone.tap(bubble?.id ?? '', '1');
    end();
    await arrived(2);
    expect(inbox().at(-1)).toEqual({ kind: 'choice', token: 'o1.0', label: 'Yes' });
  });

  test.each(onFaults())('may suffer %s', async (fault) => {
    await phone.write('hello');
    const screens = onScreen(wecom);
    expect(screens.faults).toContain(fault);
    screens.fail(fault);
    await phone.write('again');
    const signal = AbortSignal.timeout(5_000);
    const said = wecomChannel.send?.(
      { msgtype: 'text', text: { content: 'Hi' } },
      { settings: accountAt(wecom), address: phone.address, key: 'c.1.0', signal },
    );
    if (['duplicate', 'lost', 'expired', 'refuse'].includes(fault)) await said;
    else await expect(said).rejects.toThrow();
  });
});

function onFaults(): string[] {
  return ['flood', 'quota', 'busy', 'error', 'expired', 'drop', 'cut', 'duplicate', 'lost', 'human', 'refuse'];
}
