import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { deskFiles } from '../../src/bot/desk-files.ts';
import { createTurn } from '../../src/conversation/turn.ts';
import { checkAudit } from '../../src/handoff/audit-check.ts';
import type { Happening } from '../../src/handoff/control.ts';
import { fenced } from '../../src/handoff/fence.ts';
import { type MemoryDesk, openMemoryDesk } from '../../src/handoff/memory-desk.ts';
import { type Office, openOffice } from '../../src/handoff/office.ts';
import { withDesk } from '../../src/handoff/with-desk.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import { openMemory } from '../../src/store/memory.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { type World, world } from '../support/engine-world.ts';
import { botOf } from '../support/flows.ts';
import { MONDAY, policy as plain } from './policy.ts';

const bot = botOf(
  'flow: order\ntriggers: {examples: {en: [where is my order]}}\nslots: {number: string, phone: string}\nsteps:\n  - collect: number\n    ask: Which order?\n  - collect: phone\n    ask: Your phone?\n  - handoff: {queue: support, reason: lost, attach: [number, phone]}\n',
  { desk: true },
);
const agents = plain.agents.map((agent) => ({ ...agent, queues: ['support'], shown: `${agent.name} M.` }));
const policy = { ...plain, agents, undo: 3_000 };
const turn = withDesk(createTurn(bot), { policy, zone: 'UTC', busy: () => false });
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

