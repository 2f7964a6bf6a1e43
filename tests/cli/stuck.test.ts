import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createBot } from '../../src/bot/create-bot.ts';
import { createLog } from '../../src/log.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { Folder, RIGHT } from './deployment-folder.ts';
import { parley } from './parley.ts';

describe('parley stuck', () => {
  test('says that nothing is stuck where nothing is', async () => {
    using folder = new Folder(RIGHT);
    expect(await parley(['stuck', folder.path])).toMatchObject({ code: 0, out: expect.stringContaining('Nothing') });
  });

  test('lists what is stuck in a stopped deployment, and puts it back for its next start', async () => {
    using folder = new Folder(RIGHT);
    const id = await setAside(folder.path);
    const listed = await parley(['stuck', '--json', folder.path]);
    expect(listed.code).toBe(1);
    expect(JSON.parse(listed.out)).toMatchObject([{ id: `event:${id}`, code: 'boom', what: 'message' }]);
    expect(await parley(['stuck', '--again', `event:${id + 1}`, folder.path])).toMatchObject({ code: 1 });
    expect(await parley(['stuck', '--again', 'all', folder.path])).toMatchObject({
      code: 0,
      out: '1 of 1 put back.\n',
    });
    expect((await parley(['stuck', folder.path])).code).toBe(0);
  });

  test('reaches a deployment that runs, which takes up at once what is put back', async () => {
    using folder = new Folder(RIGHT);
    const id = await setAside(folder.path);
    const bot = await createBot({ directory: folder.path, log: await createLog({ level: 'silent' }) });
    try {
      const listed = await parley(['stuck', folder.path]);
      expect(listed).toMatchObject({ code: 1, out: expect.stringContaining(`event:${id}`) });
      expect((await parley(['stuck', '--again', `event:${id}`, folder.path])).code).toBe(0);
      const heard = async () => (await bot.transcript('c')).some(({ from }) => from === 'bot');
      while (!(await heard())) await new Promise((resolve) => setTimeout(resolve, 10));
      expect((await parley(['stuck', folder.path])).code).toBe(0);
    } finally {
      await bot.stop(1_000);
    }
  });
});

/** An event that failed for good, in the database of a deployment that is stopped. */
async function setAside(directory: string): Promise<number> {
  mkdirSync(join(directory, '.parley'), { recursive: true });
  const store = openSqlite(join(directory, '.parley', 'parley.db'));
  await store.accept({
    to: { key: 0, id: 'c', account: 'web', address: 'ann', locale: 'en' },
    origin: { kind: 'door', key: 'k' },
    event: { kind: 'message', text: 'hello bot' },
    at: 1,
  });
  const [open] = await store.take(1, 1);
  await store.fail(open!.id, { code: 'boom', at: 2, quarantine: true });
  await store.close();
  return open!.id;
}
