import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './process.ts';

/** Makes a folder of a test's own the demo as it ships, at other accounts: its flows, what it knows, and its settings but for these. */
export function writeDemo(folder: string, settings: object): void {
  for (const part of ['flows', 'knowledge'])
    if (!existsSync(join(folder, part))) symlinkSync(join(ROOT, part), join(folder, part));
  const shipped = parse(readFileSync(join(ROOT, 'parley.yaml'), 'utf8')) as object;
  // JSON is YAML.
  writeFileSync(join(folder, 'parley.yaml'), JSON.stringify({ ...shipped, ...settings }));
}
