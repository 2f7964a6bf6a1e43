import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSqlite } from '../../src/store/sqlite.ts';
import { Folder, RIGHT } from '../cli/deployment-folder.ts';
import { ROOT } from '../cli/parley.ts';

const hasStrace = spawnSync('strace', ['-e', 'inject=fsync:error=EIO', 'true'], { stdio: 'ignore' }).status === 0;
if (!hasStrace) {
  console.warn('SKIPPED: what happens when a sync fails, for lack of strace. To run it: apt-get install strace');
}
const withStrace = hasStrace ? describe : describe.skip;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-sync-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

withStrace('a disk that fails at the nth sync', () => {
  // With the first few it does not even start; from about the tenth on customers are being answered.
  test.each([1, 3, 7, 11, 13, 20, 50])(
    'the %sth: nothing is acknowledged any more, and /readyz says why',
    async (nth) => {
      const file = join(folder, 'parley.db');
      const { said, code } = await failing(nth, [join(import.meta.dirname, 'failing-disk.ts'), file]);
      expect(code).not.toBe(0);
      const told = said.map((line) => JSON.parse(line) as Told);
      const acknowledged = told.flatMap(({ ack }) => (ack === undefined ? [] : [ack]));
      const first = told.findIndex(({ ack }) => ack === undefined);
      if (nth >= 20) expect(first).not.toBe(-1);
      if (first !== -1) {
        expect(told[first]).toEqual({ fatal: true });
        const refused = { refused: 'store.unavailable', status: 503 };
        expect(told.slice(first + 1)).toMatchObject(Array.from({ length: 5 }, () => refused));
        expect(told.at(-1)?.ready).toMatchObject({ ready: false, reasons: ['store.unavailable'] });
      }
      const store = openSqlite(file);
      const conversation = await store.load('web', 'ann');
      const entries = conversation === undefined ? [] : await store.transcript(conversation.id, 0, 1_000);
      const onDisk = entries.flatMap(({ from, message }) => (from === 'customer' ? [message.text] : []));
      expect(onDisk).toEqual(expect.arrayContaining(acknowledged));
      await store.close();
    },
  );

  test('parley start ends by itself, with a line that says why and an exit code that is an error', async () => {
    using deployment = new Folder(RIGHT);
    const binary = [join(ROOT, 'bin', 'parley.mjs'), 'start', '--port', '0', deployment.path];
    let acknowledged = 0;
    const { code, complaint } = await failing(IN_SERVICE, binary, async (line) => {
      const url = /http:\/\/[\d.:]+/.exec(line)?.[0];
      if (url === undefined) return;
      const session = await post(`${url}/chat/session`, {});
      const { token } = (await session.json()) as { token: string };
      for (let n = 0; n < 100; n += 1) {
        const answer = await post(`${url}/chat/messages`, { id: `m${n}`, text: 'hello' }, token);
        if (answer.status !== 202) return;
        acknowledged += 1;
      }
    });
    expect({ code, complaint }).toEqual({ code: 3, complaint: expect.stringContaining('failed sync') });
    const store = openSqlite(join(deployment.path, '.parley', 'parley.db'));
    const [only] = await store.states(0, 9);
    const entries = only === undefined ? [] : await store.transcript(only.id, 0, 1_000);
    expect(entries.filter(({ from }) => from === 'customer').length).toBeGreaterThanOrEqual(acknowledged);
    await store.close();
  });

  test('a bot made in code shuts its doors and tells whoever listens, once', async () => {
    using deployment = new Folder(RIGHT);
    const { said, code } = await failing(IN_SERVICE, [join(import.meta.dirname, 'fatal-bot.ts'), deployment.path]);
    const told = said.map((line) => JSON.parse(line) as object).filter((one) => !('ack' in one));
    expect({ told, code }).toEqual({ told: [{ fatal: 'store.unavailable', door: 'shut' }], code: 7 });
  });

  test('a bot made in code that nobody listens to ends its process', async () => {
    using deployment = new Folder(RIGHT);
    const bot = [join(import.meta.dirname, 'fatal-bot.ts'), deployment.path, 'deaf'];
    const { code, complaint } = await failing(IN_SERVICE, bot);
    expect({ code, complaint }).toEqual({ code: 1, complaint: expect.stringContaining('store.unavailable') });
  });
});

/** A sync of a bot that serves: those before are of its database's making, one for each step of its schema and some more. */
const IN_SERVICE = 24;

interface Told {
  readonly ack?: string;
  readonly fatal?: true;
  readonly refused?: string;
  readonly ready?: object;
}

/** Runs a script whose every sync from the nth on fails, until it ends. */
async function failing(nth: number, script: readonly string[], heard?: (line: string) => Promise<void>) {
  const inject = `inject=fsync,fdatasync:error=EIO:when=${nth}+`;
  const strace = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync', '-e', inject];
  const child = spawn('strace', [...strace, process.execPath, ...script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    // The process ends while it is being asked: that is what is awaited here.
    await heard?.(line).catch((error: Error) => expect(error.message).toBe('fetch failed'));
  }
  const [code] = await exit;
  return { said, code, complaint };
}

function post(url: string, body: object, token?: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
