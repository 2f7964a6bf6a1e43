/**
 * How fast free text is understood, and what learning costs. How well: `parley eval`.
 *
 *   node bench/understanding.ts
 *
 * Speed: the same utterances against 10 and 1,000 flows in turns, the best round of each. Learning: flows of seven examples each, in CPU time
 * (a busy machine does not count), the model's size, and what stays in memory.
 */

import { learn } from '../src/understanding/classify/learn.ts';
import { createUnderstanding, examplesOf } from '../src/understanding/embedded.ts';
import type { Context } from '../src/understanding/understanding.ts';

const IDLE: Context = { locale: 'en', now: Date.UTC(2026, 10, 21), timezone: 'Europe/Berlin', known: [], busy: false };

function main(): void {
  speed();
  for (const flows of [10, 10, 100, 1_000]) learning(flows);
}

function learning(count: number): void {
  const examples = examplesOf({ flows: madeUp(count) });
  const began = process.cpuUsage();
  const model = learn(examples);
  const used = process.cpuUsage(began);
  const bytes = sizeOf(model);
  console.log(
    `learning ${count} flows, ${examples.length} examples: ${((used.user + used.system) / 1_000).toFixed(0)} ms CPU, model ${(bytes / 1e6).toFixed(1)} MB, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB RSS`,
  );
}

/** Bytes of all its arrays. */
function sizeOf(part: unknown): number {
  if (ArrayBuffer.isView(part)) return part.byteLength;
  if (typeof part !== 'object' || part === null) return 0;
  return Object.values(part).reduce((sum: number, each) => sum + sizeOf(each), 0);
}

function speed(): void {
  const utterances = [
    'hey, my parcel still has not arrived, can you check?',
    'i would like to send the lamp back, it does not fit',
    'why was i charged twice this month',
    '我的快递怎么还没有到啊',
    'is there a way to change the address of my order',
  ];
  const sizes = [10, 1000].map((flows) => createUnderstanding({ flows: madeUp(flows), locales: ['en', 'zh'] }));
  // In turns, so that a busy machine slows both; the best round of each is the one nobody disturbed.
  const rounds = Array.from({ length: 12 }, () =>
    sizes.map((understanding) =>
      perRun(() => {
        for (const text of utterances) understanding.understand(text, IDLE);
      }, utterances.length),
    ),
  );
  const [ten = 0, thousand = 0] = sizes.map((_, i) => Math.min(...rounds.map((round) => round[i] ?? 0)));
  console.log(
    `free text: ${ten.toFixed(2)} µs with 10 flows, ${thousand.toFixed(2)} µs with 1,000 (${(thousand / ten).toFixed(2)}×)`,
  );

  const understanding = createUnderstanding({ flows: madeUp(10), locales: ['en', 'zh'] });
  const order: Context = {
    ...IDLE,
    busy: true,
    question: {
      name: 'order_id',
      type: { kind: 'string' },
      pattern: '^[A-Z]{2}[0-9]{6}$',
      confirm: false,
      optional: false,
    },
  };
  const confirm: Context = {
    ...IDLE,
    busy: true,
    question: { name: 'go', type: { kind: 'boolean' }, confirm: true, optional: false },
  };
  const reason: Context = {
    ...IDLE,
    busy: true,
    question: {
      name: 'reason',
      type: { kind: 'enum', values: ['damaged', 'wrong_item'] },
      choices: [
        { value: 'damaged', labels: ['It is damaged', '商品损坏'] },
        { value: 'wrong_item', labels: ['Wrong item', '发错商品'] },
      ],
      confirm: false,
      optional: false,
    },
  };
  for (const [name, text, context] of [
    ['an order number', 'AB123456', order],
    ['an order number in a sentence', 'my order is ab 123456', order],
    ['yes', 'Yes', confirm],
    ['好的', '好的', confirm],
    ['a label', 'It is damaged', reason],
    ['"2"', '2', reason],
  ] as const)
    console.log(`answer, ${name}: ${best(() => understanding.understand(text, context)).toFixed(2)} µs`);
}

/** Flows that share everyday words and differ in their own. */
function madeUp(count: number) {
  const verbs = ['track', 'return', 'cancel', 'change', 'check', 'pay', 'find', 'book', 'renew', 'report'];
  const things = [
    'order',
    'parcel',
    'invoice',
    'lamp',
    'address',
    'subscription',
    'card',
    'account',
    'ticket',
    'refund',
  ];
  return Array.from({ length: count }, (_, i) => {
    const verb = verbs[i % 10] ?? '';
    const thing = things[Math.floor(i / 10) % 10] ?? '';
    const own = `w${(i * 7919).toString(36)}`;
    return {
      name: `flow_${i}`,
      description: `Customer wants to ${verb} ${thing} ${own}`,
      examples: {
        en: [
          `${verb} my ${thing} ${own}`,
          `i want to ${verb} the ${thing} for ${own}`,
          `can you ${verb} ${own} ${thing} please`,
          `my ${thing} has not arrived, ${verb} ${own}`,
          `why was the ${thing} ${own} not ${verb}ed`,
        ],
        zh: [`我要${verb}我的订单${own}`, `快递还没有到${own}`],
      },
    };
  });
}

/** The best of 7 rounds, in µs. */
function best(run: () => unknown): number {
  return Math.min(...Array.from({ length: 7 }, () => perRun(run, 1)));
}

/** µs for one of the `per` pieces of work that a run does, over about 40 ms. */
function perRun(run: () => unknown, per: number): number {
  const started = performance.now();
  let runs = 0;
  while (performance.now() - started < 40) {
    for (let i = 0; i < 50; i++) run();
    runs += 50;
  }
  return ((performance.now() - started) * 1000) / (runs * per);
}

main();
