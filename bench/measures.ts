import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Name } from './contestants/contestants.ts';
import { desk } from './desk/measure.ts';
import { doors } from './doors/measure.ts';
import { sockets } from './sockets/measure.ts';
import type { Cost, Latency, Opening } from './stage.ts';
import type { Row } from './table.ts';
import { Theatre } from './theatre.ts';

export interface Measure {
  readonly name: string;
  readonly tells: string;
  run(options: { quick: boolean; peers: boolean }): Promise<readonly Row[]>;
}

const CROWD = { customers: 1_000, inFlight: 64 };

export const measures: readonly Measure[] = [
  {
    name: 'core',
    tells: 'CPU per turn in memory: the pure core beside the hand-written switch, over greeting and order status',
    async run({ quick }) {
      const costs = await compare(['harness', 'switch', 'core'], { only: 'order-status' }, quick ? 20_000 : 100_000);
      const [driver, hand, core] = [costs.get('harness'), costs.get('switch'), costs.get('core')] as [Cost, Cost, Cost];
      return [
        { what: 'the driver itself (part of every figure)', value: micros(driver.cpu) },
        {
          what: 'core, order status',
          value: micros(core.cpu),
          beside: `switch ${micros(hand.cpu)}`,
          ratio: core.cpu / hand.cpu,
          goal: '≤ 15 µs where the switch takes 4.5 (3.3×)',
          met: core.cpu <= 15 || core.cpu / hand.cpu <= 15 / 4.5,
        },
      ];
    },
  },
  {
    name: 'durable',
    tells: 'the whole script, 64 conversations at once over 1,000, on one core',
    async run({ quick, peers }) {
      const names: Name[] = ['switch', 'core', 'floor', 'parley', ...(peers ? (['botbuilder'] as const) : [])];
      const costs = await compare(names, {}, quick ? 13_000 : 65_000);
      const parley = costs.get('parley') as Cost;
      const floor = costs.get('floor') as Cost;
      const usual = costs.get('botbuilder');
      return [
        ...names.map((name): Row => {
          const { cpu, turnsPerSecond } = costs.get(name) as Cost;
          return {
            what: name,
            value: `${micros(cpu)}, ${perSecond(turnsPerSecond)}`,
            ratio: cpu / floor.cpu,
            beside: 'CPU of the floor',
          };
        }),
        {
          what: 'durable turns/s (G1)',
          value: perSecond(parley.turnsPerSecond),
          beside: `floor ${perSecond(floor.turnsPerSecond)}`,
          ratio: parley.turnsPerSecond / floor.turnsPerSecond,
          goal: '≥ 30,000/s where the floor does 67,700 (0.44×)',
          met: parley.turnsPerSecond >= 30_000 || parley.turnsPerSecond / floor.turnsPerSecond >= 30 / 67.7,
        },
        {
          what: 'CPU of Parley to the floor',
          value: micros(parley.cpu),
          beside: `floor ${micros(floor.cpu)}`,
          ratio: parley.cpu / floor.cpu,
          goal: '≤ 3×',
          met: parley.cpu / floor.cpu <= 3,
        },
        ...(usual === undefined
          ? []
          : [
              {
                what: 'turns/s to botbuilder in memory',
                value: perSecond(parley.turnsPerSecond),
                beside: `botbuilder ${perSecond(usual.turnsPerSecond)}`,
                ratio: parley.turnsPerSecond / usual.turnsPerSecond,
                goal: '≥ 6×',
                met: parley.turnsPerSecond / usual.turnsPerSecond >= 6,
              },
            ]),
      ];
    },
  },
  {
    name: 'latency',
    tells:
      'one customer at a time, at a bot that has been at work: from webhook body to the last payload, after the sync (G4)',
    async run({ quick }) {
      const turns = quick ? 1_300 : 13_000;
      const [floor, parley] = (await alone(['floor', 'parley'], turns)) as [Latency, Latency];
      return (['p50', 'p99', 'p999'] as const).map((rank, index) => ({
        what: `alone, ${rank}`,
        value: millis(parley[rank]),
        beside: `floor ${millis(floor[rank])}`,
        ratio: parley[rank] / floor[rank],
        goal: `≤ ${[0.25, 0.8, 5][index]} ms where the floor takes ${[0.15, 0.32, 2.2][index]}`,
        met:
          parley[rank] <= ([0.25, 0.8, 5][index] ?? 0) ||
          parley[rank] / floor[rank] <= ([0.25 / 0.15, 0.8 / 0.32, 5 / 2.2][index] ?? 0),
      }));
    },
  },
  {
    name: 'flows',
    tells: 'the same with 10 and with 1,000 flows (G8)',
    async run({ quick }) {
      const few = await Theatre.open('parley', { flows: 10 });
      const many = await Theatre.open('parley', { flows: 1_000 });
      const [ten, thousand] = await inTurns([few, many], quick ? 13_000 : 65_000);
      await Promise.all([few.close(), many.close()]);
      return [costRow('CPU with 1,000 flows', thousand as Cost, '10 flows', ten as Cost, 1.15)];
    },
  },
  {
    name: 'stored',
    tells: 'half the turns by random ones among all stored conversations',
    async run({ quick }) {
      const sizes = [1_000, quick ? 20_000 : 1_000_000];
      const stages = await Promise.all(sizes.map(() => Theatre.open('parley')));
      for (const [index, stage] of stages.entries()) await stage.ask('fill', sizes[index] as number);
      const turns = quick ? 13_000 : 65_000;
      const costs: Cost[][] = stages.map(() => []);
      for (let round = 0; round < 1 + ROUNDS; round += 1) {
        for (const [index, stage] of stages.entries()) {
          costs[index]?.push(await stage.ask('mixed', { ...CROWD, turns, stored: sizes[index] as number }));
        }
      }
      await Promise.all(stages.map((stage) => stage.close()));
      const [few, many] = costs.map((all) => best(all.slice(1))) as [Cost, Cost];
      return [costRow(`CPU with ${sizes[1]?.toLocaleString('en')} stored`, many, '1,000 stored', few, 2)];
    },
  },
  {
    name: 'size',
    tells: 'what an idle conversation keeps: heap and disk (G7)',
    async run({ quick }) {
      const [some, more] = quick ? [10_000, 20_000] : [20_000, 120_000];
      const stage = await Theatre.open('parley');
      await stage.ask('fill', some);
      const before = await stage.ask('heap');
      await stage.ask('fill', more - some);
      const after = await stage.ask('heap');
      let rows: Row[] = [];
      await stage.close(() => {
        rows = onDisk(join(stage.folder, 'parley.db'));
      });
      const heap = (after - before) / (more - some);
      return [
        { what: 'heap per idle conversation', value: `${heap.toFixed(1)} B`, goal: '0 B', met: heap < NOISE },
        ...rows,
      ];
    },
  },
  {
    name: 'start',
    tells: 'from starting the process to its first reply, which is on disk (G9)',
    async run({ quick }) {
      const tries = quick ? 3 : 7;
      const middle = async (name: Name, flows: number) => {
        const times: number[] = [];
        for (let index = 0; index < tries; index += 1) times.push(await firstReply(name, flows));
        return times.toSorted((a, b) => a - b)[Math.floor(tries / 2)] as number;
      };
      const bare = await middle('switch', 10);
      const ten = await middle('parley', 10);
      const thousand = await middle('parley', 1_000);
      return [
        { what: 'switch', value: millis(bare) },
        {
          what: 'parley, 10 flows',
          value: millis(ten),
          beside: `switch ${millis(bare)}`,
          ratio: ten / bare,
          goal: '≤ 250 ms where the switch takes 60 (4.2×)',
          met: ten <= 250 || ten / bare <= 250 / 60,
        },
        {
          what: 'parley, 1,000 flows',
          value: millis(thousand),
          beside: `10 flows ${millis(ten)}`,
          ratio: thousand / ten,
        },
      ];
    },
  },
  {
    name: 'promises',
    tells: 'two messages of one conversation at once, and the same webhook twice (G11)',
    async run({ peers }) {
      const names: Name[] = ['parley', ...(peers ? (['botbuilder'] as const) : [])];
      const rows: Row[] = [];
      for (const name of names) {
        const stage = await Theatre.open(name);
        const right = await stage.ask('race', 20);
        const extra = await stage.ask('twice', 100);
        await stage.close();
        const ours = name === 'parley';
        rows.push(
          {
            what: `${name}: two at once, in order`,
            value: `${right} of 20`,
            ...(ours && { goal: '20 of 20', met: right === 20 }),
          },
          {
            what: `${name}: delivered twice, answers too many`,
            value: `${extra} of 100`,
            ...(ours && { goal: '0', met: extra === 0 }),
          },
        );
      }
      return rows;
    },
  },
  doors,
  sockets,
  desk,
];

