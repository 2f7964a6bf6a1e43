import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { builtPage, writeBuiltPage } from '../built-page.ts';

/** The page's files by name, each with what it is answered with. */
export type PageFiles = ReadonlyMap<
  string,
  { readonly body: string; readonly headers: Readonly<Record<string, string>> }
>;

const PAGE = new URL('page/', import.meta.url);

/** Scripts and styles of its own origin only, no string ever becomes markup; pictures may come from the stand-ins. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: http://127.0.0.1:* https:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];
const HEADERS = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
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
  const [index, web, webStyle] = await Promise.all(['index.html', 'web.html', 'web.css'].map(source));
  const html = (body: string, ancestors: string) => ({
    body,
    headers: {
      ...HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': [...POLICY, `frame-ancestors ${ancestors}`].join('; '),
    },
  });
  const file = (type: string, body: string) => ({
    body,
    headers: { ...HEADERS, 'content-type': `${type}; charset=utf-8` },
  });
  return new Map([
    ['index.html', html(index ?? '', "'none'")],
    // The chat as a business's page embeds it, in a window of the playground.
    ['web', html(web ?? '', "'self'")],
    ['web-zh', html((web ?? '').replace('lang="en"', 'lang="zh"'), "'self'")],
    ['web.css', file('text/css', webStyle ?? '')],
    ['page.js', file('text/javascript', script)],
    ['page.css', file('text/css', style)],
  ]);
}

function source(name: string): Promise<string> {
  return readFile(new URL(name, PAGE), 'utf8');
}

/** `npm run build:playground`: leaves `dist/` for publishing. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeBuiltPage(PAGE);
}
