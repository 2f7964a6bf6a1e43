import { type ChildProcess, spawn } from 'node:child_process';

/** What a process does when it is asked, by name: what it is given, and what it answers. */
type Wishes<All> = { readonly [Wish in keyof All]: (given: never) => unknown };

/** The core that what is measured runs on, alone but for what else the machine does; and the one for who asks it. */
export const CORE = process.env.BENCH_CORE ?? '0';
export const OTHER_CORE = CORE === '0' ? '1' : '0';

/** A process of its own, pinned to one core, that does one thing after the other; see {@link obey} for its own end. */
export class Actor<All extends Wishes<All>> {
  readonly #child: ChildProcess;
  #answer: ((answer: { answer?: unknown; error?: string }) => void) | undefined;

  constructor(file: string, core = CORE) {
    this.#child = spawn('taskset', ['-c', core, process.execPath, '--expose-gc', ...profiling(), file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => this.#answer?.(message as { answer?: unknown; error?: string }));
    this.#child.on('exit', (code) => this.#answer?.({ error: `${file} ended by itself (${code}).` }));
    this.#child.on('error', (error) => this.#answer?.({ error: `${file} cannot be started: ${error.message}` }));
  }

  ask<Wish extends keyof All>(wish: Wish, ...[asked]: Parameters<All[Wish]>): Promise<Awaited<ReturnType<All[Wish]>>> {
    return new Promise((resolve, reject) => {
      this.#answer = ({ answer, error }) => {
        this.#answer = undefined;
        if (error === undefined) resolve(answer as Awaited<ReturnType<All[Wish]>>);
        else reject(new Error(error));
      };
      this.#child.send({ wish, asked: asked ?? null });
    });
  }

  /** Nothing is asked any more: it ends when nothing of its own keeps it. */
  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.disconnect();
    });
  }
}

/** How they are done: now or in a while. */
type Performed<All extends Wishes<All>> = {
  readonly [Wish in keyof All]: (
    given: Parameters<All[Wish]>[0],
  ) => ReturnType<All[Wish]> | Promise<Awaited<ReturnType<All[Wish]>>>;
};

/** The other end: does what the parent asks, and answers over the IPC channel. */
export function obey<All extends Wishes<All>>(wishes: Performed<All>): void {
  process.on('message', ({ wish, asked }: { wish: keyof All; asked: never }) => {
    void (async () => {
      try {
        process.send?.({ answer: (await wishes[wish](asked)) ?? null });
      } catch (error) {
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      }
    })();
  });
}

/** `BENCH_PROFILE=folder` writes a CPU profile of each process there. */
function profiling(): string[] {
  const folder = process.env.BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
