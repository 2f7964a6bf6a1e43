import { describe, expect, test } from '@jest/globals';
import { startPolling } from '../../src/bot/polling.ts';
import type { Channel, Inbound, PullContext, Pulled } from '../../src/channel.ts';
import type { Account } from '../../src/deployment/accounts.ts';
import { ParleyError } from '../../src/errors.ts';
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
    const polling = startPolling([account], intake, quietLog().log);
    await until(() => cursors.length === 3);
    await polling.end();
    expect(cursors).toEqual([undefined, 'b', 'c']);
    expect(taken.filter((key) => key.startsWith('ann'))).toEqual(['ann.1', 'ann.2']);
    expect(taken).toContain('bob.1');
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
    const polling = startPolling([account], intake, log);
    await until(() => cursors.length === 3);
    await polling.end();
    expect(cursors).toEqual([undefined, undefined, 'b']);
    expect(lines).toEqual(['channel.pull_failed']);
  });

  test('tells the log what nobody can read, and goes on', async () => {
    const unreadable = [new ParleyError('pager.strange', 'what is this')];
    const { account, cursors } = platform({ events: [], unreadable, cursor: 'b' });
    const { log, lines } = quietLog();
    const polling = startPolling([account], async () => accepted, log);
    await until(() => cursors.length === 2);
    await polling.end();
    expect(lines).toEqual(['channel.unreadable']);
  });

  test('ends at once, even while it rests after a failure', async () => {
    const { account, cursors } = platform(new Error('gone'), new Error('gone'));
    const polling = startPolling([account], async () => accepted, quietLog().log);
    await until(() => cursors.length === 1);
    await polling.end();
    expect(cursors).toHaveLength(1);
  });
});
