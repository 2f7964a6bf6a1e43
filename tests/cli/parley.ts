import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the real binary, as a person would, who types `input` and no more. Bounded: it is killed after `limit` milliseconds. */
export function parley(
  typed: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; limit?: number; input?: string } = {},
): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin', 'parley.mjs'), ...typed], {
      cwd: options.cwd ?? ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.limit ?? 15_000,
    });
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      said.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said.err += chunk.toString();
    });
    child.stdin.end(options.input ?? '');
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...said }));
  });
}
