import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { builtPage, writeBuiltPage } from '../../built-page.ts';

/** The page's files by name, each with what it is answered with. */
export type PageFiles = ReadonlyMap<
  string,
  { readonly body: string; readonly headers: Readonly<Record<string, string>> }
>;

const PAGE = new URL('page/', import.meta.url);

/** Scripts, styles and pictures of its own origin only, and no string ever becomes markup. Nobody frames it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
const HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-cache',
};

/** The page, put together when it is first asked for: a start should not wait for it. */
export function pageFiles(): () => Promise<PageFiles> {
  let made: Promise<PageFiles> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function make(): Promise<PageFiles> {
  const { script, style } = await builtPage(PAGE);
  const [index, icon] = await Promise.all(['index.html', 'icon.svg'].map(source));
  const file = (type: string, body: string) => ({ body, headers: { ...HEADERS, 'content-type': type } });
  return new Map([
    ['index.html', file('text/html; charset=utf-8', index ?? '')],
    ['icon.svg', file('image/svg+xml', icon ?? '')],
    ['page.js', file('text/javascript; charset=utf-8', script)],
    ['page.css', file('text/css; charset=utf-8', style)],
  ]);
}

function source(name: string): Promise<string> {
  return readFile(new URL(name, PAGE), 'utf8');
}

/** `npm run build:desk`: leaves `dist/` for publishing. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeBuiltPage(PAGE);
}
