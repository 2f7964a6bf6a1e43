import { afterEach, describe, expect, test } from '@jest/globals';
import type { News } from '../../src/engine/engine.ts';
import type { EngineParts } from '../../src/engine/parts.ts';
import type { TakeTurn } from '../../src/turn.ts';
import { scripted, type World, world } from '../support/engine-world.ts';

const open: World[] = [];
afterEach(async () => {
  for (const { engine } of open.splice(0)) await engine.stop(500);
});
async function start(over: Partial<EngineParts> = {}): Promise<World> {
  const made = world(over);
  open.push(made);
  await made.engine.start();
  return made;
}

describe('a code that continues a conversation elsewhere', () => {
  const inbound = { account: 'sms', address: '+1', key: 'r1', event: { kind: 'message', text: 'AAAA2222' } } as const;

  test('is taken once; where it was brought shows other words, and its conversation hears of it', async () => {
    const w = await start();
    await w.write('hi');
    const invite = async (id: string) => {
      const { key } = (await w.store.load('web', 'ann'))!;
      await w.store.invite({ id, code: 'AAAA2222', conversation: key, until: w.now + 1_000, at: w.now });
    };
    await invite('i1');
    expect(await w.engine.redeem(inbound, 'BBBB2222', '••••')).toBe('unknown');
    expect(await w.engine.redeem({ ...inbound, account: 'web', address: 'ann' }, 'AAAA2222', '••••')).toBe('here');
    const taken = await w.engine.redeem(inbound, 'AAAA2222', '••••');
    expect(taken).toMatchObject({ seq: 1, duplicate: false });
    await w.until(async () => (await w.said()).length === 3);
    expect((await w.said())[2]).toBe('bot: 2: leaving');
    expect(await w.said('+1', 'sms')).toEqual(['customer: ••••']);
    await invite('i2');
    expect(await w.engine.redeem(inbound, 'AAAA2222', '••••')).toEqual({ ...(taken as object), duplicate: true });
  });

  test('is refused by an engine that stops', async () => {
    const w = await start();
    await w.engine.stop(100);
    await expect(w.engine.redeem(inbound, 'AAAA2222', '••••')).rejects.toMatchObject({ code: 'engine.stopping' });
  });
});

describe('a conversation', () => {
  test('that is handed something by another one takes it up', async () => {
    const passing: TakeTurn = (state, event, scene) =>
      event.kind === 'message' && event.text.startsWith('pass ')
        ? {
            state: {},
            effects: [
              {
                kind: 'hand_on',
                to: { account: 'web', address: event.text.slice(5) },
                event: { kind: 'notice', text: 'x', values: {} },
              },
            ],
          }
        : scripted(state, event, scene);
    const w = await start({ turn: passing });
    await w.write('hello', { address: 'bob' });
    await Promise.all([w.write('pass bob'), w.write('pass eve')]);
    await w.until(async () => (await w.said('bob')).length === 3 && (await w.said('eve')).length === 1);
    expect([(await w.said('bob'))[2], (await w.said('eve'))[0]]).toEqual(['bot: 2: notice', 'bot: 1: notice']);
  });

  test('of an account that nobody has named is refused', async () => {
    const w = await start();
    await expect(w.write('hi', { account: 'nowhere' })).rejects.toMatchObject({ code: 'engine.unknown_account' });
  });

  test('tells who watches it what has been seen, and what its turn said, and nothing of what shows nothing', async () => {
    const w = await start();
    const { conversation } = await w.write('hi');
    const news: News[] = [];
    w.engine.watch(conversation, (each) => news.push(each));
    await w.engine.seen(conversation, 2);
    await w.engine.seen(conversation, 2);
    await w.write('timer a 9000000');
    await w.write('who');
    expect(news).toMatchObject([
      { kind: 'status', seq: 2, status: 'read' },
      { kind: 'entries', entries: [{ seq: 3, from: 'customer' }] },
      { kind: 'entries', entries: [{ seq: 4 }, { seq: 5, from: 'bot', status: 'delivered' }] },
    ]);
  });

  test('that two processes hold is turned on what is on disk, by whoever comes later', async () => {
    const one = await start();
    const other = await start({ store: one.store });
    await one.write('a', { key: 'a' });
    await other.write('b', { key: 'b' });
    await one.write('c', { key: 'c' });
    expect((await one.write('b', { key: 'b' })).duplicate).toBe(true);
    expect(await one.said()).toEqual([
      'customer: a',
      'bot: 1: a',
      'customer: b',
      'bot: 2: b',
      'customer: c',
      'bot: 3: c',
    ]);
  });
});
