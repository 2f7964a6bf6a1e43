import { afterEach, describe, expect, test } from '@jest/globals';
import type { News } from '../../src/engine/engine.ts';
import type { EngineParts } from '../../src/engine/parts.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { scripted, type World, world } from '../support/engine-world.ts';

const open: World[] = [];
afterEach(async () => {
  for (const { engine, store } of open.splice(0)) {
    await engine.stop(500);
    await store.close();
  }
});
async function start(over: Partial<EngineParts> = {}): Promise<World> {
  const made = world({ store: openSqlite(':memory:'), ...over });
  open.push(made);
  await made.engine.start();
  return made;
}

describe('an event', () => {
  test('is turned once and in order, though twenty of one conversation come at the same moment', async () => {
    const w = await start();
    const texts = Array.from({ length: 20 }, (_, n) => `m${n}`);
    const accepted = await Promise.all(texts.map((text) => w.write(text)));
    expect(accepted.map(({ seq }) => seq)).toEqual(texts.map((_, n) => 2 * n + 1));
    expect((await w.said()).filter((line) => line.startsWith('bot'))).toEqual(
      texts.map((text, n) => `bot: ${n + 1}: ${text}`),
    );
  });

  test('that comes again changes nothing and is answered as the first time', async () => {
    const w = await start();
    const first = await w.write('hello', { key: 'same' });
    const again = await Promise.all([w.write('hello', { key: 'same' }), w.write('hello', { key: 'same' })]);
    expect(again).toEqual([
      { ...first, duplicate: true },
      { ...first, duplicate: true },
    ]);
    expect(await w.said()).toEqual(['customer: hello', 'bot: 1: hello']);
  });

  test('waits for its predecessor’s slow reading in its own conversation, and nobody else does', async () => {
    const w = await start({ grace: 20_000 });
    const slow = w.write('read slow');
    const behind = w.write('behind');
    await w.write('other', { address: 'bob' });
    expect(await w.said('bob')).toEqual(['customer: other', 'bot: 1: other']);
    w.letSlowAnswer();
    await Promise.all([slow, behind]);
    await w.until(async () => (await w.said()).length === 4);
    expect((await w.said()).slice(2)).toEqual(['bot: 2: result "slow 0"', 'bot: 3: behind']);
  });

  test('of a tap is shown by the label that was offered', async () => {
    const w = await start();
    await w.write('offer');
    await w.happen({ kind: 'choice', token: 't1' }, 'tap');
    expect((await w.said())[2]).toBe('customer: The lamp');
  });

  test('with a card number is masked before it is kept or understood', async () => {
    const w = await start();
    await w.write('take 4111 1111 1111 1111');
    expect(await w.said()).toEqual(['customer: take •••• 1111', 'bot: 1: take •••• 1111']);
  });

  test('with a secret leaves only what may be kept', async () => {
    const w = await start();
    const news: News[] = [];
    const { conversation } = await w.write('hi');
    w.engine.watch(conversation, (each) => news.push(each));
    await w.write('secret 4111');
    expect(JSON.stringify([await w.said(), news])).not.toContain('4111');
    expect((await w.said())[2]).toBe('customer: secret ****');
  });
});

describe('reads and writes', () => {
  test('reads that answer within the grace are part of the turn that asked', async () => {
    const w = await start({ grace: 20_000 });
    const news: News[] = [];
    const { conversation } = await w.write('hi');
    w.engine.watch(conversation, (each) => news.push(each));
    await w.write('read quick quick');
    await w.until(async () => (await w.said()).length === 5);
    expect((await w.said()).slice(3)).toEqual(['bot: 3: result "quick 0"', 'bot: 4: result "quick 1"']);
    expect((await w.store.load('web', 'ann'))?.version).toBe(2);
  });

  test('a slow read comes back as an event, is asked once, and the conversation listens meanwhile', async () => {
    const w = await start();
    await w.write('read slow');
    await w.until(async () => (await w.store.load('web', 'ann'))?.version === 1);
    await w.write('still here?');
    w.letSlowAnswer();
    await w.until(async () => (await w.said()).length === 4);
    expect((await w.said()).slice(2)).toEqual(['bot: 2: still here?', 'bot: 3: result "slow 0"']);
    expect(w.calls).toHaveLength(1);
  });

  test.each([
    ['refuse', 'out_of_stock'],
    ['crash', 'unavailable'],
    ['hang', 'timeout'],
    ['nowhere', 'unavailable'],
  ])('an action that ends by %s is told as %s', async (name, error) => {
    const w = await start();
    await w.write(`do ${name}`);
    await w.until(async () => (await w.said()).length === 2);
    expect((await w.said())[1]).toBe(`bot: 2: result ${error}`);
  });

  test('a write whose end is unknown after a crash is asked again under its key', async () => {
    const store = openSqlite(':memory:');
    const first = await start({ store });
    await first.write('do hang');
    await first.until(() => first.calls.length === 1);
    const held = await store.claim({ now: first.now + 700_000, until: first.now + 800_000, limit: 9 });
    expect(held).toMatchObject([{ token: 2, work: { key: first.calls[0]!.key } }]);
  });
});

