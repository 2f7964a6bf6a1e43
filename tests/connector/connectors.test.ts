import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConnectors } from '../../src/connector/connectors.ts';
import { show } from '../../src/type.ts';

const read = (text: string) => readConnectors(text, 'connectors.yaml');
const told = (text: string) => read(text).problems.map(({ line, col, code }) => `${line}:${col} ${code}`);

describe('readConnectors', () => {
  test("reads the demo's file without a complaint, every action bound", () => {
    const file = join(import.meta.dirname, '../../flows/connectors.yaml');
    const { signatures, types, bindings, problems } = readConnectors(readFileSync(file, 'utf8'), file);
    expect(problems).toEqual([]);
    expect([...bindings.keys()]).toEqual([...signatures.keys()]);
    expect(signatures.get('orders.find')).toMatchObject({ effect: 'read', timeout: 5000, errors: [] });
    expect(show(signatures.get('orders.find')!.out)).toBe('Order?');
    expect(signatures.get('identity.verify_code')!.authenticates).toEqual({ when: 'ok', customer: 'customer_id' });
    expect(show(types.get('Order')!)).toBe('Order');
  });

  test('takes actions without http as signatures only', () => {
    const { signatures, bindings, problems } = read(`
connectors:
  orders:
    find: {effect: read, in: {order_id: string}, out: Order?}
types:
  Order: {id: string, lines: "list<Line>"}
  Line: {sku: string}
`);
    expect(problems).toEqual([]);
    expect(signatures.get('orders.find')).toEqual({
      name: 'orders.find',
      effect: 'read',
      in: { order_id: { kind: 'string' } },
      out: { kind: 'optional', of: expect.objectContaining({ kind: 'object', name: 'Order' }) },
      timeout: 10_000,
      errors: [],
    });
    expect(bindings.size).toBe(0);
  });

  test('puts what stands nowhere else into the query of a read and the body of a write', () => {
    const { bindings } = read(`
connectors:
  orders:
    base: https://shop.test
    find: {effect: read, in: {id: string, customer: string}, out: {ok: boolean}, http: "GET /orders/{id}"}
    change: {effect: write, in: {id: string, note: string}, out: {ok: boolean}, http: "PUT /orders/{id}"}
`);
    expect(bindings.get('orders.find')).toMatchObject({
      method: 'GET',
      query: { customer: '{customer}' },
      body: undefined,
    });
    expect(bindings.get('orders.change')).toMatchObject({ method: 'PUT', query: {}, body: { note: '{note}' } });
  });

  test('tells all mistakes at once, each at its place', () => {
    const { problems } = read(`connectors:
  orders:
    base: ftp://shop.test
    headers: {"x y": a, authorization: "Bearer \${KEY"}
    find:
      efect: read
      effect: red
      in: {order_id: strin}
      out: Ordr?
    get:
      effect: read
      in: {id: string}
      out: Order
      timeout: soon
      errors: [gone]
      check: orders.status
      authenticates: {when: okay, customer: id}
      http:
        method: GET
        path: "/orders/{idd}"
        errors: {"410 x": gon, "200": gone}
    send:
      effect: write
      in: {}
      out: {sent: boolean}
      check: orders.send
      http: SEND /it
  mail:
    send: {effect: write, in: {to: "strin?"}, out: {sent: boolean}, http: POST /mails}
type: {}
types:
  Order: {id: string, ok: boolean}
  Node: {next: Node?}
`);
    expect(problems.map(({ line, col, code }) => `${line}:${col} ${code}`)).toEqual([
      '3:11 connector.base',
      '4:15 connector.name',
      '6:7 connector.unknown_key',
      '7:15 connector.shape',
      '14:16 connector.timeout',
      '16:14 connector.check',
      '17:29 connector.authenticates',
      '20:15 connector.placeholder',
      '21:27 connector.unknown_error',
      '21:32 connector.answer',
      '26:14 connector.check',
      '27:13 connector.shape',
      '29:36 connector.type',
      '29:69 connector.no_base',
      '30:1 connector.unknown_key',
      '33:3 connector.circular_type',
    ]);
    expect(problems.find(({ line }) => line === 6)!.hint).toBe('Did you mean "effect"?');
    expect(problems.find(({ line }) => line === 29)!.hint).toBe('Did you mean "string"?');
  });

  test.each([
    ['an unknown argument in a path', 'http: "GET /orders/{idd}"', 'connector.placeholder'],
    ['a path that climbs', 'http: "GET /orders/../{id}"', 'connector.path'],
    ['a query in the path', 'http: "GET /orders?id={id}"', 'connector.path'],
    [
      'an error that the action does not declare',
      'http: {method: GET, path: /o, errors: {"409": gone}}',
      'connector.unknown_error',
    ],
    ['an unknown method', 'http: {method: TRACE, path: /o}', 'connector.shape'],
    ['a path without a slash', 'http: {method: GET, path: orders}', 'connector.shape'],
  ])('complains about %s', (_, http, code) => {
    expect(
      told(`
connectors:
  orders:
    base: https://shop.test
    find: {effect: read, in: {id: string}, out: {ok: boolean}, ${http}}
`).map((problem) => problem.split(' ')[1]),
    ).toEqual([code]);
  });

  test.each(['https://user:secret@shop.test', 'https://shop.test/?a=1', 'shop.test', 'file:///etc/passwd'])(
    'refuses the base %s',
    (base) => {
      expect(told(`connectors: {a: {base: "${base}", b: {effect: read, out: string, http: GET /x}}}`)).toEqual([
        expect.stringMatching(/connector\.base$/),
      ]);
    },
  );

  test('one unknown type is one problem, however often it is used', () => {
    expect(told('types:\n  A: {b: Strin}\n  C: {a: A, more: "list<A>"}\n')).toEqual(['2:10 connector.type']);
  });

  test('survives what is no connectors file at all', () => {
    for (const text of [
      '',
      '[]',
      'connectors: 3',
      'connectors: {a: [1]}',
      'connectors: {a: {b: null}}',
      'types: [x]',
      '\tx',
      'a: &a [*a]',
      '{__proto__: {effect: read}}',
    ])
      expect(read(text).signatures.size).toBe(0);
  });
});
