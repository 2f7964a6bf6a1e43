import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** The scripts that a page loads, as text. */
export interface BuiltWidget {
  /** Served at `/widget.js`: what a business puts on its page. */
  readonly loader: string;
  /** Served at `/widget-app.js`, as a module and to any origin (`Access-Control-Allow-Origin: *`): what the loader fetches. */
  readonly widget: string;
  /** Served at `/widget-form.js`, like the widget, which fetches it when a form is to be filled in. */
  readonly form: string;
  /** Of `form`: the widget asks for `/widget-form.js?<hash>`. */
  readonly formHash: string;
  /** Changes with `widget`: the loader asks for `/widget-app.js?<hash>`, so that one may be cached for good. */
  readonly hash: string;
}

const HERE = new URL('.', import.meta.url);
const TARGET = ['chrome123', 'firefox120', 'safari17.5'];

/**
 * Bundles the widget; some 100 ms. A published package has no bundler and brings `dist/` instead.
 * Throws what esbuild throws on a source that does not compile, and `ERR_MODULE_NOT_FOUND` when there is neither a bundler nor `dist/`.
 */
export async function buildWidget(): Promise<BuiltWidget> {
  let esbuild: typeof import('esbuild');
  let swc: typeof import('@swc/core');
  try {
    [esbuild, swc] = await Promise.all([import('esbuild'), import('@swc/core')]);
  } catch (missing) {
    return readBuilt(missing);
  }
  const bundle = async (entry: string, format: 'esm' | 'iife', define: Record<string, string>) => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [path(entry)],
      bundle: true,
      minify: true,
      write: false,
      charset: 'utf8',
      legalComments: 'none',
      target: TARGET,
      jsx: 'transform',
      jsxFactory: 'h',
      jsxFragment: 'Fragment',
      inject: entry === 'parley-chat.ts' ? [path('jsx.ts')] : [],
      external: ['./widget-form.js?*'],
      tsconfigRaw: {},
      plugins: [styleAsText(esbuild.transform), wordsAlone],
      format,
      define,
    });
    // esbuild has put it together; the names that swc gives compress 2.5 % better.
    const options = { module: true, mangle: { toplevel: true }, compress: { toplevel: true }, ecma: 2020 } as const;
    return (await swc.minify(outputFiles[0]?.text ?? '', options)).code;
  };
  const form = await bundle('form.tsx', 'esm', {});
  const formHash = hashOf(form);
  const widget = await bundle('parley-chat.ts', 'esm', { FORM: JSON.stringify(`./widget-form.js?${formHash}`) });
  const hash = hashOf(widget);
  const loader = await bundle('loader.ts', 'iife', { HASH: JSON.stringify(hash) });
  return { loader, widget, form, hash, formHash };
}

function hashOf(script: string): string {
  return createHash('sha256').update(script).digest('hex').slice(0, 12);
}

function path(name: string): string {
  return fileURLToPath(new URL(name, HERE));
}

function styleAsText(transform: typeof import('esbuild').transform): Plugin {
  return {
    name: 'style-as-text',
    setup: (build) =>
      build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const { code } = await transform(source, { loader: 'css', minify: true, target: TARGET });
        return { contents: code.trim(), loader: 'text' };
      }),
  };
}

/**
 * What a channel's author may import opens sockets and brings zod, too: a page takes its pure words alone, and the rest falls away unused.
 * Zod would not only be thirty times the form: it tries `new Function`, which a page under a strict policy reports as an attack.
 */
const wordsAlone: Plugin = {
  name: 'words-alone',
  setup: (build) =>
    build.onResolve({ filter: /^\.\/(?:form-kept|line|outside-file)\.ts$/ }, ({ path }) => ({
      path,
      external: true,
      sideEffects: false,
    })),
};

async function readBuilt(missing: unknown): Promise<BuiltWidget> {
  try {
    const [loader = '', widget = '', form = ''] = await Promise.all(
      ['widget.js', 'widget-app.js', 'widget-form.js'].map((name) => readFile(new URL(`dist/${name}`, HERE), 'utf8')),
    );
    return { loader, widget, form, hash: hashOf(widget), formHash: hashOf(form) };
  } catch {
    throw missing;
  }
}

/** `npm run build:widget`: leaves `dist/` for publishing. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { loader, widget, form } = await buildWidget();
  const dist = new URL('dist/', HERE);
  await mkdir(dist, { recursive: true });
  await Promise.all([
    writeFile(new URL('widget.js', dist), loader),
    writeFile(new URL('widget-app.js', dist), widget),
    writeFile(new URL('widget-form.js', dist), form),
  ]);
}