describe('what is said', () => {
  test('on a channel that sends is sent in order, under a key each', async () => {
    const w = await start();
    await Promise.all([w.write('say a b', { account: 'sms' }), w.write('say c', { account: 'sms' })]);
    await w.until(() => w.platform.length === 3);
    expect(w.platform.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(new Set(w.platform.map(({ key }) => key)).size).toBe(3);
    await w.until(async () => (await w.store.counts()).oldestEffect === undefined);
  });

  test('waits behind what must be tried again, and nothing overtakes', async () => {
    const w = await start();
    w.trouble = (text, tries) => (text === 'a' && tries < 3 ? { kind: 'retryable' } : undefined);
    await w.write('say a b', { account: 'sms' });
    await w.write('say c', { account: 'sms' });
    await w.until(() => w.platform.length === 3);
    expect(w.platform.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  test('is not sent before a rate limit is over', async () => {
    const w = await start();
    w.trouble = () => (w.now < 1_060_000 ? { kind: 'rate_limited', after: 60_000, scope: 'account' } : undefined);
    await w.write('say a', { account: 'sms' });
    await w.until(async () => (await w.store.nextEffect()) === 1_060_000);
    await w.write('say b', { account: 'sms', address: 'bob' });
    await w.until(async () => (await w.store.counts()).waiting === 2);
    expect(w.platform).toEqual([]);
    w.now = 1_060_001;
    await w.until(() => w.platform.length === 2);
  });

  test('is a dead letter when the platform refuses for good, and goes out when an operator says so', async () => {
    const w = await start();
    w.trouble = (text, tries) => (text === 'a' && tries === 0 ? { kind: 'permanent', reason: 'blocked' } : undefined);
    await w.write('say a b', { account: 'sms' });
    await w.until(() => w.platform.length === 1);
    const [letter] = await w.engine.dead();
    expect(letter).toMatchObject({ code: 'blocked', message: { text: 'a' } });
    expect(await w.engine.resend(letter!.id)).toBe(true);
    await w.until(() => w.platform.length === 2);
    expect(w.platform.map(({ text }) => text)).toEqual(['b', 'a']);
  });

  test('is not repeated where nobody knows whether it arrived', async () => {
    const w = await start();
    w.trouble = (text) => (text === 'a' ? { kind: 'unknown' } : undefined);
    const { conversation } = await w.write('say a b', { account: 'sms' });
    await w.until(() => w.platform.length === 1);
    await w.until(async () => (await w.engine.transcript(conversation, 2, 1))[0]?.status === 'sent');
    expect((await w.engine.transcript(conversation, 1, 9)).map(({ status }) => status)).toEqual(['unknown', 'sent']);
  });

  test('waits on disk beyond what memory may hold, and is all sent in order', async () => {
    const w = await start({ outbox: 2 });
    const texts = Array.from({ length: 30 }, (_, n) => `t${n}`);
    for (const text of texts) await w.write(`say ${text}`, { account: 'sms' });
    await w.until(() => w.platform.length === 30);
    expect(w.platform.map(({ text }) => text)).toEqual(texts);
  });
});

describe('timers and signals', () => {
  test('a timer goes off once, not before its time, though the clock jumps', async () => {
    const w = await start();
    await w.write('timer a 2000000');
    w.now = 1_999_999;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await w.said()).toHaveLength(1);
    w.now = 2_000_000;
    await w.until(async () => (await w.said()).length === 2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await w.said())[1]).toBe('bot: 2: timer a');
    expect(await w.said()).toHaveLength(2);
  });

  test('a signal wakes who listens, once per key', async () => {
    const w = await start();
    await w.write('listen shipped');
    expect(await w.engine.signal('shipped', {}, 's1')).toBe(1);
    expect(await w.engine.signal('shipped', {}, 's1')).toBe(0);
    await w.until(async () => (await w.said()).length === 2);
    expect((await w.said())[1]).toBe('bot: 2: signal');
  });
});

describe('what goes wrong', () => {
  const quickly = { poisonBackoff: { base: 1, cap: 1 } };

  test('a poison event is set aside after five tries; what came behind it and others go on; it can be replayed', async () => {
    const w = await start(quickly);
    let tries = 0;
    w.engine.use((state, event, scene) => {
      if (event.kind === 'message' && event.text === 'throw') tries += 1;
      return scripted(state, event, scene);
    });
    await Promise.all([w.write('throw'), w.write('next'), w.write('x', { address: 'bob' })]);
    await w.until(async () => (await w.said()).includes('bot: 1: next'));
    // Once more than it counts: at the door, before it was in the inbox.
    expect(tries).toBe(6);
    const [bad] = await w.engine.quarantined();
    expect(bad).toMatchObject({ event: { text: 'throw' }, code: 'unexpected' });
    w.engine.use((state, event, scene) =>
      scripted(state, event.kind === 'message' ? { ...event, text: 'mended' } : event, scene),
    );
    expect(await w.engine.replay(bad!.id)).toBe(true);
    await w.until(async () => (await w.said()).includes('bot: 2: mended'));
    expect(w.engine.health().quarantined).toBe(0);
  });

  test('a state above 32 KB is refused like a throw', async () => {
    const w = await start(quickly);
    await w.write('big');
    await w.until(async () => (await w.engine.quarantined()).length === 1);
    expect(await w.engine.quarantined()).toMatchObject([{ code: 'state.too_large' }]);
  });

  test('more than memory may hold is refused, retryably', async () => {
    const w = await start({ pressure: 2 });
    const answers = await Promise.allSettled([w.write('a'), w.write('b'), w.write('c')]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    await expect(Promise.all([w.write('d'), w.write('e'), w.write('f')])).rejects.toMatchObject({
      code: 'engine.busy',
      retryable: true,
    });
  });

  test('an engine that stops refuses new events', async () => {
    const w = await start();
    await w.engine.stop(100);
    await expect(w.write('late')).rejects.toMatchObject({ code: 'engine.stopping', retryable: true });
  });

  test('what an earlier process accepted is turned by the next one, in order', async () => {
    const store = openSqlite(':memory:');
    for (const text of ['one', 'two']) {
      await store.accept({
        to: { key: 0, id: 'c', account: 'web', address: 'ann', locale: '' },
        origin: { kind: 'door', key: text },
        event: { kind: 'message', text },
        at: 1,
      });
    }
    const w = await start({ store });
    await w.write('three');
    await w.until(async () => (await w.said()).length === 4);
    expect((await w.said()).filter((line) => line.startsWith('bot'))).toEqual([
      'bot: 1: one',
      'bot: 2: two',
      'bot: 3: three',
    ]);
  });
});

describe('a customer', () => {
  test('is remembered beyond the conversation once a door has named her', async () => {
    const w = await start();
    await w.write('remember size M');
    await w.happen({ kind: 'identified', customer: 'C-1' }, 'id1');
    await w.engine.accept({
      account: 'sms',
      address: '+1',
      key: 'id2',
      event: { kind: 'identified', customer: 'C-1' },
    });
    await w.until(async () => (await w.store.load('sms', '+1'))?.version === 1);
    await w.write('who', { account: 'sms', address: '+1' });
    expect(await w.said('+1', 'sms')).toContain('bot: {"size":"M"}');
  });

  test('keeps her conversation when her address changes, in memory and on disk', async () => {
    const w = await start();
    const { conversation } = await w.write('hi');
    await w.engine.readdress('web', 'ann', 'ann-2');
    expect(await w.engine.find('web', 'ann')).toBeUndefined();
    expect((await w.write('again', { address: 'ann-2' })).conversation).toBe(conversation);
    expect((await w.write('new', { address: 'ann' })).conversation).not.toBe(conversation);
  });
});