describe.each([
  ['memory', openMemory],
  ['sqlite', () => openSqlite(':memory:')],
])('a desk over %s', (_, open) => {
  let folder: string;
  let store: Store;
  let w: World;
  let office: Office;
  let desk: MemoryDesk;
  let commands: number;
  let conversation: string;
  let can: { images: boolean; files: boolean };
  let edits: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-desk-'));
    store = open();
    desk = openMemoryDesk();
    commands = 0;
    edits = [];
    can = { images: true, files: true };
    w = world({ store, turn, fence: fenced, onDesk: () => office?.nudge() });
    w.now = MONDAY;
    office = openOffice({
      ...{ store, accept: w.engine.accept, desks: [desk], clock: { now: () => w.now }, policy: () => policy },
      log: {
        info: () => undefined,
        warn: (event) => void w.logged.push(event),
        error: (event) => void w.logged.push(event),
      },
      files: deskFiles(createFileStore(join(folder, 'files')), { size: 1_000, total: 2_000 }),
      canOf: () => can,
      publicUrl: 'https://bot.example',
      facts: {
        publicUrl: 'https://bot.example',
        flowOf: () => ({ title: 'My order', hidden: [] }),
        channelOf: () => 'web',
      },
      canned: () => ({
        business: 'Shop',
        replies: { hello: { en: 'Hi from {agent} of {business}: {attach.number}, {customer.name}' } },
      }),
      revisions: {
        edit: async (id, seq, message) => {
          edits.push(`edit ${seq} ${message.text}`);
          await w.engine.edit(id, seq, message);
        },
        remove: (id, seq) => w.engine.remove(id, seq),
      },
    });
    await w.engine.start();
    await w.write('where is my order');
    await w.write('1042');
    conversation = (await w.write('+49 30 901820')).conversation;
    await office.settled();
  });
  afterEach(async () => {
    await office.stop();
    await w.engine.stop(500);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const give = (happening: Happening, more: { command?: string; asLink?: true } = {}) =>
    office.give({ conversation, command: `x${++commands}`, happening, ...more });
  const thread = () => desk.threads.get(conversation)!;
  const said = async () =>
    (await store.transcript(conversation, 0, 100)).filter(({ from }) => from === 'agent').map(({ message }) => message);
  test('gives an agent all she needs, and nothing that she need not see', async () => {
    expect(thread().head).toMatchObject({
      ...{ number: expect.any(Number), position: 1, flow: { title: 'My order', name: 'order' } },
      attach: { number: '1042', phone: '•••• 1820' },
      masked: ['attach.phone'],
      link: `https://bot.example/console/desk#c=${conversation}`,
    });
    expect(thread().head.summary).toEqual([
      'My order: number: 1042, phone: •••• 1820',
      'She wrote: “1042”',
      'She wrote: “•••• 1820”',
    ]);
    expect(JSON.stringify([...desk.threads.values()].map(({ recent, head }) => [recent, head]))).not.toContain(
      '901820',
    );
  });

  test('reveals what is masked to who holds it only, and audits that before', async () => {
    const ask = (agent: string, what: string) => office.reveal({ conversation, agent, what });
    expect(await ask('mia', 'attach.phone')).toEqual({ ok: false, code: 'desk.not_yours' });
    await give({ on: 'claimed', agent: 'mia' });
    expect(await ask('tom', 'attach.phone')).toEqual({ ok: false, code: 'desk.not_yours', holder: 'mia' });
    expect(await ask('mia', 'attach.phone')).toEqual({ ok: true, value: '+49 30 901820' });
    const post = [...thread().recent, ...thread().posts.values()].find(({ masked }) => masked)!;
    expect(await ask('mia', `post.${post.key}`)).toEqual({ ok: true, value: '+49 30 901820' });
    for (const what of ['attach.number', 'attach.toString', 'post.1', 'post.x', 'nothing', 'customer.x'])
      expect(await ask('mia', what)).toEqual({ ok: false, code: 'desk.unknown_value' });
    const rows = (await store.desk.audit(0, 100)).filter(({ what }) => what === 'revealed');
    expect(rows.map(({ by, data }) => [by, data.what])).toEqual([
      ['mia', 'attach.phone'],
      ['mia', `post.${post.key}`],
    ]);
    expect(JSON.stringify(await store.desk.audit(0, 100))).not.toContain('901820');
    expect((await checkAudit(store.desk)).broken).toBeUndefined();
  });

  test('takes an agent’s file into our own store, and says it', async () => {
    await give({ on: 'claimed', agent: 'mia' });
    const file = await office.keepFile(conversation, { name: '../evil/box.png', bytes: PNG });
    expect(file).toMatchObject({ name: 'box.png', type: 'image/png', size: PNG.byteLength });
    expect(await give({ on: 'said', agent: 'mia', text: 'Look', attachments: [file] })).toMatchObject({ ok: true });
    await give({ on: 'wrapped', agent: 'mia', outcome: 'solved', topic: 'orders' });
    expect(await said()).toMatchObject([{ text: 'Look' }, { image: { url: file.url, alt: 'box.png' } }]);
  });

  test('refuses files that are no picture or paper, too large, or not hers', async () => {
    await give({ on: 'claimed', agent: 'mia' });
    const keep = (bytes: Uint8Array) => office.keepFile(conversation, { name: 'x', bytes });
    await expect(keep(Uint8Array.from([0x4d, 0x5a, 0, 1]))).rejects.toMatchObject({ code: 'desk.file_type' });
    await expect(keep(new TextEncoder().encode('a'.repeat(1_001)))).rejects.toMatchObject({ code: 'desk.file_size' });
    const stolen = { id: 'x', name: 'x', type: 'image/png', size: 1, url: 'https://files.slack.com/private' };
    expect(await give({ on: 'said', agent: 'mia', text: '', attachments: [stolen] })).toEqual({
      ...{ ok: false, code: 'desk.unknown_file' },
    });
  });

  test('tells before anything is said that her app shows no files, and sends a link if that is wanted', async () => {
    await give({ on: 'claimed', agent: 'mia' });
    const file = await office.keepFile(conversation, { name: 'box.png', bytes: PNG });
    can = { images: false, files: false };
    const happening = { on: 'said', agent: 'mia', text: 'Look', attachments: [file] } as const;
    expect(await give(happening)).toEqual({ ok: false, code: 'desk.cannot_show_file', asLink: true });
    expect(await give(happening, { asLink: true })).toMatchObject({ ok: true });
    await give({ on: 'wrapped', agent: 'mia', outcome: 'solved', topic: 'orders' });
    expect(await said()).toMatchObject([{ text: `Look\nbox.png: https://bot.example${file.url}` }]);
  });

  test('marks how far her words have come, and that she has taken some back', async () => {
    await give({ on: 'claimed', agent: 'mia' });
    await give({ on: 'said', agent: 'mia', text: 'one' }, { command: 'm1' });
    await give({ on: 'said', agent: 'mia', text: 'two' }, { command: 'm2' });
    await give({ on: 'deleted', agent: 'mia', said: 'm2' });
    await office.settled();
    expect(thread().receipts.get('m1')).toMatchObject({ state: 'held', until: MONDAY + 3_000 });
    await give({ on: 'assigned', agent: 'mia', to: 'tom', note: 'please' });
    await office.settled();
    expect([thread().receipts.get('m1')?.state, thread().receipts.get('m2')?.state]).toEqual([
      'delivered',
      'cancelled',
    ]);
    expect((await said()).map(({ text }) => text)).toEqual(['one']);
  });

  test('gives back what an agent had who has gone home, or does not work here any more, and tells why', async () => {
    await give({ on: 'claimed', agent: 'mia' });
    await give({ on: 'said', agent: 'mia', text: 'one moment' });
    await office.setPresence('mia', 'offline');
    await office.settled();
    expect(thread().head).toMatchObject({ at: 'queued' });
    expect((await said()).map(({ text }) => text)).toEqual(['one moment']);
    await give({ on: 'claimed', agent: 'somebody else' });
    await office.settled();
    await office.settled();
    expect(thread().head).toMatchObject({ at: 'queued' });
    expect([...thread().notes.values()].map(({ text }) => text)).toEqual([
      'mia is not there any more: the conversation is back in the queue.',
      'somebody else is not there any more: the conversation is back in the queue.',
    ]);
  });

  test('renders canned replies for this customer, and tells what is missing', async () => {
    expect(await office.replies(conversation, 'mia')).toEqual([
      { name: 'hello', text: 'Hi from mia M. of Shop: 1042, {customer.name}', missing: ['customer.name'] },
    ]);
  });

  test('exports the conversation as text and as JSON, masked, and audits it', async () => {
    const text = await office.export(conversation, 'mia', 'text');
    expect(text).toContain('customer: where is my order');
    expect(text).not.toContain('901820');
    const record = JSON.parse((await office.export(conversation, 'mia', 'json')) ?? '') as { entries: unknown[] };
    expect(record.entries).toContainEqual(expect.objectContaining({ from: 'customer', seq: 1 }));
    expect(await office.export('nobody', 'mia', 'json')).toBeUndefined();
    expect((await store.desk.audit(0, 100)).filter(({ what }) => what === 'exported')).toHaveLength(2);
  });

  test('tells an agent whose late change cannot be made that the old text stands', async () => {
    await give({ on: 'claimed', agent: 'mia' });
    await give({ on: 'said', agent: 'mia', text: 'one' }, { command: 'm1' });
    await give({ on: 'assigned', agent: 'mia', to: 'tom', note: 'please' });
    await give({ on: 'edited', agent: 'tom', said: 'm1', text: 'not hers' });
    await office.settled();
    await office.settled();
    expect(thread().receipts.get('m1')?.state).toBe('old_text');
    expect(edits).toEqual([]);
    await give({ on: 'edited', agent: 'mia', said: 'm1', text: 'ONE' });
    await office.settled();
    await office.settled();
    expect(edits).toHaveLength(1);
    expect(thread().receipts.get('m1')?.state).toBe('changed');
    expect([...thread().posts.values()].find(({ said: of }) => of === 'm1')).toMatchObject({
      ...{ edited: true, message: { text: 'ONE' } },
    });
    expect((await said()).map(({ text }) => text)).toEqual(['ONE']);
    // Nothing of ours can be taken back from a page that fetches.
    await give({ on: 'deleted', agent: 'mia', said: 'm1' });
    await office.settled();
    await office.settled();
    expect(thread().receipts.get('m1')?.state).toBe('old_text');
  });
});
