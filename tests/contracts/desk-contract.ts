import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Desk, Head, Note, Notice, Offer, Post, Receipt, TaskCard } from '../../src/handoff/desk.ts';

/** What humans at a desk can see of one place, read from the desk's own side (a workspace, a page). */
export interface Seen {
  readonly head: Pick<Head, 'at' | 'agent' | 'version'>;
  /** In order. */
  readonly posts: readonly Pick<Post, 'key' | 'from' | 'message'>[];
  readonly notes: readonly Pick<Note, 'key' | 'text'>[];
  readonly offers: readonly Pick<Offer, 'agent' | 'version'>[];
  /** Only what this agent was told alone. */
  readonly notices: readonly Pick<Notice, 'agent' | 'code'>[];
  /** Marks on what was said at this desk, by the command that said it. */
  readonly receipts: readonly Pick<Receipt, 'said' | 'state'>[];
  readonly tasks: readonly Pick<TaskCard, 'id' | 'ended'>[];
  readonly isOpen: boolean;
}

export interface DeskWorld {
  readonly desk: Desk;
  seen(place: string): Promise<Seen>;
  /** An agent writes here, under this command: how, is the desk's own affair. Default: nothing need be done. */
  write?(
    place: string,
    said: { readonly agent: string; readonly command: string; readonly text: string },
  ): Promise<void>;
  close(): Promise<void>;
}

const HEAD: Head = {
  ...{
    conversation: 'c1',
    number: 4821,
    version: 1,
    at: 'queued',
    queue: 'returns',
    priority: 'normal',
    reason: 'asked',
  },
  ...{ opened: 1_000, due: [{ clock: 'first_reply', at: 2_000 }], attach: { order: '1042' } },
  customer: {
    ...{ name: 'Ann', attributes: { tier: 'gold' }, locale: 'zh', account: 'web', channel: 'web' },
    verified: { by: 'code', at: 500 },
  },
  summary: ['She asked: where is my order', 'Order: 1042'],
  flow: { name: 'order', title: 'My order', step: 'Which order?' },
  ...{ mood: 'upset', position: 2, link: 'https://bot.example/console/desk/c1', masked: [] },
};

const said = (key: string, text: string, from: Post['from'] = 'customer'): Post => ({
  ...{ key, from, message: { text }, attachments: [], at: 1_000 },
});

