// `npm run coverage [-- room…]`: how much of the core its own tests reach, branch by branch (CONTRIBUTING.md, "Test strength").
// Exit code 1 where a room is below its line, or a test fails.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { branchesOf, type FileReport } from './strength/branches.ts';
import { CORE, type Room, sourcesOf, testsOf } from './strength/core.ts';
import { jest } from './strength/jest.ts';

const rooms = chosen(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'parley-coverage-'));
try {
  const failed = rooms.filter((room) => !isStrong(room));
  for (const { name, branches } of failed) console.error(`${name}: below ${branches} %, or a test failed.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function chosen(names: readonly string[]): readonly Room[] {
  const unknown = names.find((name) => !CORE.some((room) => room.name === name));
  if (unknown === undefined) return names.length === 0 ? CORE : CORE.filter(({ name }) => names.includes(name));
  console.error(`"${unknown}" is no room of the core. There are: ${CORE.map(({ name }) => name).join(', ')}.`);
  return process.exit(2);
}

/** Runs the room's tests, prints what they reach of it, and tells whether that is enough. */
function isStrong(room: Room): boolean {
  const sources = sourcesOf(room);
  const report = join(folder, room.name);
  const { status } = spawnSync(
    process.execPath,
    jest([
      ...[
        '--silent',
        '--coverage',
        '--coverageProvider=v8',
        '--coverageReporters=json',
        `--coverageDirectory=${report}`,
      ],
      ...sources.map((source) => `--collectCoverageFrom=${source}`),
      ...['--runTestsByPath', ...testsOf(room)],
    ]),
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0) return false;
  const files: Record<string, FileReport> = JSON.parse(readFileSync(join(report, 'coverage-final.json'), 'utf8'));
  const found = new Map(
    Object.entries(files).map(([path, file]) => [relative('.', path), branchesOf(file, readFileSync(path, 'utf8'))]),
  );
  console.log(`\n${room.name}`);
  // A file of types alone has none, and is in no report.
  const total = { reached: 0, all: 0 };
  for (const source of sources) {
    const { reached, all, missed } = found.get(source) ?? { reached: 0, all: 0, missed: [] };
    if (all === 0) continue;
    total.reached += reached;
    total.all += all;
    console.log(`${percent(reached, all)}  ${source}  ${missed.join(' · ')}`);
  }
  console.log(`${percent(total.reached, total.all)}  of ${total.all} branches; at least ${room.branches} % are to be`);
  return 100 * total.reached >= room.branches * total.all;
}

function percent(reached: number, all: number): string {
  return `${((100 * reached) / all).toFixed(1).padStart(6)} %`;
}
