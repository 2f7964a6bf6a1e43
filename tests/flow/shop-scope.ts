import type { Env, Scope } from '../../src/flow/expression/expression.ts';
import { parseType } from '../../src/flow/value/type-syntax.ts';
import type { Json, Type } from '../../src/type.ts';

/** An environment whose variables are given by the test. */
export interface ShopEnv extends Env {
  readonly values: Readonly<Record<string, Json>>;
}

const named = new Map<string, Type>();

function declare(name: string, fields: Readonly<Record<string, string>>): void {
  const typed = Object.entries(fields).map(([field, text]) => [field, typeOf(text)] as const);
  named.set(name, { kind: 'object', name, fields: Object.fromEntries(typed) });
}

/** The type as authors write it, with the shop's records known. */
export function typeOf(text: string): Type {
  if (text === 'any') return { kind: 'any' };
  const result = parseType(text, named);
  if ('problem' in result) throw new Error(result.problem);
  return result.type;
}

declare('Line', { sku: 'string', name: 'string', qty: 'integer', price: 'money', returnable: 'boolean' });
declare('Order', {
  id: 'string',
  status: 'enum(processing,packed,shipped,out_for_delivery,delivered,lost,cancelled)',
  delivered_at: 'datetime?',
  eta: 'date?',
  carrier: 'string',
  tracking_url: 'url',
  total: 'money',
  pay_method: 'string',
  lines: 'list<Line>',
});
declare('Quote', { id: 'string', refund: 'money', fee: 'money', needs_review: 'boolean' });
declare('Charge', { id: 'string', label: 'string', amount: 'money' });
declare('Invoice', { id: 'string', period: 'string', due: 'date', total: 'money', charges: 'list<Charge>' });
declare('Digest', { summary: 'text', angry: 'boolean' });
declare('Return', { rma: 'string', label_url: 'url' });

const TYPES: Readonly<Record<string, string>> = {
  session: 'any',
  customer: 'any',
  now: 'datetime',
  today: 'date',
  level: 'enum(light,strong)',
  order: 'Order?',
  lines: 'list<Line>',
  reason: 'enum(damaged,wrong_item,not_as_described,changed_mind)',
  window: 'duration',
  defect_window: 'duration',
  auto_limit: 'integer',
  quote: 'Quote',
  charge: 'Charge',
  bills: 'list<Invoice>',
  invoice: 'Invoice',
  item: 'Charge',
  digest: 'Digest',
  ret: 'Return?',
  wants_refund: 'boolean',
  order_id: 'string',
  note: 'string?',
  count: 'integer?',
  names: 'list<string>',
  name: 'string',
  story: 'text',
  total: 'number',
  age: 'duration',
  vip: 'boolean',
  budget: 'money',
  photo: 'file',
};

/** A scope with the shop's variables; `set` are the paths known to be set where the source stands. */
export function scope(...set: readonly string[]): Scope<ShopEnv> {
  const known = new Set(set);
  return {
    variable: (name) => {
      const text = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
      if (text === undefined) return undefined;
      return { type: typeOf(text), read: ({ values }) => (Object.hasOwn(values, name) ? values[name] : undefined) };
    },
    names: () => Object.keys(TYPES),
    isSet: (path) => known.has(path),
  };
}

export const euros = (amount: number) => ({ amount, currency: 'EUR' });

export const line = { sku: 'A', name: 'Mug', qty: 2, price: euros(10), returnable: true };

/** A delivered order of two lines, ten days old on 2026-11-21. */
export const order = {
  id: 'AB123456',
  status: 'delivered',
  delivered_at: '2026-11-11T09:00:00Z',
  eta: null,
  carrier: 'DHL',
  tracking_url: 'https://dhl.example/1',
  total: euros(45.5),
  pay_method: 'card',
  lines: [line, { sku: 'B', name: 'Lamp', qty: 1, price: euros(25.5), returnable: false }],
};

export function env(values: Readonly<Record<string, Json>> = {}, overrides: Partial<Env> = {}): ShopEnv {
  const now = '2026-11-21T10:00:00Z';
  return {
    now: Date.parse(now),
    timezone: 'Asia/Shanghai',
    budget: { left: 100_000 },
    ...overrides,
    values: {
      now,
      today: '2026-11-21',
      window: 30 * 86_400_000,
      defect_window: 180 * 86_400_000,
      auto_limit: 500,
      order,
      ...values,
    },
  };
}
