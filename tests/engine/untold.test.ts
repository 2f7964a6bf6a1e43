import { afterEach, describe, expect, test } from '@jest/globals';
import type { News } from '../../src/engine/engine.ts';
import type { EngineParts } from '../../src/engine/parts.ts';
import { openMemory } from '../../src/store/memory.ts';
import type { TakeTurn } from '../../src/turn.ts';
import { scripted, type World, world } from '../support/engine-world.ts';

const open: World[] = [];
afterEach(async () => {
  for (const { engine } of open.splice(0)) await engine.stop(500);
});
async function start(over: Partial<EngineParts> = {}, own: Parameters<typeof world>[1] = {}): Promise<World> {
  const made = world({ sendBackoff: { base: 1, cap: 1 }, ...over }, own);
  open.push(made);
  await made.engine.start();
  return made;
}
const SMS = { account: 'sms', address: '+1' } as const;
const dead = async ({ engine }: World) => (await engine.dead()).map(({ message, code }) => [message.text, code]);
const texts = ({ platform }: World) => platform.map(({ text }) => text);

/** Like the usual one, but `tell A B` says what she has not asked for. */
const telling: TakeTurn = (state, event, scene) => {
  if (event.kind !== 'message' || !event.text.startsWith('tell ')) return scripted(state, event, scene);
  const say = (text: string) => ({ kind: 'send', from: 'bot', message: { text, unasked: [] } }) as const;
  return { state: { ...state }, effects: event.text.split(' ').slice(1).map(say) };
};

describe('what must not be said', () => {
  test('is not sent to who has ruled so, and what she may be told is', async () => {
    const w = await start({
      turn: (state, event, scene) => {
        const { effects, ...turn } = scripted(state, event, scene);
        return { ...turn, effects: [{ kind: 'consent', ruling: { out: 1 } }, ...effects] };
      },
      silences: (ruling, _, message) =>
        ruling !== undefined && message.text === 'ad' ? 'channel.opted_out' : undefined,
    });
    await w.write('say ad receipt', SMS);
    await w.until(() => w.platform.length === 1);
    expect([await dead(w), texts(w)]).toEqual([[['ad', 'channel.opted_out']], ['receipt']]);
  });

  test('is not sent once the conversation has changed hands, and nowhere else either', async () => {
    let told = 0;
    const stand = { at: 'active', epoch: 2, version: 1, queue: 'q', opened: 1, control: {} } as const;
    const w = await start({
      turn: (state, event, scene) => {
        const { effects, ...turn } = telling(state, event, scene);
        return { ...turn, effects: [{ kind: 'desk', stand, lines: [], limit: 3 }, ...effects] };
      },
      onDesk: () => {
        told += 1;
      },
      fence: (epoch, message) => (epoch === 2 && message.text === 'old' ? 'desk.stale' : undefined),
      otherWay: async () => ({ account: 'web', address: 'ann', channel: 'web' }),
    });
    await w.write('tell old new', SMS);
    await w.until(() => w.platform.length === 1);
    expect([texts(w), await dead(w), told]).toEqual([['new'], [['old', 'desk.stale']], 1]);
  });
});

describe('what she has not asked for', () => {
  test('is told elsewhere with all that was said in that breath, where it is refused here for good', async () => {
    const asked: (readonly string[])[] = [];
    const otherWay = async (_: number, tried: readonly string[]) => {
      asked.push(tried);
      return { account: 'web', address: 'ann', channel: 'web' };
    };
    const w = await start({ turn: telling, otherWay });
    w.trouble = (text) => (text.length === 1 ? { kind: 'unreachable', reason: 'blocked' } : undefined);
    await w.write('tell a b', SMS);
    await w.until(async () => (await w.said('+1', 'sms')).includes('bot: 1: undelivered'));
    expect([asked, await dead(w)]).toEqual([[['sms']], []]);
    expect(w.logged).toContain('engine.told_elsewhere');
  });

  test('ends here where there is no other way, and where it may have arrived', async () => {
    const w = await start({ turn: telling, otherWay: async () => undefined });
    w.trouble = (text) => (text === 'a' ? { kind: 'permanent', reason: 'blocked' } : { kind: 'unknown' });
    await w.write('tell a b', SMS);
    await w.until(async () => (await dead(w)).length === 1);
    expect(await dead(w)).toEqual([['a', 'blocked']]);
  });

  test('is told elsewhere once when its failure is reported later, and what she has asked for is not', async () => {
    const w = await start({
      turn: telling,
      otherWay: async () => ({ account: 'web', address: 'ann', channel: 'web' }),
    });
    await w.write('tell a', SMS);
    await w.write('say b', SMS);
    await w.until(async () => w.platform.length === 2 && (await w.store.nextEffect()) === undefined);
    for (const index of [0, 0, 1])
      await w.engine.report('sms', { key: w.platform[index]!.key, status: 'failed', code: 'x' });
    await w.write('again', SMS);
    const heard = (await w.said('+1', 'sms')).filter((line) => line.endsWith('undelivered'));
    expect(heard).toEqual(['bot: 2: undelivered']);
    // Of another account, or of nothing that was said, nobody hears.
    await w.engine.report('web', { key: w.platform[0]!.key, status: 'failed' });
    expect((await w.said('+1', 'sms')).filter((line) => line.endsWith('undelivered'))).toEqual(heard);
  });
});

