import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { asking, type PollingParts, startPolling } from '../../src/bot/polling.ts';
import type { Channel, Inbound, PullContext, Pulled } from '../../src/channel.ts';
import type { Account } from '../../src/deployment/accounts.ts';
import { ParleyError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Intake } from '../../src/server/intake.ts';
import { openMemory } from '../../src/store/memory.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { fetchedChannel } from '../crash/channel.ts';

const inbound = (address: string, text: string): Inbound => ({
  account: 'pager',
  address,
  key: `${address}.${text}`,
  event: { kind: 'message', text },
});

/** A platform that answers one question after the other, then holds the next until the end. */
function platform(...answers: (Pulled | Error)[]) {
  const cursors: (string | undefined)[] = [];
  const channel: Channel = {
    ...fetchedChannel,
    receives: () => 'pull',
    async pull({ cursor, signal }: PullContext<unknown>) {
      cursors.push(cursor);
      const next = answers.shift();
      if (next instanceof Error) throw next;
      if (next !== undefined) return next;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { events: [], cursor: cursor ?? '' };
    },
    classify: () => ({ kind: 'retryable', after: 0 }),
  };
  const account: Account = { name: 'pager', channel, settings: {} };
  return { account, cursors };
}

function quietLog() {
  const lines: string[] = [];
  const note = (event: string) => void lines.push(event);
  return { lines, log: { info: note, warn: note, error: note } };
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); ) {
    if (Date.now() > end) throw new Error('It did not come.');
    await new Promise((next) => setTimeout(next, 5));
  }
}

function start(account: Account, intake: Intake, log: Log = quietLog().log, more: Partial<PollingParts> = {}) {
  return startPolling({ accounts: [account], intake, cursors: openMemory(), log, ...more });
}

const accepted = { conversation: 'c', seq: 1, duplicate: false };

describe('asking a platform', () => {
  test('goes on only when everything is on disk, a customer’s events in their order', async () => {
    const { account, cursors } = platform(
      { events: [inbound('ann', '1'), inbound('bob', '1'), inbound('ann', '2')], cursor: 'b' },
      { events: [], cursor: 'c' },
    );
    const taken: string[] = [];
    const intake = async (_: unknown, { address, key }: Inbound) => {
      expect(cursors).toEqual([undefined]);
      await new Promise((next) => setTimeout(next, address === 'ann' && taken.length === 0 ? 20 : 1));
      taken.push(key);
      return accepted;
    };
    const polling = start(account, intake);
    await until(() => cursors.length === 3);
    await polling.end();
    expect(cursors).toEqual([undefined, 'b', 'c']);
    expect(taken.filter((key) => key.startsWith('ann'))).toEqual(['ann.1', 'ann.2']);
    expect(taken).toContain('bob.1');
  });

  test('hands on what it tells of messages that were sent', async () => {
    const report = { key: 'c.1.0', status: 'failed', code: 'gone' } as const;
    const { account, cursors } = platform({ events: [], reports: [report], cursor: 'b' });
    const told: unknown[] = [];
    const polling = start(account, async () => accepted, undefined, {
      report: async (...one) => void told.push(one),
    });
    await until(() => cursors.length === 2);
    await polling.end();
    expect(told).toEqual([['pager', report]]);
  });

  test('asks the same again when the store took nothing', async () => {
    const { account, cursors } = platform(
      { events: [inbound('ann', '1')], cursor: 'b' },
      { events: [inbound('ann', '1')], cursor: 'b' },
    );
    let tries = 0;
    const intake = async () => {
      tries += 1;
      if (tries === 1) throw new ParleyError('store.full', 'no room', { retryable: true });
      return accepted;
    };
    const { log, lines } = quietLog();
    const polling = start(account, intake, log);
    await until(() => cursors.length === 3);
    await polling.end();
    expect(cursors).toEqual([undefined, undefined, 'b']);
    expect(lines).toEqual(['channel.pull_failed']);
  });

  test('tells the log what nobody can read, and goes on', async () => {
    const unreadable = [new ParleyError('pager.strange', 'what is this')];
    const { account, cursors } = platform({ events: [], unreadable, cursor: 'b' });
    const { log, lines } = quietLog();
    const polling = start(account, async () => accepted, log);
    await until(() => cursors.length === 2);
    await polling.end();
    expect(lines).toEqual(['channel.unreadable']);
  });

  test('ends at once, even while it rests after a failure', async () => {
    const { account, cursors } = platform(new Error('gone'), new Error('gone'));
    const polling = start(account, async () => accepted);
    await until(() => cursors.length === 1);
    await polling.end();
    expect(cursors).toHaveLength(1);
  });
});

