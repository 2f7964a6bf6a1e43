import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type OpenShop, openShop } from './open-shop.ts';

const EMAIL = 'anna.schmidt@example.com';
let shop: OpenShop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.remove());

const sendTo = (email: string) => shop.post('/identity/codes', { email });
const check = (code: unknown, email = EMAIL) => shop.post('/identity/verifications', { email, code });
const codeOf = async (email: string) => (await shop.get(`/mailbox/${email}`)).body[0]?.code;

describe('one-time codes', () => {
  test('are mailed, prove who the customer is, and are used up by it', async () => {
    await sendTo('Anna.Schmidt@Example.com');
    const code = await codeOf(EMAIL);
    expect(code).toMatch(/^[0-9]{6}$/);
    expect((await check(code)).body).toEqual({ ok: true, customer_id: 'C0001' });
    expect((await check(code)).body).toEqual({ ok: false, customer_id: '' });
  });

  test('are worth nothing after five wrong tries', async () => {
    await sendTo(EMAIL);
    const code = String(await codeOf(EMAIL));
    const wrong = code === '000000' ? '000001' : '000000';
    for (let tries = 0; tries < 5; tries++) expect((await check(wrong)).body.ok).toBe(false);
    expect((await check(code)).body.ok).toBe(false);
  });

  test('replace one another, and belong to one address', async () => {
    await sendTo(EMAIL);
    const first = await codeOf(EMAIL);
    await sendTo(EMAIL);
    const second = await codeOf(EMAIL);
    if (first !== second) expect((await check(first)).body.ok).toBe(false);
    expect((await check(second, 'li.wei@example.com')).body.ok).toBe(false);
    expect((await check(second)).body.ok).toBe(true);
  });

  test('do not tell who is a customer', async () => {
    expect(await sendTo('nobody@example.com')).toEqual(await sendTo(EMAIL));
    expect(await codeOf('nobody@example.com')).toBeNull();
    expect((await check('123456', 'nobody@example.com')).body).toEqual({ ok: false, customer_id: '' });
  });

  test('expire after ten minutes', async () => {
    await sendTo(EMAIL);
    const code = await codeOf(EMAIL);
    await shop.close();
    // The shop's clock starts at noon of its day: a day later the code is long over.
    shop = await openShop({ data: shop.data, today: '2026-11-22' });
    expect((await check(code)).body.ok).toBe(false);
  });

  test('come in the language of their reader', async () => {
    await sendTo('li.wei@example.com');
    expect((await shop.get('/mailbox/li.wei@example.com')).body[0]!.subject).toBe('您的验证码');
  });

  test('are kept as a hash where they are checked', async () => {
    await sendTo(EMAIL);
    const files = readdirSync(shop.data).map((name) => readFileSync(join(shop.data, name)));
    expect(Buffer.concat(files).includes('one_time_code')).toBe(true);
    const { default: Sqlite } = await import('better-sqlite3');
    const books = new Sqlite(join(shop.data, 'shop.sqlite'), { readonly: true });
    const row = books.prepare('SELECT * FROM one_time_code').get() as { hash: Buffer };
    books.close();
    expect(row.hash.includes(Buffer.from(String(await codeOf(EMAIL))))).toBe(false);
    expect(row.hash).toHaveLength(32);
  });
});

test('the mailbox is shown to this machine under its own name only', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(`${shop.url}/mailbox/${EMAIL}`, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
  expect(status).toBe(403);
});
