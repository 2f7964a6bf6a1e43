import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RawResponse, SendError } from '../../src/channel.ts';
import type { News } from '../../src/engine/engine.ts';
import type { EngineParts } from '../../src/engine/parts.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { TakeTurn } from '../../src/turn.ts';
import { scripted, type World, world } from '../support/engine-world.ts';

let folder: string;
const open: World[] = [];
const crashed: World[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-delivery-'));
});
afterEach(async () => {
  for (const { engine } of crashed.splice(0)) await engine.stop(0);
  for (const { engine, store } of open.splice(0)) {
    await engine.stop(500);
    await store.close();
  }
  rmSync(folder, { recursive: true });
});

async function start(own: Parameters<typeof world>[1] = {}, over: Partial<EngineParts> = {}): Promise<World> {
  const made = world({ store: openSqlite(join(folder, 'parley.db')), ...over }, own);
  open.push(made);
  await made.engine.start();
  return made;
}

/** The process dies: nothing that it was doing is settled, and another opens its file. */
async function crash(dying: World, own: Parameters<typeof world>[1] = {}): Promise<World> {
  open.splice(open.indexOf(dying), 1);
  crashed.push(dying);
  await dying.store.close();
  return start(own);
}

const sms = (address = '+1') => ({ account: 'sms', address });
const texts = ({ platform }: World) => platform.map(({ text }) => text);
const statuses = async ({ engine }: World, address = '+1') => {
  const id = await engine.find('sms', address);
  const entries = await engine.transcript(id!, 0, 99);
  return entries.filter(({ from }) => from === 'bot').map(({ status }) => status);
};

describe('reports', () => {
  test('of a phone that is switched off say nothing about the next message', async () => {
    const w = await start({
      failure: () => ({ kind: 'unreachable', reason: 'channel.unreachable', passing: true }),
    });
    await w.write('say a', sms());
    await w.until(() => w.platform.length === 1);
    await w.engine.report('sms', { key: w.platform[0]!.key, status: 'failed', code: '30003' });
    await w.write('say b', sms());
    await w.until(() => w.platform.length === 2);
    expect(await statuses(w)).toEqual(['failed', 'sent']);
  });

  test('that name a message by the platform’s own id move that one on', async () => {
    const w = await start({ send: async (_, { key }) => ({ id: `p-${key.split('.')[1]}`, reported: true }) });
    await w.write('say a b', sms());
    await w.until(async () => (await statuses(w)).join() === 'sent,sent');
    await w.engine.report('sms', { address: '+1', id: 'p-3', status: 'delivered' });
    for (const stranger of ['p-4', '']) await w.engine.report('sms', { address: '+1', id: stranger, status: 'failed' });
    await w.engine.report('sms', { address: '+2', id: 'p-2', status: 'failed' });
    expect(await statuses(w)).toEqual(['sent', 'delivered']);
  });

  test('that come before their message has an id on disk are to be brought again', async () => {
    const answer = Promise.withResolvers<{ id: string; reported: true }>();
    const w = await start({ send: () => answer.promise, can: { idempotent: false } });
    await w.write('say a', sms());
    await w.until(async () => (await statuses(w))[0] === 'sending');
    const report = { address: '+1', id: 'p', status: 'delivered' } as const;
    await expect(w.engine.report('sms', report)).rejects.toMatchObject({ code: 'engine.busy', retryable: true });
    answer.resolve({ id: 'p', reported: true });
    await w.until(async () => (await statuses(w))[0] === 'sent');
    await w.engine.report('sms', report);
    expect(await statuses(w)).toEqual(['delivered']);
  });

  test('move a message on, tell who watches, and are heard only of the account that sent it', async () => {
    const w = await start();
    const { conversation } = await w.write('say a', sms());
    await w.until(async () => (await statuses(w))[0] === 'sent');
    const news: News[] = [];
    w.engine.watch(conversation, (each) => news.push(each));
    const { key } = w.platform[0]!;
    await w.engine.report('web', { key, status: 'read' });
    await w.engine.report('sms', { key, status: 'delivered' });
    await w.engine.report('sms', { key, status: 'sent' });
    await w.engine.report('sms', { key: 'no key of ours', status: 'read' });
    expect(news).toEqual([{ kind: 'status', seq: 2, status: 'delivered' }]);
    expect(await statuses(w)).toEqual(['delivered']);
  });

  test('of a failure that means that she is gone are a signal in her conversation, once', async () => {
    const w = await start({
      failure: (code) => (code === '30005' ? { kind: 'unreachable', reason: 'gone' } : undefined),
    });
    await w.write('say a b', sms());
    await w.until(async () => (await statuses(w)).every((status) => status === 'sent'));
    const [first, second] = w.platform;
    await w.engine.report('sms', { key: first!.key, status: 'failed', code: '30008' });
    expect((await w.store.load('sms', '+1'))?.state).not.toContain('told');
    await w.engine.report('sms', { key: second!.key, status: 'failed', code: '30005' });
    await w.engine.report('sms', { key: second!.key, status: 'failed', code: '30005' });
    await w.until(async () => (await w.store.load('sms', '+1'))?.state?.includes('channel.blocked') === true);
    expect((await w.store.load('sms', '+1'))?.version).toBe(2);
    expect(await w.engine.dead()).toMatchObject([{ code: '30008' }, { code: '30005' }]);
  });

  test('a failure that is reported before its send has answered is heard, too', async () => {
    let answer: () => void = () => undefined;
    let key = '';
    const w = await start({
      failure: () => ({ kind: 'opted_out' }),
      send: (_, context) => {
        key = context.key;
        return new Promise((resolve) => {
          answer = () => resolve({});
        });
      },
    });
    await w.write('say a', sms());
    await w.until(() => key !== '');
    await w.engine.report('sms', { key, status: 'failed', code: '21610' });
    await w.until(async () => (await w.store.load('sms', '+1'))?.state?.includes('channel.opted_out') === true);
    answer();
    await w.until(async () => (await statuses(w))[0] === 'failed');
    expect(await w.engine.dead()).toMatchObject([{ code: '21610' }]);
  });
});

