import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where Parley itself is installed: its shipped flows and pages are found from here. */
export const PACKAGE = resolve(import.meta.dirname, '..', '..');

export function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  return manifest.version;
}
