import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { silences, withConsent } from '../../src/consent/consent.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { scripted, world } from '../support/engine-world.ts';

test('a STOP that a crash left in the inbox silences what was said before it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-consent-'));
  const over = { turn: withConsent(scripted, 'Shop'), silences };
  try {
    const before = openSqlite(join(folder, 'store'));
    const first = world({ ...over, store: before });
    // The platform is deaf, so what is said waits.
    first.trouble = () => ({ kind: 'retryable', after: 1 });
    await first.engine.start();
    await first.write('say one two', { account: 'sms', address: '+1555' });
    await first.engine.stop(50);
    const to = await before.load('sms', '+1555');
    const event = { kind: 'message', text: 'STOP', consent: { word: 'stop', answered: false } } as const;
    await before.accept({ to: to!, origin: { kind: 'door', key: 'SM1' }, event, at: first.now });
    await before.close();

    const store = openSqlite(join(folder, 'store'));
    const second = world({ ...over, store });
    second.now = first.now + 3_600_000;
    await second.engine.start();
    await second.until(() => second.platform.length > 0);
    await second.write('hello?', { account: 'sms', address: '+1555', key: 'SM2' });
    await second.engine.signal('parcel.arrived', {}, 's');
    await second.until(async () => (await store.dead(10)).length === 2);
    await second.engine.stop(1_000);
    expect(second.platform.map(({ text }) => text)).toEqual([expect.stringContaining('opted out')]);
    expect((await store.dead(10)).map(({ code }) => code)).toEqual(['channel.opted_out', 'channel.opted_out']);
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
