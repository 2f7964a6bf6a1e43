/**
 * The child process in which one contestant runs: pinned to one core, with a folder of its own. It does what the parent asks, one
 * thing after the other, and answers over the IPC channel. See `theatre.ts` for the other end.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { obey } from './actor.ts';
import type { Running } from './contestant.ts';
import { contestantOf, type Name } from './contestants/contestants.ts';
import { Crowd, heard } from './drive.ts';
import { ORDER_STATUS, SCRIPT } from './script.ts';

export interface Opening {
  readonly contestant: Name;
  readonly folder: string;
  readonly flows: number;
  /** Only the order-status part of the script? */
  readonly only?: 'order-status';
}

export interface Load {
  readonly turns: number;
  readonly customers: number;
  readonly inFlight: number;
}

export interface Cost {
  /** µs of CPU per turn, system time included. */
  readonly cpu: number;
  readonly turnsPerSecond: number;
}

export interface Latency {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** What the parent may ask for, and the answer it gets. */
export interface Wishes {
  open(opening: Opening): void;
  /** Everybody holds the conversation, `inFlight` at once. */
  load(load: Load): Cost;
  /** One customer at a time, and nothing else to do. */
  alone(turns: number): Latency;
  /** New conversations, each left in the middle of order status. */
  fill(conversations: number): void;
  /** Half of the turns by customers of {@link fill} at random, half by a small hot crowd. */
  mixed(load: Load & { readonly stored: number }): Cost;
  /** Bytes on the heap after a collection, with the driver's own memory let go. */
  heap(): number;
  /** Two messages of one customer at the same moment: how many of `tries` were answered in order, none lost and none twice. */
  race(tries: number): number;
  /** The same webhook twice: how many answers came too many. */
  twice(tries: number): number;
  close(): void;
}

let crowd = new Crowd(SCRIPT);
let running: Running | undefined;

obey<Wishes>({
  async open({ contestant, folder, flows, only }: Opening) {
    const script = only === undefined ? SCRIPT : ORDER_STATUS;
    crowd = new Crowd(script);
    const { open } = await contestantOf(contestant);
    running = await open({
      sink: (address, payload) => crowd.sink(address, payload),
      script,
      folder,
      flows,
    });
    crowd.connect(running.receive);
  },

  load: (load: Load) => costOf(load.turns, () => crowd.run(load)),

  async alone(turns: number) {
    const times: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const customer = crowd.customer(`a${turn % 200}`);
      const before = performance.now();
      await new Promise<void>((resolve) => crowd.send(customer, resolve));
      times.push(performance.now() - before);
      // What the turn left to do (striking off what was sent) has a sync of its own, which is not the next one's.
      await sleep(2);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
  },

  fill: (conversations: number) => crowd.fill(conversations),

  mixed: ({ stored, ...load }: Load & { stored: number }) =>
    costOf(load.turns, () => crowd.run({ ...load, strangers: stored })),

  async heap() {
    await settled();
    crowd.forget();
    if (globalThis.gc === undefined) throw new Error('The stage must run with --expose-gc.');
    for (let round = 0; round < 4; round += 1) {
      globalThis.gc();
      await sleep(10);
    }
    return process.memoryUsage().heapUsed;
  },

  async race(tries: number) {
    let right = 0;
    for (let index = 0; index < tries; index += 1) {
      const customer = crowd.customer(`race${index}`);
      for (let line = 0; line < 8; line += 1) await new Promise<void>((resolve) => crowd.send(customer, resolve));
      customer.log = [];
      // What is wrong, and a word more about it: the second answers a question that only the first brings up.
      const answers = SCRIPT.slice(8, 10).flatMap(({ hears }) => hears);
      crowd.send(customer, NOTHING);
      crowd.send(customer, NOTHING);
      await settled();
      if (isDeepStrictEqual(customer.log.map(heard), answers)) right += 1;
    }
    return right;
  },

  async twice(tries: number) {
    const before = crowd.extra;
    for (let index = 0; index < tries; index += 1) {
      const customer = crowd.customer(`twice${index}`);
      let body = Buffer.alloc(0) as Buffer;
      await new Promise<void>((resolve) => {
        body = crowd.send(customer, resolve);
      });
      running?.receive(body);
      await settled();
    }
    return crowd.extra - before;
  },

  async close() {
    await running?.close();
  },
});

async function costOf(turns: number, work: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const used = process.cpuUsage(before);
  return { cpu: (used.user + used.system) / turns, turnsPerSecond: turns / seconds };
}

/** Long enough for an answer too many to arrive. */
const settled = () => sleep(20);

const NOTHING = () => undefined;
