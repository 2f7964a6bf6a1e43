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

/** A page with nothing but the chat, to try a bot of one's own on. */
export function plainPage(name: string, locale: string): ReadonlyMap<string, DemoFile> {
  const title = name.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const page = `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/demo/page.css">
<h1>${title}</h1>
<p>This is how your bot looks on a website: the button is at the lower edge.</p>
<script src="/widget.js" async></script>
</html>
`;
  const style =
    ':root{color-scheme:light dark}body{font:17px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}\n';
  return new Map([
    ['index.html', { type: TYPES['.html'] ?? '', body: page }],
    ['page.css', { type: TYPES['.css'] ?? '', body: style }],
  ]);
}
