import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTurn } from '../../src/conversation/turn.ts';
import type { Happening } from '../../src/handoff/control.ts';
import { fenced } from '../../src/handoff/fence.ts';
import { type MemoryDesk, openMemoryDesk } from '../../src/handoff/memory-desk.ts';
import { type Office, openOffice } from '../../src/handoff/office.ts';
import { withDesk } from '../../src/handoff/with-desk.ts';
import { openMemory } from '../../src/store/memory.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { type World, world } from '../support/engine-world.ts';
import { botOf } from '../support/flows.ts';
import { MINUTE, MONDAY, policy } from './policy.ts';

const bot = botOf(
  'flow: order\ntriggers: {examples: {en: [where is my order]}}\nslots: {number: string}\nsteps:\n  - collect: number\n    ask: Which order?\n  - say: "Order {number} is on its way."\n',
  { desk: true },
);
const turn = withDesk(createTurn(bot), {
  policy: { ...policy, queues: { ...policy.queues, support: policy.queues.returns! } },
  zone: 'UTC',
  busy: ({ frames }) => Array.isArray(frames) && frames.length > 0,
});

describe.each([
  ['memory', openMemory],
  ['sqlite', () => openSqlite(':memory:')],
])('an office over %s', (_, open) => {
  let store: Store;
  let w: World;
  let office: Office;
  let desk: MemoryDesk;
  let commands: number;

  beforeEach(async () => {
    store = open();
    desk = openMemoryDesk();
    commands = 0;
    w = world({ store, turn, fence: fenced, onDesk: () => office?.nudge() });
    w.now = MONDAY;
    const agents = policy.agents.map((agent) => ({ ...agent, queues: ['support'] }));
    office = openOffice({
      ...{ store, accept: w.engine.accept, desks: [desk], clock: { now: () => w.now } },
      policy: () => ({ ...policy, agents }),
      log: {
        info: () => undefined,
        warn: (event) => void w.logged.push(event),
        error: (event) => void w.logged.push(event),
      },
    });
    await w.engine.start();
  });
  afterEach(async () => {
    await office.stop();
    await w.engine.stop(500);
    await store.close();
  });

  const give = (conversation: string, happening: Happening, more: { version?: number; command?: string } = {}) =>
    office.give({ conversation, command: `c${++commands}`, happening, ...more });
  const thread = () => [...desk.threads.values()][0]!;
  const posts = () =>
    [...thread().posts.values(), ...thread().recent].map(({ from, message }) => `${from}: ${message.text}`);

  async function handedOff(): Promise<string> {
    await w.write('where is my order');
    const { conversation } = await w.write('human please');
    await office.settled();
    return conversation;
  }

  test('keeps the lines of one conversation apart from the others, the last ones first to hand', async () => {
    const conversation = await handedOff();
    await w.write('a human, please', { address: 'bob' });
    await give(conversation, { on: 'claimed', agent: 'mia' });
    await give(conversation, { on: 'noted', agent: 'mia', text: 'an old friend' });
    const history = await store.desk.history(conversation, 2);
    expect(history.map(({ line }) => [line.on, line.by])).toEqual([
      ['claimed', 'mia'],
      ['noted', 'mia'],
    ]);
    expect(await store.desk.history('nobody', 2)).toEqual([]);
  });

  test('tells whose humans’ part has ended, the one begun last first', async () => {
    const first = await handedOff();
    w.now += MINUTE;
    const { conversation: second } = await w.write('human please', { address: 'bob' });
    expect(await store.desk.ended(9)).toEqual([]);
    for (const conversation of [first, second]) await give(conversation, { on: 'returned', outcome: 'solved' });
    expect((await store.desk.ended(9)).map(({ conversation }) => conversation)).toEqual([second, first]);
    expect(await store.desk.ended(1)).toHaveLength(1);
  });

  test('shows a handoff with what was said before it, and everything said since, once', async () => {
    const conversation = await handedOff();
    expect(thread().head).toMatchObject({ conversation, at: 'queued', reason: 'asked', customer: { account: 'web' } });
    expect(thread().recent.map(({ message }) => message.text)).toEqual(
      expect.arrayContaining(['where is my order', 'human please']),
    );
    await w.write('are you there?');
    await give(conversation, { on: 'claimed', agent: 'mia' });
    await give(conversation, { on: 'said', agent: 'mia', text: 'Yes!' });
    await office.settled();
    expect([...thread().posts.values()].map(({ from, name, message }) => [from, name, message.text])).toEqual([
      ['customer', undefined, 'are you there?'],
      ['agent', 'mia', 'Yes!'],
    ]);
    expect(new Set(posts()).size).toBe(posts().length);
    expect(thread().head).toMatchObject({ at: 'waiting_customer', agent: 'mia' });
  });

  test('gives it to one of two agents who claim in the same moment, and tells the other', async () => {
    const conversation = await handedOff();
    const answers = await Promise.all(
      ['mia', 'tom'].map((agent) => give(conversation, { on: 'claimed', agent }, { version: 1 })),
    );
    expect(answers).toEqual([
      { ok: true, at: 'active' },
      { ok: false, code: 'desk.taken', holder: 'mia' },
    ]);
    await office.settled();
    expect([...thread().notices.values()]).toMatchObject([{ agent: 'tom', code: 'desk.taken', holder: 'mia' }]);
  });

  test('answers a command that comes again as it did the first time, and does nothing more', async () => {
    const conversation = await handedOff();
    await give(conversation, { on: 'claimed', agent: 'mia' });
    const say = { on: 'said', agent: 'mia', text: 'Hello' } as const;
    const first = await give(conversation, say, { command: 'same' });
    expect(await give(conversation, say, { command: 'same' })).toEqual(first);
    expect((await w.said()).filter((line) => line === 'agent: Hello')).toHaveLength(1);
  });

  test('offers who waits to who is there, and to the next when the first lets it pass', async () => {
    await office.setPresence('mia', 'available');
    await handedOff();
    expect(thread().head).toMatchObject({ at: 'offered', agent: 'mia' });
    expect([...thread().offers.values()]).toMatchObject([{ agent: 'mia', until: w.now + 45_000 }]);
    await office.setPresence('tom', 'available');
    w.now += 45_000;
    await w.until(async () => (await store.desk.stand(thread().head.conversation))?.agent === 'tom');
  });

  test('takes who lets two offers pass to be away', async () => {
    await office.setPresence('mia', 'available');
    const conversation = await handedOff();
    w.now += 45_000;
    await w.until(async () => (await store.desk.stand(conversation))?.version === 4);
    w.now += 45_000;
    await w.until(async () => (await store.desk.agents())[0]?.presence === 'away');
    await office.settled();
    expect([...thread().notices.values()]).toMatchObject([{ agent: 'mia', code: 'away' }]);
    expect(thread().head.at).toBe('queued');
  });

  test('puts what an agent leaves back into the queue', async () => {
    const conversation = await handedOff();
    await give(conversation, { on: 'claimed', agent: 'mia' });
    await office.setPresence('mia', 'offline');
    expect(await store.desk.stand(conversation)).toMatchObject({ at: 'queued' });
  });

  test('shows notes, and no customer reads them', async () => {
    const conversation = await handedOff();
    await give(conversation, { on: 'claimed', agent: 'mia' });
    await give(conversation, { on: 'noted', agent: 'tom', text: 'She is a lawyer.' });
    await office.settled();
    expect([...thread().notes.values()]).toMatchObject([{ by: 'tom', text: 'She is a lawyer.', kind: 'note' }]);
    expect(JSON.stringify(await w.said())).not.toContain('lawyer');
  });

  test('misses a promise when it runs out', async () => {
    await handedOff();
    w.now += 2 * MINUTE;
    await w.until(async () => (await store.insights(0, 100)).some(({ name }) => name === 'sla.missed'));
  });

  test('knows nothing of a conversation that is not there', async () => {
    await expect(give('nobody', { on: 'claimed', agent: 'mia' })).rejects.toMatchObject({
      code: 'desk.unknown_conversation',
    });
  });

  test('goes on where it was when its desk comes back', async () => {
    const broken = desk.post;
    Object.assign(desk, { post: () => Promise.reject(new Error('down')) });
    const conversation = await handedOff();
    await give(conversation, { on: 'claimed', agent: 'mia' });
    for (const text of ['one', 'two']) await w.write(text);
    await office.settled();
    expect(w.logged).toContain('desk.unreachable');
    Object.assign(desk, { post: broken });
    await office.settled();
    expect([...thread().posts.values()].map(({ message }) => message.text)).toEqual(['one', 'two']);
    expect(thread().head.at).toBe('active');
  });

  test('drops what the bot was still about to say when a human has taken over, and keeps account of it', async () => {
    const sms = { account: 'sms', address: '+1' };
    w.trouble = () => ({ kind: 'retryable', after: 60_000 });
    const { conversation } = await w.write('where is my order', sms);
    await w.until(() => w.logged.includes('engine.send_failed'));
    await give(conversation, { on: 'claimed', agent: 'mia' });
    w.trouble = () => undefined;
    await give(conversation, { on: 'said', agent: 'mia', text: 'Mia here.' });
    w.now += 60 * MINUTE;
    await w.until(async () => w.platform.length > 0 && (await store.dead(10)).length > 0);
    await w.until(() => w.platform.some(({ text }) => text === 'Mia here.'));
    expect(w.platform.map(({ text }) => text)).toEqual(['Mia here.']);
    expect((await store.dead(10)).every(({ code }) => code === 'desk.stale')).toBe(true);
    const dropped = (await store.desk.audit(0, 100)).filter(({ what }) => what === 'dropped');
    expect(dropped.map(({ conversation: of, data }) => [of, data.code])).toEqual(
      (await store.dead(10)).map(() => [conversation, 'desk.stale']),
    );
  });

  test('cannot call back what has left before she took over', async () => {
    const sms = { account: 'sms', address: '+1' };
    const { conversation } = await w.write('where is my order', sms);
    await w.until(() => w.platform.some(({ text }) => text === 'Which order?'));
    await give(conversation, { on: 'claimed', agent: 'mia' });
    expect(await store.dead(10)).toEqual([]);
    expect((await store.desk.audit(0, 100)).map(({ what }) => what)).toEqual(['claimed']);
  });
});
