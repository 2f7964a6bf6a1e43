import { describe, expect, test } from '@jest/globals';
import { tidy } from '../../src/bot/housekeeping.ts';
import { retentionOf } from '../../src/deployment/retention.ts';
import { readSettings } from '../../src/deployment/settings.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { FinishedTurn } from '../../src/store/store.ts';

const DAY = 24 * 60 * 60_000;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('retention', () => {
  test('is read from parley.yaml, and keys are kept for a month unless it says more', () => {
    const { settings } = readSettings('name: Test\nretention: {insights: 90d, transcripts: 1w}\n');
    expect(retentionOf(settings!)).toEqual({ keys: 30 * DAY, insights: 90 * DAY, transcripts: 7 * DAY });
    expect(retentionOf({})).toEqual({ keys: 30 * DAY });
  });

  test.each(['keys: 2d', 'keys: soon', 'transcripts: 1h'])('refuses %s', (line) => {
    const { problems } = readSettings(`name: Test\nretention: {${line}}\n`);
    expect(problems).toMatchObject([{ severity: 'error', line: 2 }]);
  });
});

describe('housekeeping', () => {
  test('forgets what is older than it is to be kept, and keeps the rest', async () => {
    const store = openSqlite(':memory:');
    await store.commit(turn('old', 1 * DAY, '{"frames":[]}', 0));
    await store.commit(turn('new', 8 * DAY, '{"frames":[]}', 1));
    await tidy({ store, retention: { keys: 3 * DAY, transcripts: 5 * DAY }, current: new Set(), log }, 10 * DAY);
    expect((await store.transcript('id-ann', 0, 9)).map(({ message }) => message.text)).toEqual(['new']);
    expect((await store.commit(turn('new', 10 * DAY, '{}', 2))).outcome).toBe('duplicate');
    expect((await store.commit(turn('old', 10 * DAY, '{}', 2))).outcome).toBe('applied');
    await store.close();
  });

  test('drops the versions of flows in which nobody stands, waits or could just be entering', async () => {
    const store = openSqlite(':memory:');
    for (const hash of ['stood-in', 'parked', 'current', 'left']) await store.keepFlow({ hash, source: '{}' });
    const state = { frames: [{ version: 'stood-in' }], parked: [[{ version: 'parked' }]] };
    await store.commit(turn('k', DAY, JSON.stringify(state), 0));
    await tidy({ store, retention: { keys: 3 * DAY }, current: new Set(['current']), log }, 2 * DAY);
    expect((await store.keptFlows()).map(({ hash }) => hash)).toEqual(['current', 'parked', 'stood-in']);
    await store.close();
  });
});

function turn(key: string, at: number, state: string, version: number): FinishedTurn {
  return {
    arrival: {
      to: { key: 0, id: 'id-ann', account: 'web', address: 'ann', locale: 'en' },
      origin: { kind: 'door', key },
      event: { kind: 'message', text: key },
      shown: { id: key, from: 'customer', message: { text: key } },
      at,
    },
    version,
    state,
    effects: [],
    delivery: 'fetched',
    heldUntil: 0,
  };
}
