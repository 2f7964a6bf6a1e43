import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Name } from './contestants/contestants.ts';
import type { Opening, Wishes } from './stage.ts';

/** The core that every contestant runs on, alone but for what else the machine does. */
const CORE = process.env.BENCH_CORE ?? '0';

/** A contestant in a process of its own, pinned to one core, with a folder on disk that goes when it ends. */
export class Theatre {
  readonly folder: string;
  readonly #child: ChildProcess;
  #answer: ((answer: { answer?: unknown; error?: string }) => void) | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    this.#child = spawn(
      'taskset',
      ['-c', CORE, process.execPath, '--expose-gc', ...profiling(), join(import.meta.dirname, 'stage.ts')],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    this.#child.on('message', (message) => this.#answer?.(message as { answer?: unknown; error?: string }));
    this.#child.on('exit', (code) => this.#answer?.({ error: `The stage ended by itself (${code}).` }));
    this.#child.on('error', (error) => this.#answer?.({ error: `The stage cannot be started: ${error.message}` }));
  }

  static async open(contestant: Name, options: Partial<Omit<Opening, 'contestant' | 'folder'>> = {}): Promise<Theatre> {
    const theatre = new Theatre(mkdtempSync(join(tmpdir(), 'parley-bench-')));
    await theatre.ask('open', { contestant, folder: theatre.folder, flows: 10, ...options });
    return theatre;
  }

  ask<Wish extends keyof Wishes>(wish: Wish, ...[asked]: Parameters<Wishes[Wish]>): Promise<ReturnType<Wishes[Wish]>> {
    return new Promise((resolve, reject) => {
      this.#answer = ({ answer, error }) => {
        this.#answer = undefined;
        if (error === undefined) resolve(answer as ReturnType<Wishes[Wish]>);
        else reject(new Error(error));
      };
      this.#child.send({ wish, asked: asked ?? null });
    });
  }

  /** Closes the contestant; `look` may then see its files, before they go. */
  async close(look: () => void = () => undefined): Promise<void> {
    await this.ask('close');
    await new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.disconnect();
    });
    look();
    rmSync(this.folder, { recursive: true });
  }
}

/** `BENCH_PROFILE=folder` writes a CPU profile of each contestant there. */
function profiling(): string[] {
  const folder = process.env.BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
