import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parley, ROOT } from './parley.ts';

const NAMES = ['new', 'start', 'check', 'test', 'chat', 'graph', 'schema', 'doctor', 'deploy'];

describe('the command line', () => {
  test('says what it can do, and nothing else on stdout', async () => {
    const { code, out } = await parley(['--help']);
    expect(code).toBe(0);
    for (const name of NAMES) expect(out).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
  });

  test('without a command says the same to the person, and fails', async () => {
    const { code, out, err } = await parley([]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('parley <command>');
  });

  test.each(NAMES)('%s --help tells usage, options, examples and exit codes', async (name) => {
    const { code, out, err } = await parley([name, '--help']);
    expect([code, err]).toEqual([0, '']);
    for (const part of ['Usage', 'Options', '--help', 'Examples', `parley ${name}`, 'Exit codes'])
      expect(out).toContain(part);
  });

  test.each([
    [['chekc'], 'There is no command "chekc". Did you mean "check"?'],
    [['check', '--jsn'], 'There is no option --jsn. Did you mean "--json"?'],
    [['start', '--port'], '--port needs a value.'],
    [['start', '--port', 'http'], '"http" is no port.'],
    [['check', '--json=yes'], '--json takes no value.'],
    [['new'], '<dir> is missing.'],
    [['check', 'a', 'b'], '"b" is one argument too many.'],
    [['deploy'], 'Only --dry-run is there.'],
    [['__proto__'], 'There is no command "__proto__".'],
  ])('does not guess what %j means', async (typed, told) => {
    const { code, out, err } = await parley(typed);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(told);
  });

  test('says what to do where there is no deployment', async () => {
    const { code, err } = await parley(['check', join(ROOT, 'docs')]);
    expect(code).toBe(3);
    expect(err).toMatch(/deployment\.missing: .*parley\.yaml[\s\S]*parley new my-bot/);
  });

  test('uses no colours where nobody sees them', async () => {
    const ansi = String.fromCharCode(27);
    expect((await parley(['--help'])).out).not.toContain(ansi);
    expect((await parley(['check'], { env: { FORCE_COLOR: '0' } })).err).not.toContain(ansi);
  });

  test('loads what a command needs and no more', async () => {
    const { out } = await parley(['check', '--json'], {
      env: { NODE_DEBUG: '', NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(LOADED)}` },
    });
    const loaded = out.slice(out.indexOf('LOADED'));
    expect(loaded).toContain('yaml');
    for (const heavy of ['better-sqlite3', '/hono/', '/ws/', 'esbuild']) expect(loaded).not.toContain(heavy);
  });

  test('has a file for each command', () => {
    const files = readdirSync(join(ROOT, 'src', 'cli'));
    for (const name of NAMES) expect(files).toContain(`${name}.ts`);
  });
});

/** Prints the files of packages that were loaded, when the process ends. */
const LOADED = `
import { registerHooks } from 'node:module';
const seen = new Set();
registerHooks({ load(url, context, next) { if (url.includes('node_modules')) seen.add(url); return next(url, context); } });
process.on('exit', () => console.log('LOADED', [...seen].join(' ')));
`;
