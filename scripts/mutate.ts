// `npm run mutate -- src/engine/outbox.ts …`: do the tests of the core notice when it is wrong? (CONTRIBUTING.md, "Test strength")
//
// 1. Each file of tests of the file's room runs once: how long it takes, and which lines it runs.
// 2. Each mutant runs with the tests that run its line, those first that have noticed most in the least time, until one fails.
// 3. What no test noticed is printed by line. Exit code 1 where a file's score is below the line.
//
// `--sample 100` takes that many mutants of each file, spread evenly; `--at-once 2` is how many run at the same time (default 1).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { SourceFile } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';
import { type Room, roomOf, testsOf } from './strength/core.ts';
import { type Mutant, mutantsOf } from './strength/mutants.ts';
import type { PlacedMutant } from './strength/placed-mutant.ts';
import { type JestConfig, type TestFile, TestRunner } from './strength/test-files.ts';

/** Percent of its mutants that a file's tests must notice. */
const LINE = 85;

const { values, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, 'at-once': { type: 'string', default: '1' } },
});
const sample = values.sample === undefined ? Number.POSITIVE_INFINITY : Number(values.sample);
const config: { default: JestConfig } = await import(pathToFileURL(resolve('jest.config.js')).href);
const folder = mkdtempSync(join(tmpdir(), 'parley-mutate-'));
const typescript = new API();
try {
  if (paths.length === 0) throw new Error('Which files? For example: npm run mutate -- src/engine/outbox.ts');
  const runner = new TestRunner(folder, config.default);
  const measured = new Map<Room, readonly TestFile[]>();
  const scores: number[] = [];
  for (const path of paths) {
    const room = roomOf(path);
    if (room === undefined) throw new Error(`${path} is no file of the core (scripts/strength/core.ts).`);
    const tests = measured.get(room) ?? (await measure(room, runner));
    measured.set(room, tests);
    scores.push(await scoreOf(path, tests, runner));
  }
  process.exitCode = scores.every((score) => score >= LINE) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  typescript.close();
  rmSync(folder, { recursive: true });
}

async function measure(room: Room, runner: TestRunner): Promise<readonly TestFile[]> {
  const tests: TestFile[] = [];
  for (const test of testsOf(room)) tests.push(await runner.measure(test, paths));
  return tests;
}

async function scoreOf(path: string, tests: readonly TestFile[], runner: TestRunner): Promise<number> {
  const file = read(path);
  const mutants = spread(mutantsOf(file));
  const survivors = await survivorsOf(mutants, file, tests, path, runner);
  const score = mutants.length === 0 ? 100 : (100 * (mutants.length - survivors.length)) / mutants.length;
  console.log(`${score.toFixed(1).padStart(5)} %  ${path}  ${mutants.length - survivors.length} of ${mutants.length}`);
  for (const { mutant, why } of survivors.toSorted((one, other) => one.mutant.start - other.mutant.start))
    console.log(`         ${describe(mutant, file)}${why}`);
  return score;
}

function read(path: string): SourceFile {
  const [project] = typescript.updateSnapshot({ openProjects: [resolve('tsconfig.json')] }).getProjects();
  const file = project?.program.getSourceFile(resolve(path));
  if (file === undefined) throw new Error(`${path} is no file of tsconfig.json.`);
  return file;
}

function spread(mutants: readonly Mutant[]): readonly Mutant[] {
  const step = Math.max(1, mutants.length / sample);
  return Array.from({ length: Math.min(mutants.length, sample) }, (_, index) => mutants[Math.floor(index * step)]!);
}

interface Survivor {
  readonly mutant: Mutant;
  readonly why: string;
}

async function survivorsOf(
  mutants: readonly Mutant[],
  file: SourceFile,
  tests: readonly TestFile[],
  path: string,
  runner: TestRunner,
): Promise<readonly Survivor[]> {
  const survivors: Survivor[] = [];
  const noticed = new Map<TestFile, number>();
  const worth = (test: TestFile) => (1 + (noticed.get(test) ?? 0)) / test.took;
  const rest = mutants.values();
  /** Takes one mutant after the other from what is left. */
  const work = async () => {
    for (const mutant of rest) {
      const line = lineOf(mutant.start, file);
      const near = tests.filter((test) => test.reaches(path, line)).toSorted((one, other) => worth(other) - worth(one));
      const killer = await killerOf({ ...mutant, file: path }, near, runner);
      if (killer !== undefined) noticed.set(killer, (noticed.get(killer) ?? 0) + 1);
      else survivors.push({ mutant, why: near.length === 0 ? '   (no test comes here)' : '' });
    }
  };
  await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
  return survivors;
}

async function killerOf(
  mutant: PlacedMutant,
  tests: readonly TestFile[],
  runner: TestRunner,
): Promise<TestFile | undefined> {
  for (const test of tests) if ((await runner.try(mutant, test)) !== 'passed') return test;
  return undefined;
}

function lineOf(offset: number, { text }: SourceFile): number {
  return text.slice(0, offset).split('\n').length;
}

function describe({ start, end, text }: Mutant, file: SourceFile): string {
  const was = file.text.slice(start, end).replaceAll(/\s+/g, ' ');
  return `line ${lineOf(start, file)}: ${was.length > 70 ? `${was.slice(0, 70)}…` : was} → ${text.length > 70 ? `${text.slice(0, 70)}…` : text}`;
}
