import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A page of ours as browsers take it. */
export interface BuiltPage {
  readonly script: string;
  readonly style: string;
}

const TARGET = ['chrome123', 'firefox120', 'safari17.5'];

/**
 * Bundles the `page.tsx` and `page.css` of a folder; some 50 ms. A published package has no bundler and brings `dist/` instead.
 * Throws what esbuild throws on a source that does not compile, and `ERR_MODULE_NOT_FOUND` when there is neither.
 */
export async function builtPage(folder: URL): Promise<BuiltPage> {
  let esbuild: typeof import('esbuild');
  try {
    esbuild = await import('esbuild');
  } catch (missing) {
    return readBuilt(folder, missing);
  }
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL('page.tsx', folder)), fileURLToPath(new URL('page.css', folder))],
    outdir: fileURLToPath(new URL('dist/', folder)),
    bundle: true,
    minify: true,
    write: false,
    charset: 'utf8',
    legalComments: 'none',
    target: TARGET,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfigRaw: {},
    format: 'esm',
  });
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

async function readBuilt(folder: URL, missing: unknown): Promise<BuiltPage> {
  const source = (name: string) => readFile(new URL(name, folder), 'utf8');
  try {
    const [script, style] = await Promise.all([source('dist/page.js'), source('dist/page.css')]);
    return { script, style };
  } catch {
    throw missing;
  }
}

/** Leaves `dist/` in the page's folder, for publishing. */
export async function writeBuiltPage(folder: URL): Promise<void> {
  const { script, style } = await builtPage(folder);
  await mkdir(new URL('dist/', folder), { recursive: true });
  await Promise.all([
    writeFile(new URL('dist/page.js', folder), script),
    writeFile(new URL('dist/page.css', folder), style),
  ]);
}