describe('after a crash', () => {
  const deaf = () => new Promise<never>(() => undefined);

  test('what was being sent is unknown and not sent again; what waited behind it is sent', async () => {
    const dying = await start({ send: deaf });
    await dying.write('say a b', sms());
    await dying.write('say c', sms());
    const w = await crash(dying);
    await w.until(() => w.platform.length === 2);
    expect(texts(w)).toEqual(['b', 'c']);
    await w.until(async () => (await statuses(w)).join() === 'unknown,sent,sent');
  });

  test('of several parts, the one that was being sent is skipped and those after it are sent', async () => {
    const sent: string[] = [];
    const dying = await start({
      async send({ text }) {
        sent.push(String(text));
        return text === 'two' ? deaf() : {};
      },
    });
    await dying.write('say one/two/three', sms());
    await dying.until(() => sent.length === 2);
    const w = await crash(dying);
    await w.until(() => w.platform.length === 1);
    expect(texts(w)).toEqual(['three']);
    await w.until(async () => (await statuses(w))[0] === 'unknown');
  });

  test('a message that may be repeated is, under its key', async () => {
    const dying = await start({ send: deaf });
    const { conversation } = await dying.write('insist a', sms());
    const w = await crash(dying);
    await w.until(() => w.platform.length === 1);
    expect(w.platform).toMatchObject([{ text: 'a', key: `${conversation}.2.0` }]);
    await w.until(async () => (await statuses(w))[0] === 'sent');
  });

  test('a channel that heeds keys gets everything again, under the same ones', async () => {
    const keys: string[] = [];
    const can = { idempotent: true };
    const dying = await start({
      can,
      send: (_, { key }) => {
        keys.push(key);
        return deaf();
      },
    });
    await dying.write('say a', sms());
    await dying.until(() => keys.length === 1);
    const w = await crash(dying, { can });
    await w.until(() => w.platform.length === 1);
    expect(w.platform.map(({ key }) => key)).toEqual(keys);
  });

  test('what was said together is planned together again', async () => {
    const merging = { can: { merges: true as const, idempotent: true }, plan: joined };
    const dying = await start({ ...merging, send: deaf });
    await dying.write('say a b', sms());
    await dying.write('say c', sms());
    const w = await crash(dying, merging);
    await w.until(() => w.platform.length === 2);
    expect(texts(w)).toEqual(['a+b', 'c']);
    await w.until(async () => (await statuses(w)).join() === 'sent,sent,sent');
  });

  test('of what was said together nothing is sent again where nobody knows', async () => {
    const merging = { can: { merges: true as const }, plan: joined };
    const dying = await start({ ...merging, send: deaf });
    await dying.write('say a b', sms());
    await dying.write('say c', sms());
    const w = await crash(dying, merging);
    await w.until(() => w.platform.length === 1);
    expect(texts(w)).toEqual(['c']);
    await w.until(async () => (await statuses(w)).join() === 'unknown,unknown,sent');
  });

  test('what only waited for an account to rest is sent', async () => {
    const dying = await start();
    dying.trouble = () => ({ kind: 'rate_limited', after: 60_000, scope: 'account' });
    await dying.write('say a', sms());
    await dying.until(async () => (await dying.store.nextEffect()) === 1_060_000);
    await dying.write('say b', sms('+2'));
    await dying.until(async () => (await dying.store.counts()).waiting === 2);
    const w = await crash(dying);
    w.now = 1_060_000;
    await w.until(() => w.platform.length === 2);
    expect(texts(w).toSorted()).toEqual(['a', 'b']);
  });
});

