import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { articlePage } from './articles.ts';
import type { Shop } from './counter.ts';
import { refuseStrangers } from './door.ts';
import { helpPage } from './help.ts';
import { Refusal } from './refusal.ts';
import { peopleToTry } from './try.ts';

type Env = { Bindings: HttpBindings };
type Html = ReturnType<typeof html>;

/** What a person sees of the shop: who to try, her mailbox, the label for her parcel, and the warehouse that receives it. */
export function addPages(app: Hono<Env>, shop: Shop): void {
  app.get('/', (c) => show(c, 'The demo shop', home(), refuseStrangers));
  app.get('/mailbox', (c) => show(c, 'Mailbox', mailbox(shop), refuseStrangers));
  app.get('/warehouse', (c) => show(c, 'Warehouse', warehouse(shop), refuseStrangers));
  // These are linked to by the bot and open to whoever has the link.
  app.get('/help/:language/:page', (c) => {
    const page = helpPage(c.req.param('language'), c.req.param('page'));
    return show(c, page?.title ?? '', page?.content);
  });
  app.get('/articles/:language/:sku', (c) => {
    const article = articlePage(c.req.param('language'), c.req.param('sku'));
    return show(c, article?.title ?? '', article?.content);
  });
  app.get('/labels/:label', (c) => show(c, 'Return label', label(shop, c.req.param('label'))));
  app.get('/track/:number', (c) => show(c, 'Parcel', parcel(shop, c.req.param('number'))));
  app.get('/warehouse.js', (c) => c.body(WAREHOUSE_SCRIPT, 200, { 'content-type': 'text/javascript' }));
}

function home(): Html {
  return html`<p>A made-up business for the bot to work with. <a href="/mailbox">Mailbox</a> (one-time codes), <a href="/warehouse">warehouse</a> (receive a return), <a href="/openapi.json">API</a>.</p>
    <table><thead><tr><th>Who</th><th>Email</th><th>Orders</th><th>Wrong charge</th><th>Somebody else’s order</th><th>Good for</th></tr></thead>
    <tbody>${peopleToTry().map(
      (person) => html`<tr lang="${person.locale}"><td>${person.name}</td><td>${person.email}</td>
        <td>${person.orders.map((order) => html`<code>${order.id}</code> ${order.status.replaceAll('_', ' ')}<br>`)}</td>
        <td>${person.wrong_charge === null ? '' : `${person.wrong_charge.invoice}: ${person.wrong_charge.label} (${person.wrong_charge.wrong})`}</td>
        <td><code>${person.foreign_order}</code></td><td lang="en">${person.shows}</td></tr>`,
    )}</tbody></table>
    <p>Gift cards: <code>GC-12345678</code>, <code>GC-00000001</code> (empty), <code>GC-88888888</code>.</p>`;
}

function mailbox(shop: Shop): Html {
  const mails = shop.books
    .prepare<[], { email: string; subject: string; text: string; sent_at: number }>(
      'SELECT * FROM mail ORDER BY id DESC LIMIT 50',
    )
    .all();
  if (mails.length === 0) return html`<p>No mail yet. When the bot sends a one-time code, it arrives here.</p>`;
  return html`<table><thead><tr><th>To</th><th>Subject</th><th>Text</th><th>Sent</th></tr></thead>
    <tbody>${mails.map(
      (mail) =>
        html`<tr><td>${mail.email}</td><td>${mail.subject}</td><td>${mail.text}</td><td>${minute(mail.sent_at)}</td></tr>`,
    )}</tbody></table>`;
}

function warehouse(shop: Shop): Html {
  const open = shop.books
    .prepare<[], { id: string; order_id: string; created_at: number }>(
      'SELECT * FROM rma WHERE received_at IS NULL ORDER BY created_at DESC LIMIT 50',
    )
    .all();
  if (open.length === 0) return html`<p>No return is on its way. Open one with the bot first.</p>`;
  return html`<p>Receiving a parcel sends its refund and tells the bot.</p><table><tbody>${open.map(
    (rma) => html`<tr><td><code>${rma.id}</code></td><td>order ${rma.order_id}</td><td>${minute(rma.created_at)}</td>
      <td><button type="button" data-receive="${rma.id}">Receive</button></td></tr>`,
  )}</tbody></table><p role="status" id="status"></p><script src="/warehouse.js"></script>`;
}

/** A script of its own, so that the page's policy can forbid inline ones. */
const WAREHOUSE_SCRIPT = `
for (const button of document.querySelectorAll('[data-receive]')) {
  const key = crypto.randomUUID();
  button.addEventListener('click', async () => {
    const rma = button.dataset.receive;
    const response = await fetch('/returns/' + rma + '/receive', { method: 'POST', headers: { 'idempotency-key': key } });
    button.disabled = response.ok;
    document.getElementById('status').textContent = response.ok ? rma + ' received.' : 'That failed; try again.';
  });
}
`;

function label(shop: Shop, secret: string): Html | undefined {
  const rma = shop.books
    .prepare<[string], { id: string; order_id: string; name: string }>(
      'SELECT rma.id, rma.order_id, customer.name FROM rma JOIN customer ON customer.id = rma.customer WHERE label = ?',
    )
    .get(secret);
  if (rma === undefined) return undefined;
  return html`<p>From: ${rma.name}</p><p>To: The demo shop, Returns, Dock 7</p><p class="rma">${rma.id}</p><p>${bars(rma.id)}</p><p>Order ${rma.order_id}. Print this page and put it on the parcel.</p>`;
}

/** Looks like a barcode and says nothing that the number above does not say. */
function bars(text: string): Html {
  let x = 0;
  const bar = (width: number) => {
    const drawn = `<rect x="${x}" width="${width}" height="60"/>`;
    x += width + 2;
    return drawn;
  };
  const drawn = [...text].map((letter) => bar(1 + (letter.charCodeAt(0) % 4)) + bar(1 + (letter.charCodeAt(0) % 3)));
  return html`<svg width="${x}" height="60" aria-hidden="true">${raw(drawn.join(''))}</svg>`;
}

function parcel(shop: Shop, number: string): Html | undefined {
  const found = shop.books
    .prepare<[string], { status: string; carrier: string; eta: string | null }>(
      'SELECT * FROM shipment WHERE tracking_number = ?',
    )
    .get(number);
  if (found === undefined) return undefined;
  return html`<p>${found.carrier} <code>${number}</code>: <strong>${found.status.replaceAll('_', ' ')}</strong>${found.eta === null ? '' : `, expected ${found.eta}`}.</p>`;
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function show(
  c: Context<Env>,
  title: string,
  content: Html | undefined,
  guard?: (c: Context<Env>) => void,
): Response | Promise<Response> {
  guard?.(c);
  if (content === undefined) throw new Refusal(404, 'no_such_page', 'There is no such page.');
  c.header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
  );
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', 'no-referrer');
  return c.html(html`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
    <style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1b1b1f;background:#fff}table{border-collapse:collapse}td,th{border-bottom:1px solid #ccc;padding:.4rem .8rem;text-align:left;vertical-align:top}.rma{font-size:2rem}</style>
    <h1>${title}</h1>${content}</html>`);
}