describe('what cannot be sent', () => {
  test('is a dead letter where its plan throws', async () => {
    const w = await start(
      {},
      {
        plan: () => {
          throw new TypeError('a bug of the channel');
        },
      },
    );
    await w.write('say a', SMS);
    await w.until(async () => (await dead(w)).length === 1);
    expect([await dead(w), w.logged]).toEqual([[['a', 'channel.plan_failed']], ['engine.plan_failed']]);
  });

  test('is a dead letter where the account’s channel sends nothing any more', async () => {
    const store = openMemory();
    await store.commit({
      arrival: {
        to: { key: 0, id: 'c', account: 'web', address: 'ann', locale: '' },
        ...{ origin: { kind: 'door', key: 'k' }, event: { kind: 'opened' }, at: 1 },
      },
      ...{ version: 0, state: '{}', delivery: 'free', heldUntil: 0 },
      effects: [{ kind: 'send', from: 'bot', message: { text: 'a' } }],
    });
    const w = await start({ store });
    await w.until(async () => (await dead(w)).length === 1);
    expect(await dead(w)).toEqual([['a', 'channel.cannot_send']]);
  });

  test('is a dead letter where a platform without windows calls one closed, and after the last try', async () => {
    const w = await start({ sendTries: 3 });
    let tries = 0;
    w.trouble = (text) => {
      if (text === 'closed') return { kind: 'window_closed' };
      tries += 1;
      return { kind: 'retryable' };
    };
    await w.write('say closed busy', SMS);
    await w.until(async () => (await dead(w)).length === 2);
    expect([await dead(w), tries]).toEqual([
      [
        ['closed', 'channel.window_closed'],
        ['busy', 'channel.gave_up'],
      ],
      3,
    ]);
  });

  test('to a phone that is switched off ends there, and what comes next is sent', async () => {
    const w = await start();
    w.trouble = (text) => (text === 'a' ? { kind: 'unreachable', reason: 'off', passing: true } : undefined);
    await w.write('say a b', SMS);
    await w.until(() => w.platform.length === 1);
    expect([texts(w), await dead(w)]).toEqual([['b'], [['a', 'off']]]);
  });

  test('is tried again where nobody knows and it may be said twice', async () => {
    const w = await start();
    w.trouble = (_, tries) => (tries === 0 ? { kind: 'unknown' } : undefined);
    await w.write('insist a', SMS);
    await w.until(() => w.platform.length === 1);
    expect(await dead(w)).toEqual([]);
  });

  test('by an error that the channel cannot read may have arrived', async () => {
    const w = await start({}, { classify: () => ({ kind: 'unknown' }) });
    w.trouble = () => ({ kind: 'retryable' });
    const { conversation } = await w.write('say a', SMS);
    await w.until(async () => (await w.engine.transcript(conversation, 1, 1))[0]?.status === 'unknown');
    expect(texts(w)).toEqual([]);
  });
});

describe('who watches', () => {
  test.each([false, true])('sees how far each message is on a channel that reports: %p', async (reports) => {
    const w = await start({ sendTries: 1 }, reports ? { reports: () => [] } : {});
    const { conversation } = await w.write('hi', SMS);
    await w.until(() => w.platform.length === 1);
    const statuses: string[] = [];
    w.engine.watch(conversation, (news: News) => {
      if (news.kind === 'status') statuses.push(`${news.seq} ${news.status}`);
    });
    w.trouble = (text) => (text === 'b' ? { kind: 'retryable' } : undefined);
    await w.write('say a b', SMS);
    await w.until(() => statuses.length === 4);
    expect(statuses).toEqual(['4 sending', '4 sent', '5 sending', '5 failed']);
  });

  test('sees that somebody is at work, and a platform that cannot show it harms nothing', async () => {
    const w = await start({ grace: 0 }, { typing: () => Promise.reject(new Error('not now')) });
    const { conversation } = await w.write('hi', SMS);
    const typing: boolean[] = [];
    w.engine.watch(conversation, (news: News) => {
      if (news.kind === 'typing') typing.push(news.on);
    });
    await w.write('do quick', SMS);
    await w.until(() => typing.length === 2 && w.logged.length > 0);
    expect([typing, w.logged]).toEqual([[true, false], ['engine.typing_failed']]);
  });
});
