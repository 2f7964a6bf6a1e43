import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mulberry } from './chance.ts';
import { check } from './ledger.ts';
import { soak } from './soak.ts';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 25);
const ATTEMPTS = 5;
const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('killed at random instants', () => {
  test(
    `${ROUNDS} times: nothing acknowledged is lost, nothing is done twice (CRASH_SEED=${SEED})`,
    async () => {
      const ledger = await soak(join(folder, 'parley.db'), ROUNDS, mulberry(SEED));
      expect(check(ledger)).toEqual([]);
      // It was no empty run.
      expect(ledger.acknowledged.length).toBeGreaterThan(ROUNDS);
      expect(ledger.timersSet).toBeGreaterThan(0);
      expect(ledger.repeated).toBeGreaterThan(0);
    },
    ROUNDS * 4_000 + 20_000,
  );

  test.each([
    ['ack-early', 'I1'],
    ['no-dedupe', 'I1'],
    ['timer-twice', 'I7'],
    ['leak', 'I5'],
    ['overtake', 'I4'],
    ['fresh-key', 'I6'],
  ])(
    'a deployment with the fault %s is caught',
    async (bug, told) => {
      const random = mulberry(SEED);
      let found = '';
      // On a busy machine three lives may be too short for it to do harm.
      for (let attempt = 1; attempt <= ATTEMPTS && !found.includes(told); attempt += 1)
        found = check(await soak(join(folder, `${attempt}.db`), 3, random, bug)).join('\n');
      expect(found).toContain(told);
    },
    120_000,
  );
});
