import { afterEach, expect, test } from '@jest/globals';
import type { Part } from '../../src/channel.ts';
import type { News } from '../../src/engine/engine.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type World, world } from '../support/engine-world.ts';

const open: World[] = [];
afterEach(async () => {
  for (const { engine, store } of open.splice(0)) {
    await engine.stop(500);
    await store.close();
  }
});

/** A platform that numbers what it gets. */
async function start(can = { edit: true }) {
  const messages = new Map<string, Part | undefined>();
  const w = world(
    { store: openSqlite(':memory:') },
    {
      can,
      async send(part) {
        const id = `m${messages.size + 1}`;
        messages.set(id, part);
        return { id };
      },
      async edit(part, { id }) {
        messages.set(id, part);
      },
      async remove({ id }) {
        messages.set(id, undefined);
      },
    },
  );
  open.push(w);
  await w.engine.start();
  const say = async (text: string) => {
    const { conversation } = await w.write(`say ${text}`, { account: 'sms', address: '+1' });
    await w.until(async () => (await w.engine.transcript(conversation, 1, 1))[0]?.status === 'sent');
    return conversation;
  };
  return { w, messages, say };
}

test('what was said is changed part by part, in the transcript too, and who watches sees it', async () => {
  const { w, messages, say } = await start();
  const conversation = await say('a/b');
  const news: News[] = [];
  w.engine.watch(conversation, (each) => news.push(each));
  await w.engine.edit(conversation, 2, { text: 'A/B' });
  expect([...messages.values()]).toEqual([{ text: 'A' }, { text: 'B' }]);
  expect(news).toMatchObject([{ kind: 'entries', entries: [{ seq: 2, message: { text: 'A/B' }, status: 'sent' }] }]);
  expect((await w.engine.transcript(conversation, 1, 1))[0]?.message.text).toBe('A/B');
});

test('what would take another number of messages stays as it is', async () => {
  const { w, messages, say } = await start();
  const conversation = await say('a');
  await expect(w.engine.edit(conversation, 2, { text: 'A/B' })).rejects.toMatchObject({ code: 'engine.cannot_revise' });
  expect([...messages.values()]).toEqual([{ text: 'a' }]);
  expect((await w.engine.transcript(conversation, 1, 1))[0]?.message.text).toBe('a');
});

test('what was said is taken back from the app, and the transcript keeps it', async () => {
  const { w, messages, say } = await start();
  const conversation = await say('a/b');
  await w.engine.remove(conversation, 2);
  expect([...messages.values()]).toEqual([undefined, undefined]);
  expect((await w.engine.transcript(conversation, 1, 1))[0]?.message.text).toBe('a/b');
});

test('an app that changes nothing keeps no ids, and refuses', async () => {
  const { w, say } = await start({ edit: false });
  const conversation = await say('a');
  expect(await w.store.receipts(conversation, 2)).toEqual([]);
  await expect(w.engine.remove(conversation, 2)).rejects.toMatchObject({ code: 'engine.cannot_revise' });
});

test('the customer’s own words, and what nobody said, cannot be changed', async () => {
  const { w, say } = await start();
  const conversation = await say('a');
  for (const seq of [1, 9])
    await expect(w.engine.edit(conversation, seq, { text: 'x' })).rejects.toMatchObject({ code: 'engine.not_said' });
  await expect(w.engine.remove('nobody', 1)).rejects.toMatchObject({ code: 'engine.not_said' });
});
