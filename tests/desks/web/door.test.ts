import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WebDesk } from '../../../src/desks/web/web-desk.ts';
import { ask, cookieOf, deskWith, given, HEAD, Listener, signedIn, tokenWith } from './desk-world.ts';

const SECRET = 'a-secret-of-the-business-and-the-desk';
const soon = () => Math.floor(Date.now() / 1000) + 300;

let desk: WebDesk;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-desk-'));
  desk = deskWith({ secret: SECRET, sessions: join(folder, 'sessions.json') });
});
afterEach(() => {
  desk.end();
  rmSync(folder, { recursive: true, force: true });
});

const signIn = (json: unknown, more = {}) => ask(desk, '/session', { method: 'POST', json, ...more });
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe('signing in', () => {
  test('takes a code once, and answers an invented one the same as a used one', async () => {
    const code = desk.invite('mia');
    const first = await signIn({ code });
    expect(first.status).toBe(204);
    expect(first.headers.get('set-cookie')).toMatch(
      /^parley_desk=[\w-]{43}; Path=\/console\/desk; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    const [again, invented] = await Promise.all([signIn({ code }), signIn({ code: 'x'.repeat(32) })]);
    expect([again.status, invented.status]).toEqual([401, 401]);
    expect(await again.text()).toBe(await invented.text());
  });

  test('gives nobody a code who does not work there', () => {
    expect(() => desk.invite('mallory')).toThrow(expect.objectContaining({ code: 'desk.unknown_agent' }));
  });

  test.each([
    ['forged', () => tokenWith({ sub: 'mia', aud: 'parley-desk', exp: soon() }, 'another')],
    ['for somebody else', () => tokenWith({ sub: 'mia', aud: 'parley-chat', exp: soon() }, SECRET)],
    ['expired', () => tokenWith({ sub: 'mia', aud: 'parley-desk', exp: soon() - 900 }, SECRET)],
    ['without an end', () => tokenWith({ sub: 'mia', aud: 'parley-desk' }, SECRET)],
    ['good for a day', () => tokenWith({ sub: 'mia', aud: 'parley-desk', exp: soon() + 86_400 }, SECRET)],
    ['of a stranger', () => tokenWith({ sub: 'mallory', aud: 'parley-desk', exp: soon() }, SECRET)],
    [
      'without a signature',
      () => `${tokenWith({ sub: 'mia', aud: 'parley-desk', exp: soon() }, SECRET, 'none').replace(/[^.]*$/, '')}`,
    ],
  ])('refuses a token %s', async (_, token) => {
    const answer = await signIn({ code: token() });
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'desk.not_let_in']);
  });

  test('takes a business’s short token, once', async () => {
    const token = tokenWith({ sub: 'tom', aud: 'parley-desk', exp: soon() }, SECRET);
    const answer = await signIn({ code: token });
    const door = await (await ask(desk, '/session', { cookie: cookieOf(answer) })).json();
    expect(door).toEqual({ business: 'Shop', me: 'tom' });
    expect((await signIn({ code: token })).status).toBe(401);
  });

  test('lets nobody be whoever she likes, unless it is a demo asked by this machine’s own name', async () => {
    expect((await signIn({ demo: 'mia' })).status).toBe(401);
    desk.letAnyoneIn();
    expect((await signIn({ demo: 'mia' })).status).toBe(401);
    expect(await (await ask(desk, '/session')).json()).toEqual({ business: 'Shop' });
    const base = 'http://127.0.0.1:3000';
    expect((await signIn({ demo: 'mia' }, { base, origin: base })).status).toBe(204);
    expect((await signIn({ demo: 'mallory' }, { base, origin: base })).status).toBe(401);
  });

  test('keeps sessions over a restart, by their hash alone, and keeps ended ones ended', async () => {
    const [mia, tom] = [await signedIn(desk, 'mia'), await signedIn(desk, 'tom')];
    await ask(desk, '/session', { method: 'DELETE', cookie: tom });
    expect(readFileSync(join(folder, 'sessions.json'), 'utf8')).not.toContain(mia.split('=')[1]);
    desk.end();
    desk = deskWith({ sessions: join(folder, 'sessions.json') });
    const who = async (cookie: string) => (await (await ask(desk, '/session', { cookie })).json()) as { me?: string };
    expect([(await who(mia)).me, (await who(tom)).me]).toEqual(['mia', undefined]);
  });

  test('marks the cookie as secure where the browser came by https', async () => {
    const base = 'https://desk.example';
    const answer = await signIn({ code: desk.invite('mia') }, { base, origin: base });
    expect(answer.headers.get('set-cookie')).toContain('; Secure');
  });
});

describe('a stranger', () => {
  test.each([
    ['GET', '/events'],
    ['GET', '/conversations/c1'],
    ['GET', '/replies/c1'],
    ['POST', '/acts'],
    ['POST', '/reveal/c1'],
    ['POST', '/presence'],
    ['POST', '/files/c1'],
    ['DELETE', '/session'],
  ])('is answered nothing to %s %s', async (method, path) => {
    await desk.open(HEAD, []);
    const asked = method === 'POST' ? { method, json: {} } : { method };
    for (const cookie of [undefined, 'parley_desk=', `parley_desk=${'A'.repeat(43)}`]) {
      const answer = await ask(desk, path, cookie === undefined ? asked : { ...asked, cookie });
      expect([answer.status, await codeOf(answer)]).toEqual([401, 'desk.signed_out']);
    }
  });

  test('cannot use an agent’s cookie from a page of her own', async () => {
    const cookie = await signedIn(desk, 'mia');
    await desk.open(HEAD, []);
    const act = { conversation: 'c1', command: 'x', act: { do: 'claim' } };
    for (const origin of ['http://evil.example', 'null', null, 'http://desk.example.evil.example']) {
      const answer = await ask(desk, '/acts', { method: 'POST', cookie, origin, json: act });
      expect([answer.status, await codeOf(answer)]).toEqual([403, 'desk.foreign_page']);
    }
    const plain = await ask(desk, '/acts', { method: 'POST', cookie, type: 'text/plain', json: act });
    expect(plain.status).toBe(415);
  });
});

