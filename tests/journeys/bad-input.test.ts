import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Customer } from './customer.ts';
import { endAll, Program, type Running, scratch, until } from './process.ts';

const FILES = {
  'parley.yaml': 'name: Test\nchannels: {web: {kind: web}}\n',
  'flows/connectors.yaml': `connectors:
  depot:
    base: \${DEPOT_URL}
    find: {effect: read, in: {part: string}, out: Part?, timeout: 1s, http: {method: GET, path: "/parts/{part}", not_found: null}}
    order: {effect: write, in: {part: string}, out: {number: string}, timeout: 1s, http: POST /orders}
types:
  Part: {name: string, price: money}
`,
  'flows/part/flow.yaml': `flow: part
triggers: {examples: {en: [find a part]}}
slots: {part: {type: string, prefill: never}, size: "enum(small,large)"}
steps:
  - {collect: part, ask: Which part?}
  - collect: size
    ask: Which size?
    choices: {small: Small, large: Large}
  - action: depot.find
    with: {part: =part}
    as: found
  - if: found == null
    then: [say: There is no such part., end: not_found]
  - say: "{found.name} costs {found.price}."
  - end: resolved
`,
  'flows/buy/flow.yaml': `flow: buy
triggers: {examples: {en: [order a part]}}
slots: {part: {type: string, prefill: never}}
steps:
  - {collect: part, ask: Which part?}
  - {confirm: go, ask: "Order {part}?", binds: [part], no: [end: declined]}
  - action: depot.order
    with: {part: =part}
    confirmed_by: go
    as: order
    on_error: {say: The depot is slow. I keep trying., retry: {times: 5, every: 1s}}
  - say: "Ordered under {order.number}."
  - end: resolved
`,
  'flows/dizzy/flow.yaml': `flow: dizzy
triggers: {examples: {en: [make me dizzy]}}
slots: {turns: {type: integer, prefill: never}}
steps:
  - {set: {turns: 0}}
  - {id: again, set: {turns: =turns + 1}}
  - {next: again, max: 1000, on_fail: [end: resolved]}
`,
};

describe('a running bot', () => {
  let bot: Running | undefined;
  const address = () => bot?.url ?? '';
  let depot: Server;
  /** What the depot does with the next request; set by each test. */
  let answer: (response: ServerResponse, key: string) => void;
  const orders = new Map<string, string>();

  beforeAll(async () => {
    depot = createServer((request, response) => answer(response, String(request.headers['idempotency-key'] ?? '')));
    depot.listen(0, '127.0.0.1');
    await once(depot, 'listening');
    const address = depot.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const folder = scratch();
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const program = Program.parley(['start', folder, '--port', '0'], { DEPOT_URL: `http://127.0.0.1:${port}` });
    bot = { program, url: await program.says(/(http:\/\/[\d.:]+)\/chat/) };
  }, 30_000);
  afterAll(async () => {
    depot.closeAllConnections();
    depot.close();
    // It has lived through all of this.
    const end = await bot?.program.end('SIGTERM');
    await endAll();
    expect(end).toBe(0);
  }, 30_000);

  const json = (response: ServerResponse, value: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const PART = { name: 'Hinge', price: { amount: 3, currency: 'EUR' } };

  /** A customer who has asked for a part and is asked for its size. */
  async function choosing(): Promise<Customer> {
    const customer = await Customer.at(address());
    await customer.write('find a part');
    await customer.hears('Which part?');
    await customer.write('H1');
    await customer.hears('Which size?');
    return customer;
  }

  test('takes the tap of a choice only once, and asks again for one that means nothing', async () => {
    answer = (response) => json(response, PART);
    const customer = await choosing();
    const small = (await customer.offers()).get('Small');
    expect((await customer.post({ id: 'none', choice: 'abcdefghij' })).status).toBe(202);
    await customer.hears('Which size?', 2);
    expect((await customer.post({ id: 'wrong', choice: { size: 'small' } })).status).toBe(422);
    await customer.tap('Large');
    await customer.hears('Hinge costs €3.00.');
    const before = (await customer.heard()).length;
    expect((await customer.post({ id: 'late', choice: small })).status).toBe(202);
    await until(async () => (await customer.heard()).length > before, 'a word about the stale choice');
    expect((await customer.heard()).filter((text) => text.includes('Hinge costs'))).toHaveLength(1);
  }, 30_000);

  test('refuses a text of 100 kB, cleans one of control and bidi signs, and goes on', async () => {
    answer = (response) => json(response, PART);
    const customer = await choosing();
    const { status, body } = await customer.post({ id: 'long', text: 'x'.repeat(100_000) });
    expect([status, body.code]).toEqual([413, 'chat.text_too_long']);
    await customer.write('\u202eLa\u0000rge\u2066\u0007');
    await customer.hears('Hinge costs €3.00.');
    expect((await customer.messages()).map(({ text }) => text)).toContain('Large');
  }, 30_000);

  test('says so when a system answers with something else than it promised', async () => {
    for (const wrong of [{ name: 'Hinge' }, { name: 7, price: 'cheap' }, [PART], 'Hinge']) {
      answer = (response) => json(response, wrong);
      const customer = await choosing();
      await customer.tap('Small');
      await customer.hears('Sorry, something went wrong on our side.');
      expect((await customer.heard()).join()).not.toContain('costs');
    }
  }, 40_000);

  test('says so when a system is down or too slow, and what comes too late changes nothing', async () => {
    answer = (response) => response.destroy();
    const down = await choosing();
    await down.tap('Small');
    await down.hears('Sorry, something went wrong on our side.');

    let late: (() => void) | undefined;
    answer = (response) => {
      late = () => json(response, PART);
    };
    const slow = await choosing();
    await slow.tap('Small');
    await slow.hears('Sorry, something went wrong on our side.');
    late?.();
    await new Promise((next) => setTimeout(next, 300));
    expect((await slow.heard()).join()).not.toContain('costs');
  }, 30_000);

  test('orders once from a system that did it and answered too late', async () => {
    let asked = 0;
    answer = (response, key) => {
      asked += 1;
      orders.set(key, orders.get(key) ?? `N${orders.size + 1}`);
      setTimeout(() => json(response, { number: orders.get(key) }), asked === 1 ? 2_000 : 0);
    };
    const customer = await Customer.at(address());
    await customer.write('order a part');
    await customer.hears('Which part?');
    await customer.write('H1');
    await customer.hears('Order H1?');
    await customer.write('yes');
    await customer.hears('I keep trying');
    await customer.hears('Ordered under N1.');
    expect(orders.size).toBe(1);
    expect((await customer.heard()).filter((text) => text.startsWith('Ordered'))).toHaveLength(1);
  }, 30_000);

  test('ends a flow that runs in circles, tells the customer, and still answers', async () => {
    answer = (response) => json(response, PART);
    const customer = await Customer.at(address());
    await customer.write('make me dizzy');
    await customer.hears('Sorry, something went wrong on our side.');
    const other = await choosing();
    await other.tap('Small');
    await other.hears('Hinge costs €3.00.');
  }, 30_000);
});
