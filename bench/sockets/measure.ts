import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Actor, OTHER_CORE } from '../actor.ts';
import type { Measure } from '../measures.ts';
import type { Row } from '../table.ts';
import type { CrowdWishes } from './crowd.ts';
import type { HostWishes } from './host.ts';

/** A message each 20 seconds, by each of 10,000 (L2). */
const PER_SECOND_EACH = 1 / 20;
const MEBIBYTE = 1024 * 1024;

export const sockets: Measure = {
  name: 'sockets',
  tells: 'web chat with 10,000 open sockets: memory, time to every socket, a storm of reconnections, slow readers (L2)',
  async run({ quick }) {
    const visitors = affordable(quick ? 2_000 : 10_000);
    const seconds = quick ? 5 : 20;
    const floor = await observe('floor', visitors, seconds);
    const parley = await observe('parley', visitors, seconds);
    return [
      {
        what: `memory of a socket, ${visitors.toLocaleString('en')} open`,
        value: kilobytes(parley.socket.resident),
        beside: `bare ws ${kilobytes(floor.socket.resident)}`,
        ratio: parley.socket.resident / floor.socket.resident,
        goal: '≤ 40 KB',
        met: parley.socket.resident <= 40_000,
      },
      { what: 'of it heap', value: kilobytes(parley.socket.heap), beside: `bare ws ${kilobytes(floor.socket.heap)}` },
      {
        what: `CPU of a turn over sockets, ${Math.round(visitors * PER_SECOND_EACH)}/s`,
        value: `${parley.cpu.toFixed(0)} µs`,
        beside: `bare ws ${floor.cpu.toFixed(0)} µs`,
        ratio: parley.cpu / floor.cpu,
      },
      ...(['p50', 'p99'] as const).map((rank): Row => {
        const [ours, bare] = [parley.fan[rank], floor.fan[rank]];
        const row = {
          what: `from commit to socket, ${rank}`,
          value: millis(ours),
          beside: `bare ws ${millis(bare)}`,
          ratio: ours / bare,
        };
        return rank === 'p50' ? row : { ...row, goal: '≤ 30 ms', met: ours <= 30 };
      }),
      ...(['p50', 'p99'] as const).map((rank): Row => {
        const [ours, bare] = [parley.turn[rank], floor.turn[rank]];
        const row = {
          what: `from her word to the answer, ${rank}`,
          value: millis(ours),
          beside: `bare ws ${millis(bare)}`,
          ratio: ours / bare,
        };
        return rank === 'p50' ? row : { ...row, goal: '≤ 30 ms', met: ours <= 30 };
      }),
      { what: 'words without an answer', value: String(parley.unanswered), goal: '0', met: parley.unanswered === 0 },
      {
        what: 'storm: all dropped, all back, each with a message to catch up on',
        value: `${(parley.storm / 1_000).toFixed(1)} s`,
        beside: `bare ws ${(floor.storm / 1_000).toFixed(1)} s`,
        ratio: parley.storm / floor.storm,
        goal: '≤ 10 s',
        met: parley.storm <= 10_000,
      },
      {
        what: 'storm: missed, doubled',
        value: `${parley.faults.missed}, ${parley.faults.doubled}`,
        goal: '0, 0',
        met: parley.faults.missed + parley.faults.doubled === 0,
      },
      {
        what: `slow readers let go, of ${DEAF}`,
        value: String(parley.letGo.length),
        goal: String(DEAF),
        met: parley.letGo.length === DEAF,
      },
      {
        what: 'kept for a slow reader at most',
        value: kilobytes(Math.max(0, ...parley.letGo)),
        goal: '≤ 1 MiB and a message',
        met: Math.max(0, ...parley.letGo) <= MEBIBYTE + 16_000,
      },
    ];
  },
};

/** Readers that do not read. */
const DEAF = 5;

async function observe(kind: 'parley' | 'floor', visitors: number, seconds: number) {
  const host = new Actor<HostWishes>(join(import.meta.dirname, 'host.ts'));
  const crowd = new Actor<CrowdWishes>(join(import.meta.dirname, 'crowd.ts'), OTHER_CORE);
  try {
    const url = await host.ask('open', kind);
    const tokens = await crowd.ask('begin', { url, visitors, sessions: kind === 'parley' });
    const before = await host.ask('memory');
    await crowd.ask('arrive');
    const after = await host.ask('memory');
    const perSecond = visitors * PER_SECOND_EACH;
    await crowd.ask('talk', { perSecond, seconds: 2 });
    await host.ask('commits');
    await host.ask('cpu');
    const { turns, arrivals, unanswered } = await crowd.ask('talk', { perSecond, seconds });
    const cpu = (await host.ask('cpu')) / (perSecond * seconds);
    const commits = new Map(await host.ask('commits'));
    const fan = arrivals.map(([word, at]) => at - (commits.get(word) ?? at)).toSorted((a, b) => a - b);

    await crowd.ask('drop');
    if (kind === 'parley') await host.ask('write', { tokens, perSecond: 5_000, text: 'while she was away' });
    const storm = await crowd.ask('arrive');
    const faults = await crowd.ask('faults', kind === 'parley' ? 1 : 0);

    const deaf = tokens.slice(0, kind === 'parley' ? DEAF : 0);
    await crowd.ask('deafen', deaf);
    for (let round = 0; round < 50 && (await host.ask('letGo')).length < deaf.length; round += 1)
      await host.ask('write', { tokens: deaf, perSecond: 1_000, text: 'flood' });
    const letGo = await host.ask('letGo');
    const each1 = (of: 'resident' | 'heap') => (after[of] - before[of]) / visitors;
    return {
      socket: { resident: each1('resident'), heap: each1('heap') },
      ...{ cpu, unanswered, storm, faults, letGo },
      turn: ranks(turns),
      fan: ranks(fan),
    };
  } finally {
    await crowd.ask('close');
    await host.ask('close');
    await Promise.all([crowd.end(), host.end()]);
  }
}

function ranks(sorted: readonly number[]): { p50: number; p99: number } {
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Each socket is an open file, here and there. `ulimit -n 20000` before the bench gives room for 10,000. */
function affordable(wanted: number): number {
  const limit = Number(spawnSync('sh', ['-c', 'ulimit -n']).stdout.toString());
  if (!(limit < wanted + 500)) return wanted;
  process.stdout.write(
    `Only ${limit} files may be open here: fewer sockets. \`ulimit -n ${2 * wanted}\` allows more.\n`,
  );
  return Math.max(100, limit - 500);
}

const kilobytes = (value: number) => `${(value / 1_000).toFixed(1)} KB`;
const millis = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