describe('an agent', () => {
  test('acts as nobody but herself', async () => {
    const cookie = await signedIn(desk, 'mia');
    await desk.open(HEAD, []);
    const act = (act: object) =>
      ask(desk, '/acts', { method: 'POST', cookie, json: { conversation: 'c1', command: 'k', act } });
    expect((await act({ do: 'claim', agent: 'tom' })).status).toBe(400);
    given.length = 0;
    expect(await (await act({ do: 'claim' })).json()).toEqual({ ok: true });
    expect(given).toMatchObject([{ command: 'web:mia:k', happening: { on: 'claimed', agent: 'mia' } }]);
  });

  test('sees the conversations of her queues and what she was given, and no others', async () => {
    const [mia, zoe] = [await signedIn(desk, 'mia'), await signedIn(desk, 'zoe')];
    await desk.open(HEAD, []);
    const look = (cookie: string) => ask(desk, '/conversations/c1', { cookie });
    const claim = { conversation: 'c1', command: 'k', act: { do: 'claim' } };
    expect([(await look(mia)).status, (await look(zoe)).status]).toEqual([200, 404]);
    expect((await ask(desk, '/acts', { method: 'POST', cookie: zoe, json: claim })).status).toBe(404);
    await desk.update('c1', { ...HEAD, version: 2, at: 'consult', agent: 'mia', consulted: 'zoe' });
    expect((await look(zoe)).status).toBe(200);
    // A queue that parley.yaml does not describe is nobody's: it must not be lost.
    await desk.open({ ...HEAD, conversation: 'c2', queue: 'forgotten' }, []);
    expect((await ask(desk, '/conversations/c2', { cookie: zoe })).status).toBe(200);
  });

  test.each([
    [{ do: 'transfer', to: 'mallory', note: 'x' }, 'desk.unknown_agent'],
    [{ do: 'requeue', queue: 'attic', note: 'x' }, 'desk.unknown_queue'],
    [{ do: 'say', text: '   ' }, 'desk.empty'],
    [{ do: 'fly' }, 'desk.unknown_act'],
    [{ do: 'say', text: 'x'.repeat(9_000) }, 'desk.unknown_act'],
  ])('is told what is wrong with %j', async (act, code) => {
    const cookie = await signedIn(desk, 'mia');
    await desk.open(HEAD, []);
    const json = { conversation: 'c1', command: 'k', act };
    const answer = await ask(desk, '/acts', { method: 'POST', cookie, json });
    expect([answer.status, await codeOf(answer)]).toEqual([400, code]);
  });
});

describe('a page', () => {
  test('is told what it has missed when it comes back, and everything where nobody knows', async () => {
    const cookie = await signedIn(desk, 'mia');
    const first = new Listener(await ask(desk, '/events', { cookie }));
    await desk.open(HEAD, []);
    await ask(desk, '/session', { cookie });
    expect(first.of('world')).toHaveLength(1);
    expect(first.of('card')).toMatchObject([{ card: { conversation: 'c1' } }]);
    const { last } = first;
    const second = new Listener(await ask(desk, '/events', { cookie }));
    await first.stop();
    await desk.update('c1', { ...HEAD, version: 2, at: 'active', agent: 'mia' });
    const back = new Listener(await ask(desk, '/events', { cookie, headers: { 'last-event-id': last } }));
    const stranger = new Listener(await ask(desk, '/events', { cookie, headers: { 'last-event-id': 'other.4' } }));
    desk.end();
    await Promise.all([second, back, stranger].map(({ ended }) => ended));
    expect(back.of('world')).toHaveLength(0);
    expect(back.of('card')).toMatchObject([{ card: { version: 2, agent: 'mia' } }]);
    expect(stranger.of('world')).toMatchObject([{ world: { cards: [{ conversation: 'c1', version: 2 }] } }]);
  });

  test('loses what is given to a queue that is not hers', async () => {
    const cookie = await signedIn(desk, 'mia');
    const page = new Listener(await ask(desk, '/events', { cookie }));
    await desk.open(HEAD, []);
    await desk.update('c1', { ...HEAD, version: 2, queue: 'billing' });
    desk.end();
    await page.ended;
    expect(page.of('gone')).toEqual([{ tell: 'gone', conversation: 'c1' }]);
  });

  test('runs scripts of its own origin alone, and may not be framed', async () => {
    const answer = await ask(desk, '');
    const policy = answer.headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'"])
      expect(policy).toContain(rule);
    expect(await answer.text()).not.toMatch(/<script(?! type="module" src="\/console\/desk\/page.js")/);
    expect((await ask(desk, '/page.js')).headers.get('content-type')).toContain('javascript');
    expect((await ask(desk, '/page.tsx', { cookie: await signedIn(desk, 'mia') })).status).toBe(404);
  });
});
