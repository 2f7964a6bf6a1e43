import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The page's files by name, each with what it is answered with. */
export type PageFiles = ReadonlyMap<
  string,
  { readonly body: string; readonly headers: Readonly<Record<string, string>> }
>;

const PAGE = new URL('page/', import.meta.url);
const TARGET = ['chrome123', 'firefox120', 'safari17.5'];

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
  const { script, style } = await built();
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

interface Built {
  readonly script: string;
  readonly style: string;
}

/**
 * Bundles the page; some 50 ms. A published package has no bundler and brings `dist/` instead.
 * Throws what esbuild throws on a source that does not compile, and `ERR_MODULE_NOT_FOUND` when there is neither.
 */
async function built(): Promise<Built> {
  let esbuild: typeof import('esbuild');
  try {
    esbuild = await import('esbuild');
  } catch (missing) {
    return readBuilt(missing);
  }
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL('page.tsx', PAGE)), fileURLToPath(new URL('page.css', PAGE))],
    outdir: fileURLToPath(new URL('dist/', PAGE)),
    ...{ bundle: true, minify: true, write: false, charset: 'utf8', legalComments: 'none', target: TARGET },
    ...{ jsx: 'automatic', jsxImportSource: 'preact', tsconfigRaw: {}, format: 'esm' },
  });
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

async function readBuilt(missing: unknown): Promise<Built> {
  try {
    const [script, style] = await Promise.all([source('dist/page.js'), source('dist/page.css')]);
    return { script, style };
  } catch {
    throw missing;
  }
}

/** `npm run build:desk`: leaves `dist/` for publishing. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { script, style } = await built();
  await mkdir(new URL('dist/', PAGE), { recursive: true });
  await Promise.all([
    writeFile(new URL('dist/page.js', PAGE), script),
    writeFile(new URL('dist/page.css', PAGE), style),
  ]);
}