/** Bytes a conversation that a collected heap differs by from one look to the next. */
const NOISE = 8;
/** Enough rounds for each to meet a quiet moment. */
const ROUNDS = 5;

/** Contestants in turns, each in a process of its own: the best round of each is the one that nobody disturbed. */
async function compare(
  names: readonly Name[],
  options: Partial<Omit<Opening, 'contestant' | 'folder'>>,
  turns: number,
): Promise<ReadonlyMap<Name, Cost>> {
  const stages = await Promise.all(names.map((name) => Theatre.open(name, options)));
  const costs = await inTurns(stages, turns);
  await Promise.all(stages.map((stage) => stage.close()));
  return new Map(names.map((name, index) => [name, costs[index] as Cost]));
}

async function inTurns(stages: readonly Theatre[], turns: number): Promise<readonly Cost[]> {
  const costs: Cost[][] = stages.map(() => []);
  for (const stage of stages) await stage.ask('load', { ...CROWD, turns });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, stage] of stages.entries()) costs[index]?.push(await stage.ask('load', { ...CROWD, turns }));
  }
  return costs.map(best);
}

function best(costs: readonly Cost[]): Cost {
  return {
    cpu: Math.min(...costs.map(({ cpu }) => cpu)),
    turnsPerSecond: Math.max(...costs.map(({ turnsPerSecond }) => turnsPerSecond)),
  };
}

