import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { jest } from './jest.ts';
import { environmentOf, type PlacedMutant } from './placed-mutant.ts';

/** A file of tests as it is without any mutant. */
export interface TestFile {
  readonly path: string;
  /** Milliseconds. */
  readonly took: number;
  /** Does it run this line? */
  reaches(source: string, line: number): boolean;
}

export type Verdict = 'passed' | 'failed' | 'timed out';

/** The part of jest's report that tells which lines ran. */
interface LineReport {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
  readonly s: Readonly<Record<string, number>>;
}

/** What jest.config.js holds. */
export interface JestConfig {
  readonly transform: Readonly<Record<string, readonly [string, object]>>;
}

/** Jest with the mutating transform, one file of tests at a time. */
export class TestRunner {
  readonly #folder: string;
  readonly #config: string;

  /** @param folder for its cache and its reports; its owner removes it */
  constructor(folder: string, config: JestConfig) {
    this.#folder = folder;
    const [pattern, [, options]] = Object.entries(config.transform)[0]!;
    this.#config = JSON.stringify({
      ...config,
      rootDir: process.cwd(),
      cacheDirectory: join(folder, 'cache'),
      transform: { [pattern]: [resolve('scripts/strength/mutating-transform.ts'), options] },
    });
  }

  /** Runs a file of tests as it is. Throws when it fails: nothing can be learnt from a test that is red already. */
  async measure(path: string, sources: readonly string[]): Promise<TestFile> {
    const report = join(this.#folder, path.replaceAll('/', '-'));
    const before = performance.now();
    const verdict = await this.#run([
      ...['--coverage', '--coverageProvider=v8', '--coverageReporters=json', `--coverageDirectory=${report}`],
      ...sources.map((source) => `--collectCoverageFrom=${source}`),
      ...['--runTestsByPath', path],
    ]);
    if (verdict !== 'passed') throw new Error(`${path} has ${verdict} without any mutant.`);
    const took = performance.now() - before;
    const files: Record<string, LineReport> = JSON.parse(readFileSync(join(report, 'coverage-final.json'), 'utf8'));
    const reached = new Set(
      Object.entries(files).flatMap(([file, { statementMap, s }]) =>
        Object.entries(statementMap).flatMap(([id, { start }]) =>
          s[id] === 0 ? [] : [`${relative('.', file)}:${start.line}`],
        ),
      ),
    );
    return { path, took, reaches: (source, line) => reached.has(`${source}:${line}`) };
  }

  /** Runs a file of tests with a mutant. A mutant that loops or waits for ever is ended after several times what it takes otherwise. */
  try(mutant: PlacedMutant, test: TestFile): Promise<Verdict> {
    return this.#run(['--bail', '--runTestsByPath', test.path], mutant, PATIENCE * test.took + START);
  }

  #run(arguments_: readonly string[], mutant?: PlacedMutant, limit?: number): Promise<Verdict> {
    return new Promise((done, fail) => {
      const child = spawn(
        process.execPath,
        jest([`--config=${this.#config}`, '--runInBand', '--silent', '--forceExit', ...arguments_]),
        {
          stdio: 'ignore',
          env: environmentOf(mutant),
          killSignal: 'SIGKILL',
          ...(limit === undefined ? {} : { timeout: Math.ceil(limit) }),
        },
      );
      child.on('error', fail);
      child.on('exit', (code) => done(code === 0 ? 'passed' : code === null ? 'timed out' : 'failed'));
    });
  }
}

/** On a machine with other work to do, too, a test that passes is done by then. */
const PATIENCE = 4;
const START = 10_000;