describe('what the platform answers', () => {
  test('a limit on a conversation holds nobody else', async () => {
    const w = await start();
    w.trouble = (text) => (text === 'a' && w.now < 1_060_000 ? limit('conversation') : undefined);
    await w.write('say a b', sms());
    await w.until(async () => (await w.store.nextEffect()) === 1_060_000);
    await w.write('say c', sms('+2'));
    await w.until(() => w.platform.length === 1);
    w.now = 1_060_000;
    await w.until(() => w.platform.length === 3);
    expect(texts(w)).toEqual(['c', 'a', 'b']);
  });

  test('refused secrets keep everything waiting, loudly, until they are taken again; nothing becomes a dead letter', async () => {
    const w = await start();
    let calls = 0;
    let locked = true;
    w.trouble = () => {
      calls += 1;
      return locked ? { kind: 'auth', reason: 'invalid_auth' } : undefined;
    };
    for (const address of ['+1', '+2', '+3']) await w.write('say a', sms(address));
    await w.until(async () => (await w.store.counts()).waiting === 3);
    expect(w.engine.health().shut).toEqual(['sms']);
    expect(w.logged).toContain('engine.account_refused');
    // Then one tries for all.
    const before = calls;
    w.now += 400_000;
    await w.until(() => calls > before);
    await w.until(async () => (await w.store.counts()).waiting === 3);
    expect(calls).toBe(before + 1);
    locked = false;
    while (w.platform.length < 3) {
      w.now += 400_000;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(w.engine.health().shut).toEqual([]);
    expect(await w.engine.dead()).toEqual([]);
  });

  test('a part that it finds wrong is our mistake: logged, buried, and what follows is sent', async () => {
    const w = await start();
    w.trouble = (text) => (text === 'a' ? { kind: 'invalid', reason: 'too_long' } : undefined);
    await w.write('say a b', sms());
    await w.until(() => w.platform.length === 1);
    expect(await w.engine.dead()).toMatchObject([{ code: 'too_long' }]);
    expect(w.logged).toContain('engine.send_invalid');
  });

  test.each<[SendError, string, string]>([
    [{ kind: 'unreachable', reason: 'blocked' }, 'channel.blocked', 'blocked'],
    [{ kind: 'opted_out' }, 'channel.opted_out', 'channel.opted_out'],
  ])('%j ends all that waits for her, and her conversation hears of it', async (trouble, signal, code) => {
    const w = await start();
    w.trouble = (text) => (text === 'a' ? trouble : undefined);
    await w.write('say a b c', sms());
    await w.until(async () => (await w.store.load('sms', '+1'))?.state?.includes(signal) === true);
    expect((await w.engine.dead()).map((letter) => letter.code)).toEqual([code, code, code]);
    expect(w.platform).toEqual([]);
    expect(await statuses(w)).toEqual(['failed', 'failed', 'failed']);
  });

  test('silence on one part leaves the message unknown, and the other parts are sent', async () => {
    const w = await start();
    w.trouble = (text) => (text === 'one' ? { kind: 'unknown' } : undefined);
    await w.write('say one/two', sms());
    await w.until(async () => (await statuses(w))[0] === 'unknown');
    expect(texts(w)).toEqual(['two']);
  });
});

describe('rates', () => {
  test('more than an account may say waits on disk, spread, and others’ accounts go on', async () => {
    const w = await start({ can: { rates: [{ scope: 'account', messages: 2, per: 60_000 }] } });
    for (const address of ['+1', '+2', '+3', '+4', '+5']) await w.write('say a', sms(address));
    await w.until(async () => (await w.store.counts()).waiting === 3);
    expect(w.platform).toHaveLength(2);
    expect(await w.store.nextEffect()).toBe(1_060_000);
    w.now = 1_060_000;
    await w.until(() => w.platform.length === 3);
    w.now = 1_120_000;
    await w.until(() => w.platform.length === 5);
  });

  test('more than a conversation may hear waits, in order, and others go on', async () => {
    const w = await start({ can: { rates: [{ scope: 'conversation', messages: 1, per: 30_000 }] } });
    await w.write('say a b', sms());
    await w.write('say c', sms('+2'));
    await w.until(() => w.platform.length === 2);
    expect(texts(w)).toEqual(['a', 'c']);
    await w.until(async () => (await w.store.nextEffect()) === 1_030_000);
    w.now = 1_030_000;
    await w.until(() => w.platform.length === 3);
  });

  test('a moment is waited for in memory', async () => {
    const w = await start({ can: { rates: [{ scope: 'account', messages: 1, per: 20 }] } });
    await w.write('say a b c', sms());
    await w.until(() => w.platform.length === 3);
    expect(texts(w)).toEqual(['a', 'b', 'c']);
  });
});

describe('windows', () => {
  const day = 86_400_000;
  const windowed = { can: { window: { templates: true } } };

  test('tell the plan what is left, and are counted down', async () => {
    const w = await start(windowed, { publicUrl: 'https://shop.example' });
    await w.write('say a b', { ...sms(), window: { lasts: day, messages: 5 } });
    await w.until(() => w.platform.length === 2);
    expect(w.planned).toMatchObject([
      { remaining: 5, publicUrl: 'https://shop.example', settings: {} },
      { remaining: 4 },
    ]);
  });

  test('that are used up park what is left for a human to see, and the next one frees it in order', async () => {
    const w = await start(windowed);
    await w.write('say a b c', { ...sms(), window: { lasts: day, messages: 1 } });
    await w.until(async () => (await w.store.handoffs(9)).length === 1);
    expect(texts(w)).toEqual(['a']);
    expect(await w.store.handoffs(9)).toMatchObject([
      { status: 'open', handoff: { mode: 'background', queue: 'default', reason: 'channel.window_closed' } },
    ]);
    await w.write('say d', { ...sms(), window: { lasts: day } });
    await w.until(() => w.platform.length === 4);
    expect(texts(w)).toEqual(['a', 'b', 'c', 'd']);
    expect(await w.store.handoffs(9)).toMatchObject([{ status: 'closed' }]);
  });

  test('that are closed let templates pass, and the plan knows', async () => {
    const w = await start(windowed);
    await w.write('notice shipped', { ...sms(), window: { lasts: 1_000 }, sentAt: 500_000 });
    await w.until(() => w.platform.length === 1);
    expect(w.planned).toMatchObject([{ template: true }]);
  });

  test('that are closed keep nobody’s templates behind what is parked, not after another try either', async () => {
    const w = await start(windowed);
    w.trouble = (text) => (text === 'paid' && w.now < 1_060_000 ? limit('conversation') : undefined);
    await w.write('say a b', sms());
    await w.until(async () => (await w.store.handoffs(9)).length === 1);
    await w.write('notice shipped', sms());
    await w.until(() => w.platform.length === 1);
    await w.write('notice paid', sms());
    await w.until(async () => (await w.store.nextEffect()) === 1_060_000);
    w.now = 1_060_000;
    await w.until(() => w.platform.length === 2);
    await w.write('hello', { ...sms(), window: { lasts: day } });
    await w.until(() => w.platform.length === 5);
    expect(texts(w).slice(0, 4)).toEqual(['shipped', 'paid', 'a', 'b']);
    expect(await w.store.handoffs(9)).toHaveLength(1);
  });

  test('that the platform finds closed are closed, whatever we counted', async () => {
    const w = await start(windowed);
    w.trouble = (text, tries) => (text === 'a' && tries === 0 ? { kind: 'window_closed' } : undefined);
    await w.write('say a', { ...sms(), window: { lasts: day } });
    await w.until(async () => (await w.store.handoffs(9)).length === 1);
    await w.write('hello', { ...sms(), window: { lasts: day } });
    await w.until(() => w.platform.length === 2);
    expect(texts(w)[0]).toBe('a');
  });

  test('that the platform finds closed let the same message pass as a template', async () => {
    const w = await start(windowed);
    w.trouble = (_, tries) => (tries === 0 ? { kind: 'window_closed' } : undefined);
    await w.write('notice shipped', { ...sms(), window: { lasts: day } });
    await w.until(() => w.platform.length === 1);
    expect(w.planned).toMatchObject([{}, { template: true }]);
    expect(await w.store.handoffs(9)).toEqual([]);
  });

  test('that stay closed for a week make dead letters of what waited', async () => {
    const w = await start(windowed);
    await w.write('say a b', sms());
    await w.until(async () => (await w.store.handoffs(9)).length === 1);
    w.now += 7 * day;
    await w.until(async () => (await w.engine.dead()).length === 2);
    expect(await w.engine.dead()).toMatchObject([{ code: 'channel.expired' }, { code: 'channel.expired' }]);
    expect(w.platform).toEqual([]);
  });
});

describe('what one turn says', () => {
  const merging = { can: { merges: true as const }, plan: joined };

  test('is one message where messages are worth sparing, and is tried again as one', async () => {
    const w = await start(merging);
    w.trouble = (_, tries) => (tries === 0 ? { kind: 'retryable' } : undefined);
    const { conversation } = await w.write('say a b', sms());
    await w.until(() => w.platform.length === 1);
    expect(w.platform).toMatchObject([{ text: 'a+b', key: `${conversation}.2.0` }]);
    await w.until(async () => (await statuses(w)).join() === 'sent,sent');
    await w.engine.report('sms', { key: `${conversation}.2.0`, status: 'failed' });
    expect(await statuses(w)).toEqual(['failed', 'failed']);
  });
});

describe('a call that waits to be answered', () => {
  const passive = { can: { passive: { deadline: 60_000 } } };
  const answering = {
    ...passive,
    async send(part: object, { passive: reply }: { passive?: (response: RawResponse) => Promise<void> }) {
      const body = String((part as { text: string }).text);
      if (reply === undefined) bySending.push(body);
      else await reply({ status: 200, body });
      return {};
    },
    classify: (): SendError => ({ kind: 'unknown' }),
  };
  let bySending: string[] = [];
  beforeEach(() => {
    bySending = [];
  });

  test('is offered to the first send of its conversation, and to no other', async () => {
    const w = await start(answering);
    const answers: unknown[] = [];
    const reply = async (response: RawResponse) => void answers.push(response.body);
    await w.write('say a b', { ...sms(), passive: reply });
    await w.write('say c', sms('+2'));
    await w.until(() => bySending.length === 2);
    expect(answers).toEqual(['a']);
    expect(bySending.toSorted()).toEqual(['b', 'c']);
  });

  test('is answered without cost to the window', async () => {
    const w = await start({ ...answering, can: { ...passive.can, window: { templates: false } } });
    const window = { lasts: 60_000, messages: 5 };
    await w.write('say a b', { ...sms(), window, passive: () => Promise.resolve() });
    await w.until(async () => (await statuses(w)).join() === 'sent,sent');
    const { key } = (await w.store.load('sms', '+1'))!;
    expect(await w.store.allowance(key)).toMatchObject({ messages: 4 });
  });

  test('that waits no longer costs nothing: the part is sent by other means', async () => {
    const w = await start(answering);
    const gone = () => Promise.reject(Object.assign(new Error('late'), { code: 'channel.passive_gone' }));
    await w.write('say a', { ...sms(), passive: gone });
    await w.until(async () => (await statuses(w))[0] === 'sent');
    expect(bySending).toEqual(['a']);
  });

  test('and is cut while it is answered ends unknown, and nothing is said twice when the platform calls again', async () => {
    const w = await start({ ...answering, can: { ...passive.can, idempotent: false } });
    const cut = () => Promise.reject(Object.assign(new Error('cut'), { code: 'channel.passive_cut' }));
    await w.write('say a', { ...sms(), key: 'w1', passive: cut });
    await w.until(async () => (await statuses(w))[0] === 'unknown');
    const late = { ...sms(), key: 'w1', passive: () => Promise.reject(new Error('must not be called')) };
    expect(await w.write('say a', late)).toMatchObject({ duplicate: true });
    expect(bySending).toEqual([]);
  });

  test('is never offered by a channel that does not answer so', async () => {
    const w = await start({ ...answering, can: {} });
    await w.write('say a', { ...sms(), passive: () => Promise.reject(new Error('must not be called')) });
    await w.until(() => bySending.length === 1);
  });
});

function joined(messages: readonly { readonly text: string }[]) {
  return [{ text: messages.map(({ text }) => text).join('+') }];
}

function limit(scope: 'account' | 'conversation'): SendError {
  return { kind: 'rate_limited', after: 60_000, scope };
}

describe('a channel’s own words', () => {
  test('are in the language that the conversation is held in by now, not in the one that it began in', async () => {
    const turn: TakeTurn = (state, event, scene) => {
      const said = scripted(state, event, scene);
      const text = event.kind === 'message' ? event.text : '';
      return {
        ...said,
        state: { ...said.state, locale: text.includes('你好') ? 'zh' : String(state?.locale ?? 'en') },
      };
    };
    const w = await start({}, { turn });
    for (const text of ['hello', '你好', 'ok']) {
      const before = w.platform.length;
      await w.write(text, { account: 'sms', address: '+1' });
      await w.until(() => w.platform.length > before);
    }
    expect(w.planned.map(({ locale }) => locale)).toEqual(['en', 'zh', 'zh']);
  });
});
