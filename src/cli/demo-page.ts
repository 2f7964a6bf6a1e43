import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { DemoFile } from '../server/page-routes.ts';
import { PACKAGE } from './package.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
};

/** The demo business's page, which embeds the chat the way a business would. */
export function demoPage(): ReadonlyMap<string, DemoFile> {
  const folder = join(PACKAGE, 'channels', 'web', 'demo');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => TYPES[extname(name)] !== undefined) : [];
  return new Map(
    names.map((name) => [
      name,
      { type: TYPES[extname(name)] ?? '', body: new Uint8Array(readFileSync(join(folder, name))) },
    ]),
  );
}
