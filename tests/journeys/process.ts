import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = join(import.meta.dirname, '..', '..');
const PARLEY = join(ROOT, 'bin', 'parley.mjs');

/** A program of ours as a process of its own, known by its handle. What a test leaves running is killed by {@link endAll}. */
export class Program {
  readonly child: ChildProcess;
  readonly lines: string[] = [];

  private constructor(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [file, ...args], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(this);
    for (const stream of [this.child.stdout, this.child.stderr])
      if (stream !== null) createInterface(stream).on('line', (line) => this.lines.push(line));
  }

  static parley(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
    return new Program(PARLEY, args, env);
  }

  static shop(args: readonly string[]): Program {
    return new Program(join(ROOT, 'shop', 'main.ts'), args, {});
  }

  /** What the first line that fits says in its brackets. */
  async says(pattern: RegExp): Promise<string> {
    const found = () => this.lines.map((line) => pattern.exec(line)).find((match) => match !== null);
    await until(() => {
      if (this.ended) throw new Error(`It ended: ${this.lines.join('\n')}`);
      return found() !== undefined;
    }, `${pattern} in what the process says`);
    const match = found();
    return match?.[1] ?? match?.[0] ?? '';
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Its exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | string | null> {
    if (!this.ended) {
      const exit = once(this.child, 'exit');
      this.child.kill(signal);
      await exit;
    }
    running.delete(this);
    return this.child.exitCode ?? this.child.signalCode;
  }
}

const running = new Set<Program>();
const folders = new Set<string>();

/** A folder for one test, gone after {@link endAll}. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-journey-'));
  folders.add(folder);
  return folder;
}

export async function endAll(): Promise<void> {
  for (const program of [...running]) await program.end('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.clear();
}

/** Waits for what another process does. Bounded, and no time is asserted. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string | (() => string),
  limit = 15_000,
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Did not come: ${typeof what === 'string' ? what : what()}`);
    await new Promise((next) => setTimeout(next, 25));
  }
}

export interface Running {
  readonly program: Program;
  /** `http://127.0.0.1:3000` */
  readonly url: string;
}

/** `parley start --demo`: the bot, its shop and the page. */
export async function startDemo(data: string): Promise<Running> {
  const program = Program.parley(['start', '--demo', '--port', '0'], { PARLEY_DATA: data });
  return { program, url: await program.says(/(http:\/\/[\d.:]+)\/chat/) };
}

/** The demo's deployment with a shop that lives and dies on its own. */
export async function startBot(data: string, shop: string, port = '0'): Promise<Running> {
  const program = Program.parley(['start', ROOT, '--port', port], { PARLEY_DATA: data, SHOP_URL: shop });
  return { program, url: await program.says(/(http:\/\/[\d.:]+)\/chat/) };
}

export async function startShop(data: string, ...args: string[]): Promise<Running> {
  const program = Program.shop(['--data', data, '--port', '0', ...args]);
  const { url } = JSON.parse(await program.says(/\{"url".*/)) as { url: string };
  return { program, url };
}
