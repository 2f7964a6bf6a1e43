import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isLong, learnt } from '../../src/bot/learning.ts';
import { createLog, type Log } from '../../src/log.ts';
import { learn } from '../../src/understanding/classify/learn.ts';
import type { Example } from '../../src/understanding/classify/school.ts';
import { Folder } from '../cli/deployment-folder.ts';

/** A bot of so many flows. */
function examples(flows: number, word = 'please'): Example[] {
  return Array.from({ length: flows * 8 }, (_, i) => ({
    flow: `flow_${i % flows}`,
    text: `${word} do the thing number ${'abcdefgh'[i % 8]} for thing${String.fromCharCode(97 + ((i % flows) % 26))}${i % flows}x`,
    weight: 1,
  }));
}

const MANY = examples(64);

async function logged(): Promise<{ log: Log; lines: string[] }> {
  const lines: string[] = [];
  return { log: await createLog({ level: 'info', pretty: false, write: (line) => lines.push(line) }), lines };
}

describe('what a bot has learnt', () => {
  test('of a few flows is learnt when it is needed', async () => {
    using folder = new Folder();
    const { log } = await logged();
    expect(await learnt(examples(10), folder.path, log)).toBeUndefined();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('of many flows is learnt in another thread, while everything goes on, and then kept', async () => {
    using folder = new Folder();
    const { log, lines } = await logged();
    expect(isLong(MANY)).toBe(true);
    let turns = 0;
    const serving = setInterval(() => turns++, 1);
    const model = await learnt(MANY, folder.path, log);
    clearInterval(serving);
    expect(turns).toBeGreaterThan(5);
    expect(model).toEqual(learn(MANY));
    expect(await learnt(MANY, folder.path, log)).toEqual(model);
    expect(lines.filter((line) => line.includes('understanding.learnt'))).toHaveLength(1);
  });

  test('gives way to what is learnt from other examples', async () => {
    using folder = new Folder();
    const { log } = await logged();
    await learnt(MANY, folder.path, log);
    const before = readdirSync(join(folder.path, 'learnt'));
    await learnt(examples(64, 'kindly'), folder.path, log);
    const after = readdirSync(join(folder.path, 'learnt'));
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  test('is learnt again when its file was cut short', async () => {
    using folder = new Folder();
    const { log, lines } = await logged();
    const model = await learnt(MANY, folder.path, log);
    const [name = ''] = readdirSync(join(folder.path, 'learnt'));
    const file = join(folder.path, 'learnt', name);
    writeFileSync(file, readFileSync(file).subarray(0, 1_000));
    expect(await learnt(MANY, folder.path, log)).toEqual(model);
    expect(lines.some((line) => line.includes('understanding.unreadable'))).toBe(true);
  });
});
