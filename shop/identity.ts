import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Shop } from './counter.ts';
import { demo, write } from './endpoint.ts';

const LIFE = 10 * 60_000;
const TRIES = 5;

const Email = z.email().max(254).toLowerCase();

export const identity = [
  write('/identity/codes', {
    summary: 'Mail a one-time code: 6 digits, good for 10 minutes and 5 tries',
    takes: z.strictObject({ email: Email, channel: z.string().max(64).optional() }),
    answer: z.strictObject({ sent: z.boolean().describe('Always true: it does not tell who is a customer.') }),
    handle: (shop, { email }) => sendCode(shop, email),
  }),
  write('/identity/verifications', {
    summary: 'Check a one-time code; every check costs a try, and a right one uses the code up',
    takes: z.strictObject({ email: Email, code: z.string().max(16) }),
    answer: z.strictObject({ ok: z.boolean(), customer_id: z.string().describe('Empty unless ok.') }),
    handle: (shop, { email, code }) => verifyCode(shop, email, code),
  }),
  demo('GET /mailbox/{email}', {
    summary: 'What was mailed to an address, the newest first',
    takes: z.strictObject({ email: Email }),
    answer: z.array(
      z.strictObject({ subject: z.string(), text: z.string(), code: z.string().nullable(), sent_at: z.iso.datetime() }),
    ),
    handle: (shop, { email }) => mailsTo(shop, email),
  }),
];

/** A stranger's address gets a mail too, without a code: neither the answer nor its cost tells who is a customer. */
function sendCode(shop: Shop, email: string): { sent: boolean } {
  const customer = customerOf(shop, email);
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0');
  const salt = randomBytes(16);
  shop.books
    .prepare('INSERT OR REPLACE INTO one_time_code VALUES (?, ?, ?, ?, ?)')
    .run(email, salt, hash(salt, code), shop.now() + LIFE, customer === undefined ? 0 : TRIES);
  const [subject, text] =
    customer === undefined
      ? ['Sign-in attempt', 'Somebody asked for a code for this address, but it belongs to no account of ours.']
      : mailFor(customer, code);
  shop.books
    .prepare('INSERT INTO mail (email, subject, text, sent_at) VALUES (?, ?, ?, ?)')
    .run(email, subject, text, shop.now());
  return { sent: true };
}

function verifyCode(shop: Shop, email: string, code: string): { ok: boolean; customer_id: string } {
  const refused = { ok: false, customer_id: '' };
  const issued = shop.books
    .prepare<[string], { salt: Buffer; hash: Buffer; expires_at: number; tries_left: number }>(
      'SELECT * FROM one_time_code WHERE email = ?',
    )
    .get(email);
  if (issued === undefined || issued.tries_left < 1 || shop.now() > issued.expires_at) return refused;
  if (!timingSafeEqual(hash(issued.salt, code), issued.hash)) {
    shop.books.prepare('UPDATE one_time_code SET tries_left = tries_left - 1 WHERE email = ?').run(email);
    return refused;
  }
  shop.books.prepare('DELETE FROM one_time_code WHERE email = ?').run(email);
  const customer = customerOf(shop, email);
  return customer === undefined ? refused : { ok: true, customer_id: customer.id };
}

interface CustomerRow {
  id: string;
  name: string;
  locale: string;
}

function customerOf(shop: Shop, email: string): CustomerRow | undefined {
  return shop.books.prepare<[string], CustomerRow>('SELECT id, name, locale FROM customer WHERE email = ?').get(email);
}

function mailFor({ name, locale }: CustomerRow, code: string): [subject: string, text: string] {
  return locale === 'zh'
    ? ['您的验证码', `${name}，您的验证码是 ${code}，10 分钟内有效。请勿告知他人。`]
    : ['Your code', `Hello ${name}, your code is ${code}. It is good for 10 minutes; give it to nobody else.`];
}

/** Six digits are guessed in a moment by whoever reads the books, salted or not: hashing keeps them from a casual look, five tries and ten minutes from a determined one. */
function hash(salt: Buffer, code: string): Buffer {
  return createHmac('sha256', salt).update(code).digest();
}

function mailsTo(shop: Shop, email: string) {
  return shop.books
    .prepare<[string], { subject: string; text: string; sent_at: number }>(
      'SELECT subject, text, sent_at FROM mail WHERE email = ? ORDER BY id DESC LIMIT 20',
    )
    .all(email)
    .map(({ subject, text, sent_at }) => ({
      subject,
      text,
      code: /\d{6}/.exec(text)?.[0] ?? null,
      sent_at: new Date(sent_at).toISOString(),
    }));
}
