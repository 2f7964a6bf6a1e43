/**
 * How well and how fast free text is understood.
 *
 *   node bench/understanding.ts [folder with the sets; ../shared/data]
 *
 * Accuracy: 10 examples per intent (every n-th, no randomness), validated on the sets' own validation part; "refused" is the share of
 * out-of-scope utterances below the threshold. Speed: the same utterances against 10 and 1,000 flows in turns, the best round of each.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createUnderstanding } from '../src/understanding/embedded.ts';
import type { Context } from '../src/understanding/understanding.ts';

const IDLE: Context = { locale: 'en', now: Date.UTC(2026, 10, 21), timezone: 'Europe/Berlin', known: [], busy: false };
const SHOTS = 10;

type Pair = readonly [text: string, intent: string];

function main(): void {
  const folder = process.argv[2] ?? '../shared/data';
  speed();
  for (const [name, read] of [
    ['clinc150', readClinc],
    ['banking77', readBanking],
  ] as const) {
    if (existsSync(`${folder}/${name}`)) accuracy(name, read(`${folder}/${name}`));
    else console.log(`${name}: skipped, no ${folder}/${name} here`);
  }
}

interface Corpus {
  readonly train: readonly Pair[];
  readonly validation: readonly Pair[];
  readonly outside: readonly string[];
}

function accuracy(name: string, corpus: Corpus): void {
  const understanding = createUnderstanding({ flows: flowsOf(fewShots(corpus.train)), locales: ['en'] });
  let right = 0;
  let wrong = 0;
  let clarified = 0;
  for (const [text, intent] of corpus.validation) {
    const [command] = understanding.understand(text, IDLE);
    if (command?.do === 'start') command.flow === intent ? right++ : wrong++;
    else if (command?.do === 'clarify' && command.flows.includes(intent)) clarified++;
  }
  const taken = corpus.outside.filter((text) => {
    const [command] = understanding.understand(text, IDLE);
    return command?.do === 'start' || command?.do === 'clarify';
  });
  const share = (n: number, of: number) => (of === 0 ? '–' : `${((100 * n) / of).toFixed(1)} %`);
  const all = corpus.validation.length;
  console.log(
    `${name}, ${SHOTS} examples each: started right ${share(right, all)}, wrong ${share(wrong, all)}, asked with the right one among them ${share(clarified, all)}; out of scope refused ${share(corpus.outside.length - taken.length, corpus.outside.length)}`,
  );
}

function fewShots(pairs: readonly Pair[]): Map<string, string[]> {
  const byIntent = Map.groupBy(pairs, ([, intent]) => intent);
  return new Map(
    [...byIntent].map(([intent, own]) => {
      const step = Math.max(1, Math.floor(own.length / SHOTS));
      return [
        intent,
        own
          .filter((_, i) => i % step === 0)
          .slice(0, SHOTS)
          .map(([text]) => text),
      ];
    }),
  );
}

function flowsOf(examples: ReadonlyMap<string, readonly string[]>) {
  return [...examples].map(([name, en]) => ({ name, description: '', examples: { en } }));
}

function readClinc(folder: string): Corpus {
  const data = JSON.parse(readFileSync(`${folder}/train_val.json`, 'utf8')) as Record<string, Pair[]>;
  return { train: data.train ?? [], validation: data.val ?? [], outside: (data.oos_val ?? []).map(([text]) => text) };
}

function readBanking(folder: string): Corpus {
  return { train: readCsv(`${folder}/train.csv`), validation: readCsv(`${folder}/val.csv`), outside: [] };
}

/** `text,category` where the text may be quoted, and may then hold line ends. */
function readCsv(path: string): Pair[] {
  const rows = readFileSync(path, 'utf8').matchAll(/^(?:"((?:[^"]|"")*)"|([^",\n]*)),(\w+)\r?$/gm);
  return [...rows]
    .slice(1)
    .map(([, quoted, plain, intent]) => [(quoted ?? plain ?? '').replaceAll('""', '"'), intent ?? '']);
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