/**
 * In slices, turn about, and the best slice of each by its middle. Everybody has been at work for a while before: until then what is
 * measured in the slowest of a thousand turns is the compiler of Node, and whoever has more code has more of it.
 */
async function alone(names: readonly Name[], turns: number): Promise<readonly Latency[]> {
  const stages = await Promise.all(names.map((name) => Theatre.open(name)));
  for (const stage of stages) await stage.ask('load', { ...CROWD, turns: 3 * turns });
  const found: Latency[][] = stages.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, stage] of stages.entries()) found[index]?.push(await stage.ask('alone', turns / ROUNDS));
  }
  await Promise.all(stages.map((stage) => stage.close()));
  return found.map((all) => all.toSorted((a, b) => a.p50 - b.p50)[0] as Latency);
}

function costRow(what: string, cost: Cost, than: string, base: Cost, limit: number): Row {
  const ratio = cost.cpu / base.cpu;
  return {
    what,
    value: micros(cost.cpu),
    beside: `${than} ${micros(base.cpu)}`,
    ratio,
    goal: `≤ ${limit}×`,
    met: ratio <= limit,
  };
}

/** The pages of each table and its indexes, as SQLite itself counts them. */
function onDisk(path: string): Row[] {
  const database = new Database(path, { readonly: true });
  const pages = database
    .prepare<[], { table: string; bytes: number }>(
      'SELECT m.tbl_name AS "table", sum(s.pgsize) AS bytes FROM dbstat s JOIN sqlite_schema m ON m.name = s.name GROUP BY m.tbl_name',
    )
    .all();
  const { count, state } = database
    .prepare<[], { count: number; state: number }>(
      'SELECT count(*) AS count, avg(length(state)) AS state FROM conversation',
    )
    .get() as { count: number; state: number };
  database.close();
  const each = (table: string) => (pages.find((page) => page.table === table)?.bytes ?? 0) / count;
  const own = each('conversation');
  const limit = 1.2 * state + 300;
  return [
    {
      what: 'disk per conversation, without transcript',
      value: bytes(own),
      beside: `state ${bytes(state)}`,
      ratio: own / state,
      goal: `≤ 1.2 × state + 300 B = ${bytes(limit)}`,
      met: own <= limit,
    },
    { what: 'disk for transcript and dedupe keys, 4 messages', value: bytes(each('entry') + each('arrival')) },
  ];
}

/** Milliseconds. */
async function firstReply(name: Name, flows: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const started = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'first-reply.ts'), name, folder, String(flows)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const replied = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', () => resolve(performance.now()));
    child.once('exit', () => reject(new Error(`${name} ended without a reply.`)));
  });
  await new Promise((resolve) => child.once('exit', resolve));
  rmSync(folder, { recursive: true });
  return replied - started;
}

const micros = (value: number) => `${value.toFixed(1)} µs`;
const millis = (value: number) => `${value < 10 ? value.toFixed(3) : value.toFixed(0)} ms`;
const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`;
const bytes = (value: number) => `${Math.round(value).toLocaleString('en')} B`;
