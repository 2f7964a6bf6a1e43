/**
 * Durable turns per second of the engine alone: a trivial turn function, a 2 KB state that changes with every turn, 64 conversations
 * in flight over 1,000, SQLite with `synchronous=FULL`, dedupe keys and transcript. `taskset -c 0 node bench/engine.ts [turns] [stored]`
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../src/engine/create-engine.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { TakeTurn } from '../src/turn.ts';

const turns = Number(process.argv[2] ?? 200_000);
const conversations = Number(process.argv[3] ?? 1_000);
const IN_FLIGHT = 64;
const FILLER = Array.from({ length: Number(process.env.FILL ?? 20) }, (_, line) => ({
  sku: `SKU-${line}`,
  title: 'a lamp of brass',
  price: line,
}));

const turn: TakeTurn = (state, event) => {
  const count = ((state?.count as number | undefined) ?? 0) + 1;
  const text = event.kind === 'message' ? event.text : '';
  return {
    state: { count, last: text, lines: FILLER },
    effects: [{ kind: 'send', message: { text: `${count}: ${text}` }, from: 'bot' }],
  };
};

const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const path = join(folder, 'bench.db');
const store = openSqlite(path);
const web = {
  kind: 'web',
  settings: () => ({}),
  can: {
    text: { limit: 4_000, unit: 'characters' },
    markup: 'markdown',
    links: true,
    cards: true,
    carousel: true,
    images: true,
    files: true,
    typing: true,
    edit: false,
    idempotent: true,
  },
  plan: () => [],
} as const;
const engine = createEngine({
  store,
  turn,
  channels: new Map([['web', { channel: web, settings: {} }]]),
  actions: new Map(),
  clock: { now: Date.now },
  log: { info: () => undefined, warn: () => undefined, error: (event, fields) => console.error(event, fields) },
});
await engine.start();

async function drive(from: number, count: number): Promise<void> {
  let next = from;
  const one = async () => {
    while (next < from + count) {
      const n = next;
      next += 1;
      await engine.accept({
        account: 'web',
        address: `v-${n % conversations}`,
        key: `m-${n}`,
        event: { kind: 'message', text: `hello ${n}` },
      });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
}

await drive(0, Math.max(conversations, 20_000));
const cpu = process.cpuUsage();
const started = performance.now();
await drive(10_000_000, turns);
const seconds = (performance.now() - started) / 1_000;
const used = process.cpuUsage(cpu);
console.log(
  `${Math.round(turns / seconds)} turns/s, ${((used.user + used.system) / turns).toFixed(1)} µs CPU per turn (user ${(used.user / turns).toFixed(1)}, system ${(used.system / turns).toFixed(1)})`,
);

const alone: number[] = [];
for (let n = 0; n < 3_000; n += 1) {
  const at = performance.now();
  await engine.accept({
    account: 'web',
    address: `v-${n % conversations}`,
    key: `a-${n}`,
    event: { kind: 'message', text: `alone ${n}` },
  });
  alone.push(performance.now() - at);
}
alone.sort((a, b) => a - b);
console.log(`alone: p50 ${alone[1_500]!.toFixed(3)} ms, p99 ${alone[2_970]!.toFixed(3)} ms`);
await engine.stop(1_000);
await store.close();
console.log(`${(statSync(path).size / 1e6).toFixed(1)} MB on disk`);
rmSync(folder, { recursive: true });
