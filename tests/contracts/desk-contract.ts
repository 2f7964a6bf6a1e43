import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Desk, Head, Note, Notice, Offer, Post } from '../../src/handoff/desk.ts';

/** What humans at a desk can see of one place, read from the desk's own side (a workspace, a page). */
export interface Seen {
  readonly head: Pick<Head, 'at' | 'agent' | 'version'>;
  /** In order. */
  readonly posts: readonly Pick<Post, 'key' | 'from' | 'message'>[];
  readonly notes: readonly Pick<Note, 'key' | 'text'>[];
  readonly offers: readonly Pick<Offer, 'agent' | 'version'>[];
  /** Only what this agent was told alone. */
  readonly notices: readonly Pick<Notice, 'agent' | 'code'>[];
  readonly isOpen: boolean;
}

export interface DeskWorld {
  readonly desk: Desk;
  seen(place: string): Promise<Seen>;
  close(): Promise<void>;
}

const HEAD: Head = {
  ...{ conversation: 'c1', version: 1, at: 'queued', queue: 'returns', priority: 'normal', reason: 'asked' },
  ...{ opened: 1_000, due: [{ clock: 'first_reply', at: 2_000 }], attach: { order: '1042' } },
  customer: { name: 'Ann', attributes: { tier: 'gold' }, locale: 'zh', account: 'web' },
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
