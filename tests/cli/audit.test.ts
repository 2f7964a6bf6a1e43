import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { createBot } from '../../src/bot/create-bot.ts';
import { createLog } from '../../src/log.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { Folder, RIGHT } from './deployment-folder.ts';
import { parley } from './parley.ts';

const fileOf = (directory: string) => join(directory, '.parley', 'parley.db');

async function acted(directory: string): Promise<void> {
  mkdirSync(join(directory, '.parley'), { recursive: true });
  const store = openSqlite(fileOf(directory));
  for (const by of ['mia', 'tom', 'zoe']) await store.desk.audited({ at: 1, what: 'presence', by, data: {} });
  await store.accept({
    to: { key: 0, id: 'c', account: 'web', address: 'ann', locale: 'en' },
    origin: { kind: 'door', key: 'k' },
    event: { kind: 'message', text: 'I am ann@example.com' },
    shown: { id: 'k', from: 'customer', message: { text: 'I am ann@example.com' } },
    at: 1,
  });
  await store.close();
}

/** As somebody would who has the file: past our triggers. */
function tamper(directory: string, change: string): void {
  const file = new Database(fileOf(directory));
  file.exec(`DROP TRIGGER audit_holds; DROP TRIGGER audit_stays; ${change}`);
  file.close();
}

describe('parley audit', () => {
  test.each([
    ['a changed row', "UPDATE audit SET by = 'eve' WHERE id = 2", 'Row 2: its content'],
    ['a removed row', 'DELETE FROM audit WHERE id = 2', 'Row 2: it is not there'],
    [
      'a row put in another’s place',
      'DELETE FROM audit WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3',
      'Row 2: it does not follow',
    ],
  ])('finds and names %s', async (_, change, told) => {
    using folder = new Folder(RIGHT);
    await acted(folder.path);
    const whole = await parley(['audit', '--verify', folder.path]);
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('The chain of 3 rows is whole') });
    tamper(folder.path, change);
    expect(await parley(['audit', '--verify', folder.path])).toMatchObject({
      code: 1,
      out: expect.stringContaining(told),
    });
  });

  test('finds that the end was cut off, by a hash that was kept elsewhere', async () => {
    using folder = new Folder(RIGHT);
    await acted(folder.path);
    const { last } = JSON.parse((await parley(['audit', '--verify', '--json', folder.path])).out) as { last: string };
    tamper(folder.path, 'DELETE FROM audit WHERE id = 3');
    expect((await parley(['audit', '--verify', folder.path])).code).toBe(0);
    expect((await parley(['audit', '--verify', '--last', last, folder.path])).code).toBe(1);
  });

  test('lists who did what, and reaches a deployment that runs', async () => {
    using folder = new Folder(RIGHT);
    await acted(folder.path);
    const bot = await createBot({ directory: folder.path, log: await createLog({ level: 'silent' }) });
    try {
      const { out } = await parley(['audit', folder.path]);
      expect(out.match(/mia|tom|zoe/g)).toEqual(['mia', 'tom', 'zoe']);
      expect((await parley(['audit', '--verify', folder.path])).code).toBe(0);
      const transcript = await parley(['transcript', 'c', folder.path]);
      expect(transcript.out).toContain('customer: I am a•••@example.com');
      expect((await parley(['audit', folder.path])).out).toContain('operator  exported  c');
    } finally {
      await bot.stop(1_000);
    }
  });

  test('prints a conversation as JSON, unmasked if that is asked for, and says when there is none', async () => {
    using folder = new Folder(RIGHT);
    await acted(folder.path);
    const { out } = await parley(['transcript', 'c', '--json', '--unmasked', folder.path]);
    expect(JSON.parse(out)).toMatchObject({
      conversation: 'c',
      entries: [{ message: { text: 'I am ann@example.com' } }],
    });
    expect((await parley(['transcript', 'nobody', folder.path])).code).toBe(1);
  });
});
