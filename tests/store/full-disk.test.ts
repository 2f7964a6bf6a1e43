import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toRefusal } from '../../src/server/refusal.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type World, world } from '../support/engine-world.ts';

const SIZE = 4 * 1024 * 1024;

/** A file system of a few megabytes, which only root may make. */
const folder = mkdtempSync(join(tmpdir(), 'parley-full-'));
const hasDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder]).status === 0;
if (hasDisk) spawnSync('umount', [folder]);
if (!hasDisk)
  console.warn('SKIPPED: a disk that is really full, for lack of the right to mount one. To run it: be root.');
rmdirSync(folder);
const withDisk = hasDisk ? describe : describe.skip;

withDisk('a disk that is full', () => {
  let disk: string;
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'parley-full-'));
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk]).status).toBe(0);
  });
  afterEach(() => {
    spawnSync('umount', [disk]);
    rmdirSync(disk);
  });

  test('refuses what it cannot keep, has everything it acknowledged, and goes on by itself when there is room', async () => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, new Uint8Array(SIZE / 2));
    const path = join(disk, 'parley.db');
    const first = await open(path);
    const acknowledged: string[] = [];
    const text = 'x'.repeat(20_000);
    let refused: unknown;
    while (refused === undefined) {
      const words = `${acknowledged.length} ${text}`;
      await first.write(words).then(
        () => acknowledged.push(words),
        (error: unknown) => {
          refused = error;
        },
      );
    }
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(refused).toMatchObject({ code: 'store.full', retryable: true });
    expect(toRefusal(refused)).toMatchObject({ status: 503, retryAfter: 1 });
    expect(first.engine.health().store).toBe('store.full');
    expect(await heard(first)).toEqual(acknowledged);

    rmSync(ballast);
    await first.until(() => first.engine.health().store === 'ok');
    await first.write('there is room');
    acknowledged.push('there is room');
    await close(first);

    const second = await open(path);
    expect(await heard(second)).toEqual(acknowledged);
    await close(second);
  });
});

async function open(path: string): Promise<World> {
  const made = world({ store: openSqlite(path) });
  await made.engine.start();
  return made;
}

async function close({ engine, store }: World): Promise<void> {
  await engine.stop(1_000);
  await store.close();
}

async function heard(w: World): Promise<string[]> {
  return (await w.said()).flatMap((line) => (line.startsWith('customer: ') ? [line.slice('customer: '.length)] : []));
}
