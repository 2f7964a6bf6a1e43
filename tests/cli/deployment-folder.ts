import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that is gone when the test is. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'parley-test-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  write(file: string, text: string): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A deployment that is right: one flow that says hello. */
export const RIGHT: Readonly<Record<string, string>> = {
  'parley.yaml': 'name: Test\nchannels: {web: {kind: web}}\n',
  'flows/hello/flow.yaml':
    'flow: hello\ntriggers: {examples: {en: [hello bot]}}\nsteps: [say: Hello there, end: resolved]\n',
  'flows/hello/examples.yaml':
    'test: says hello\nturns: [{user: {start: hello}, expect: {says: Hello there, ends: resolved}}]\n',
};