/** A platform that says when there is something: it keeps what came in, in order, and tells one at a time from a cursor on. */
function nudging(came: string[]) {
  const asked: { cursor: string | undefined; nudge: unknown }[] = [];
  const channel: Channel = {
    ...fetchedChannel,
    receives: () => 'nudged',
    async pull({ cursor, nudge }: PullContext<unknown>) {
      asked.push({ cursor, nudge });
      const at = Number(cursor ?? 0);
      const text = came[at];
      if (text === undefined) return { events: [], cursor: String(at) };
      return { events: [inbound('ann', text)], cursor: String(at + 1), more: at + 1 < came.length };
    },
  };
  const account: Account = { name: 'pager', channel, settings: {} };
  return { account, asked };
}

describe('a platform that nudges', () => {
  const keys: string[] = [];
  const intake: Intake = async (_, { key }) => {
    keys.push(key);
    return accepted;
  };
  beforeEach(() => void keys.splice(0));

  test('is asked at the start, and at each nudge until there is no more', async () => {
    const came = ['1', '2'];
    const { account, asked } = nudging(came);
    expect(asking(account)).toBe('nudged');
    const polling = start(account, intake);
    await until(() => keys.length === 2);
    came.push('3', '4');
    polling.nudge('pager', { token: 't' });
    polling.nudge('somebody else', { token: 'u' });
    await until(() => keys.length === 4);
    await polling.end();
    expect(keys).toEqual(['ann.1', 'ann.2', 'ann.3', 'ann.4']);
    expect(asked.map(({ nudge }) => nudge)).toEqual([undefined, undefined, { token: 't' }, { token: 't' }]);
  });

  test('is asked once more for a nudge that came while it was being asked', async () => {
    const came = ['1'];
    const { account, asked } = nudging(came);
    const polling = start(account, async (...one) => {
      if (keys.length === 0) polling.nudge('pager', { token: 't' });
      return intake(...one);
    });
    await until(() => asked.length === 2);
    await polling.end();
    expect(asked.at(-1)).toEqual({ cursor: '1', nudge: { token: 't' } });
  });

  test('is asked once for each topic that it was nudged for meanwhile', async () => {
    const { account, asked } = nudging([]);
    const polling = start(account, intake);
    for (const topic of ['a', 'b', 'a']) polling.nudge('pager', { topic, token: topic + asked.length });
    await until(() => asked.length === 3);
    await polling.end();
    expect(asked.slice(1).map(({ nudge }) => nudge)).toMatchObject([{ topic: 'a' }, { topic: 'b' }]);
  });

  test('is asked once more about what could not be heard, and meanwhile about the rest', async () => {
    const asked: unknown[] = [];
    let away = true;
    const channel: Channel = {
      ...fetchedChannel,
      receives: () => 'nudged',
      async pull({ nudge }: PullContext<unknown>) {
        asked.push(nudge?.topic);
        if (nudge?.topic === 'a' && away) {
          away = false;
          throw new ParleyError('pager.away', 'not now', { retryable: true });
        }
        return { events: [], cursor: '' };
      },
    };
    const polling = start({ name: 'pager', channel, settings: {} }, intake);
    await until(() => asked.length === 1);
    polling.nudge('pager', { topic: 'a' });
    await until(() => asked.length === 2);
    polling.nudge('pager', { topic: 'b' });
    await until(() => asked.length === 5);
    await polling.end();
    expect(asked).toEqual([undefined, 'a', undefined, 'a', 'b']);
  });

  test('is asked now and then all the same: a nudge may get lost', async () => {
    const came: string[] = [];
    const { account } = nudging(came);
    const polling = start(account, intake, undefined, { every: 5 });
    came.push('1');
    await until(() => keys.length === 1);
    await polling.end();
  });

  test('is asked by the next process from where this one came to, and not from further', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-polling-'));
    const came = ['1', '2', '3'];
    try {
      const before = openSqlite(join(folder, 'store'));
      const first = nudging(came);
      const broken: Intake = async (account, event) => {
        if (event.key === 'ann.3') throw new ParleyError('store.full', 'no room', { retryable: true });
        return intake(account, event);
      };
      const one = start(first.account, broken, undefined, { cursors: before });
      await until(() => first.asked.length === 3);
      await one.end();
      await before.close();

      const after = openSqlite(join(folder, 'store'));
      const second = nudging(came);
      const two = start(second.account, intake, undefined, { cursors: after });
      await until(() => keys.length === 3);
      await two.end();
      await after.close();
      expect(second.asked[0]?.cursor).toBe('2');
      expect(keys).toEqual(['ann.1', 'ann.2', 'ann.3']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('a platform that calls is not asked', () => {
  expect(asking({ name: 'web', channel: fetchedChannel, settings: {} })).toBeUndefined();
});
