import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const VICTIM = join(import.meta.dirname, '..', 'models', 'victim.ts');

/** The lives of one bot in processes of their own, each ended by SIGKILL, all over the same folder. */
export class Lives {
  readonly #living = new Set<ChildProcess>();
  readonly #directory: string;
  readonly #base: string;

  constructor(directory: string, base: string) {
    this.#directory = directory;
    this.#base = base;
  }

  /**
   * Lives until `isDone` of what the bot has said; then it is killed where it stands. Resolves with what it had said.
   * @param words of the customer; what begins with `{` is an event as JSON
   * @throws when it is not done within 20 seconds
   */
  async next(words: readonly string[], isDone: (said: readonly string[]) => boolean): Promise<readonly string[]> {
    const child = spawn(process.execPath, [VICTIM, this.#directory, ...words], {
      env: { ...process.env, MODEL_BASE: this.#base, MODEL_KEY: 'k', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#living.add(child);
    let said: readonly string[] = [];
    child.stdout.on('data', (data: Buffer) => {
      const whole = data
        .toString()
        .split('\n')
        .findLast((line) => line.endsWith(']'));
      if (whole !== undefined) said = (JSON.parse(whole) as string[]).filter((line) => line.startsWith('bot: '));
    });
    const gone = new Promise((done) => child.on('exit', done));
    const end = performance.now() + 20_000;
    while (!isDone(said) && performance.now() < end) await pause(20);
    child.kill('SIGKILL');
    await gone;
    this.#living.delete(child);
    if (!isDone(said)) throw new Error(`It was never done: ${JSON.stringify(said)}`);
    return said;
  }

  /** Whatever still lives, when a test has failed in the middle. */
  end(): void {
    for (const child of this.#living) child.kill('SIGKILL');
  }
}