/** What every desk promises: run over each of them. */
export function deskContract(name: string, open: () => Promise<DeskWorld>): void {
  describe(`${name} as a desk`, () => {
    let world: DeskWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close();
    });

    test('shows a conversation at one place, however often it is opened', async () => {
      const place = await world.desk.open(HEAD, [said('1', 'hello')]);
      expect(await world.desk.open({ ...HEAD, version: 2 }, [])).toBe(place);
      expect(await world.desk.open({ ...HEAD, conversation: 'c2' }, [])).not.toBe(place);
      expect((await world.seen(place)).head).toMatchObject({ at: 'queued', version: 2 });
    });

    test('shows each line once and in order, though it is told twice', async () => {
      const place = await world.desk.open(HEAD, []);
      for (const post of [said('2', 'one'), said('3', 'two', 'bot'), said('2', 'one'), said('4', 'three')])
        await world.desk.post(place, post);
      const { posts } = await world.seen(place);
      expect(posts.map(({ message }) => message.text)).toEqual(['one', 'two', 'three']);
    });

    test('shows what she has changed in its place', async () => {
      const place = await world.desk.open(HEAD, []);
      await world.desk.post(place, said('2', 'order 1'));
      await world.desk.post(place, said('3', 'please'));
      await world.desk.post(place, said('2', 'order 2'));
      const { posts } = await world.seen(place);
      expect(posts.map(({ message }) => message.text)).toEqual(['order 2', 'please']);
    });

    test('keeps notes apart from what the customer reads', async () => {
      const place = await world.desk.open(HEAD, []);
      for (let twice = 0; twice < 2; twice++)
        await world.desk.note(place, { key: 'n1', by: 'mia', text: 'an old friend', kind: 'note' });
      const { posts, notes } = await world.seen(place);
      expect(posts).toEqual([]);
      expect(notes.map(({ text }) => text)).toEqual(['an old friend']);
    });

    test('asks one agent, and tells one agent', async () => {
      const place = await world.desk.open(HEAD, []);
      await world.desk.offer(place, { key: 'o1', agent: 'mia', until: 9_000, version: 2 });
      await world.desk.tell(place, { key: 't1', agent: 'tom', code: 'desk.taken', holder: 'mia' });
      const { offers, notices, posts } = await world.seen(place);
      expect([offers, notices, posts]).toMatchObject([
        [{ agent: 'mia', version: 2 }],
        [{ agent: 'tom', code: 'desk.taken' }],
        [],
      ]);
    });

    test('shows whose it is, that it has ended, and that it has come back', async () => {
      const place = await world.desk.open(HEAD, []);
      await world.desk.update(place, { ...HEAD, at: 'active', agent: 'mia', version: 3 });
      expect((await world.seen(place)).head).toMatchObject({ at: 'active', agent: 'mia', version: 3 });
      await world.desk.close(place, { ...HEAD, at: 'closed', agent: 'mia', version: 4 });
      expect((await world.seen(place)).isOpen).toBe(false);
      expect(await world.desk.open({ ...HEAD, version: 5 }, [])).toBe(place);
      expect((await world.seen(place)).isOpen).toBe(true);
    });

    test('marks what an agent has said there, and marks it once', async () => {
      const place = await world.desk.open(HEAD, []);
      await world.write?.(place, { agent: 'mia', command: 'm1', text: 'Hello' });
      for (const state of ['held', 'sent', 'delivered', 'delivered'] as const)
        await world.desk.receipt(place, { key: `r.${state}`, said: 'm1', agent: 'mia', state });
      expect((await world.seen(place)).receipts).toEqual([expect.objectContaining({ said: 'm1', state: 'delivered' })]);
    });

    test('takes a mark on words of another desk, and an echo of its own', async () => {
      const place = await world.desk.open(HEAD, []);
      await world.desk.receipt(place, { key: 'r1', said: 'elsewhere', agent: 'tom', state: 'failed' });
      await world.write?.(place, { agent: 'mia', command: 'm1', text: 'Hello' });
      await world.desk.post(place, { ...said('2', 'Hello', 'agent'), name: 'Mia', said: 'm1' });
      await world.desk.post(place, { ...said('3', 'Bye', 'agent'), name: 'Tom', said: 'elsewhere' });
      const { posts } = await world.seen(place);
      expect(posts.map(({ message }) => message.text)).toEqual(['Hello', 'Bye']);
    });

    test('asks for a decision, and shows what it was', async () => {
      const place = await world.desk.open({ ...HEAD, at: 'bot' }, []);
      const card: TaskCard = {
        ...{ id: 'c1.7', mode: 'approval', queue: 'returns', priority: 'high', reason: 'dear', at: 1_000 },
        attach: { amount: '900 EUR' },
      };
      for (let twice = 0; twice < 2; twice++) await world.desk.task(place, card);
      expect((await world.seen(place)).tasks).toMatchObject([{ id: 'c1.7' }]);
      await world.desk.task(place, { ...card, ended: { how: 'rejected', by: 'mia', note: 'too late' } });
      expect((await world.seen(place)).tasks).toMatchObject([
        { id: 'c1.7', ended: { how: 'rejected', by: 'mia', note: 'too late' } },
      ]);
    });

    test.each(['<!channel> <@U1> <https://evil|bank>', '<img src=x onerror=alert(1)>', '*_`~> & &amp;', '😀\n\nzwei'])(
      'shows %j as it was written',
      async (text) => {
        const place = await world.desk.open(HEAD, []);
        await world.desk.post(place, said('2', text));
        await world.desk.note(place, { key: 'n', by: 'mia', text, kind: 'note' });
        const { posts, notes } = await world.seen(place);
        expect([posts[0]?.message.text, notes[0]?.text]).toEqual([text, text]);
      },
    );
  });
}
