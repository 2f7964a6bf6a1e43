import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Folder, RIGHT } from './deployment-folder.ts';
import { parley, ROOT } from './parley.ts';

describe('parley check', () => {
  test('finds nothing wrong with what is right', async () => {
    using folder = new Folder(RIGHT);
    const { code, out, err } = await parley(['check', folder.path]);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('1 flow: no problems');
  });

  test('tells every mistake with file, line and column, and a program the same as JSON', async () => {
    using folder = new Folder({
      ...RIGHT,
      'parley.yaml': 'name: Test\nlocale: [en]\nchannels: {web: {kind: wbe}}\n',
    });
    const { code, out } = await parley(['check', folder.path]);
    expect(code).toBe(1);
    expect(out).toContain('parley.yaml:2:1 error settings.unknown_key');
    expect(out).toContain('Did you mean `locales`?');
    const json: { code: string; line: number }[] = JSON.parse((await parley(['check', folder.path, '--json'])).out);
    expect(json).toEqual([
      expect.objectContaining({ file: 'parley.yaml', line: 2, col: 1, code: 'settings.unknown_key' }),
    ]);
  });

  test('explains its codes as docs/problems.md does, and refuses one that there is not', async () => {
    const documented = readFileSync(join(ROOT, 'docs', 'problems.md'), 'utf8');
    const told = (await parley(['check', '--explain', 'all'])).out.trim().split('\n');
    expect(told.length).toBeGreaterThan(50);
    const rows = told
      .map((line) => /^(\S+)\s+(.*)$/.exec(line))
      .map((row) => `| \`${row?.[1]}\` | ${row?.[2]?.replaceAll('|', '\\|')} |`);
    expect(documented.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows);
    const refused = await parley(['check', '--explain', 'flow.typ']);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('flow.type');
  });

  test('tells mistakes of all files at once', async () => {
    using folder = new Folder({
      ...RIGHT,
      'parley.yaml': 'name: Test\nchannels: {web: {kind: wbe}}\n',
      'flows/a/flow.yaml': 'flow: a\nsteps: [sya: hi]\n',
      'flows/connectors.yaml': 'connectors:\n  shop: {find: {effect: reed, out: string}}\n',
      'flows/repair/texts.yaml': 'en: {yess: Yep}\n',
      'actions/broken.ts': 'export default 7;\n',
    });
    const { out } = await parley(['check', folder.path]);
    expect(out).toContain('parley.yaml:2:24 error channel.unknown_kind');
    expect(out).toContain('flows/a/flow.yaml:2:9 error flow.unknown_step');
    expect(out).toMatch(/flows\/connectors\.yaml:2:\d+ error/);
    expect(out).toMatch(/flows\/repair\/texts\.yaml:1:6 error texts\.unknown[\s\S]*Did you mean "yes"/);
    expect(out).toContain('actions/broken.ts:1:1 error action.not_an_action');
  });
});

describe('parley test', () => {
  test('passes what goes as written, with the steps that were entered', async () => {
    using folder = new Folder(RIGHT);
    const { code, out, err } = await parley(['test', folder.path, '--coverage', '100']);
    expect([code, err]).toEqual([0, expect.stringContaining('1 test passed')]);
    expect(out).toContain('100 %  hello  2 of 2 steps');
  });

  test('fails with file and line where a conversation goes another way', async () => {
    using folder = new Folder({
      ...RIGHT,
      'flows/hello/examples.yaml': 'test: t\nturns:\n  - {user: {start: hello}, expect: {says: Goodbye}}\n',
    });
    const { code, out } = await parley(['test', folder.path]);
    expect(code).toBe(1);
    expect(out).toContain('flows/hello/examples.yaml:3 ');
  });

  test('lets the minute of a scheduled flow come, and tells of one that has none', async () => {
    const flow =
      'flow: news\ncallable_only: true\ntriggers: {schedule: "0 9 * * 1"}\nguard: customer.quiet != true\nsteps:\n  - say: News!\n';
    const examples = (name: string) => `test: t
given: {customer: {quiet: false}}
turns:
  - {schedule: ${name}, expect: {says: News!, ends: resolved}}
---
test: quiet
given: {customer: {quiet: true}}
turns:
  - {schedule: ${name}, expect: {not_says: News!}}
`;
    using right = new Folder({ ...RIGHT, 'flows/news/flow.yaml': flow, 'flows/news/examples.yaml': examples('news') });
    expect((await parley(['test', right.path])).code).toBe(0);
    using wrong = new Folder({ ...RIGHT, 'flows/news/flow.yaml': flow, 'flows/news/examples.yaml': examples('newss') });
    const { code, out } = await parley(['test', wrong.path]);
    expect(code).toBe(1);
    expect(out).toContain('No scheduled flow is called `newss`. Did you mean "news"?');
  });

  test('names the steps that no test enters', async () => {
    using folder = new Folder({
      ...RIGHT,
      'flows/hello/flow.yaml':
        'flow: hello\ninputs: {loud: boolean?}\nsteps:\n  - say: Hello there\n  - if: loud == true\n    then: [say: HELLO]\n  - end: resolved\n',
    });
    const { code, out } = await parley(['test', folder.path, '--coverage', '100']);
    expect(code).toBe(1);
    expect(out).toContain('flows/hello/flow.yaml:6 no test enters');
  });
});

describe('parley graph', () => {
  test('draws a flow of the deployment', async () => {
    using folder = new Folder(RIGHT);
    const { code, out } = await parley(['graph', 'hello', folder.path]);
    expect(code).toBe(0);
    expect(out).toMatch(/^<svg /);
    expect(out).toContain('Hello there');
  });

  test('suggests the flow that was meant', async () => {
    using folder = new Folder(RIGHT);
    const { code, err } = await parley(['graph', 'helo', folder.path]);
    expect(code).toBe(3);
    expect(err).toContain('Did you mean "hello"?');
  });
});

describe('parley schema', () => {
  test('is the schema that shipped flows name', async () => {
    const { code, out } = await parley(['schema']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ $schema: expect.stringContaining('json-schema.org') });
    // Out of date? npm run schema
    expect(readFileSync(join(ROOT, 'flow.schema.json'), 'utf8')).toBe(out);
  });
});

describe('parley doctor', () => {
  test('finds nothing missing where nothing is', async () => {
    using folder = new Folder(RIGHT);
    const { code, out } = await parley(['doctor', folder.path, '--port', '0']);
    expect(out).not.toContain('✗');
    expect(code).toBe(0);
  });

  test('names the variable that is not set, and the file that needs it', async () => {
    using folder = new Folder({
      ...RIGHT,
      'flows/connectors.yaml': `connectors:\n  shop:\n    base: \${SHOP_ADDRESS}\n    find: {effect: read, out: string, http: GET /x}\n`,
    });
    const { code, out } = await parley(['doctor', folder.path, '--port', '0']);
    expect(code).toBe(1);
    expect(out).toContain('SHOP_ADDRESS is not set');
    expect(out).toContain('flows/connectors.yaml needs it');
  });

  test('advises to set the secrets of the doors that flows and documents count on', async () => {
    using folder = new Folder({
      ...RIGHT,
      'parley.yaml': `${RIGHT['parley.yaml']}knowledge: {help: {push: true}}\n`,
      'flows/lost/flow.yaml':
        'flow: lost\ncallable_only: true\ntriggers: {events: [parcel.lost]}\nsteps:\n  - say: We are looking for it.\n  - end: resolved\n',
    });
    const { code, out } = await parley(['doctor', folder.path, '--port', '0']);
    expect(code).toBe(0);
    expect(out).toContain('! PARLEY_EVENTS_SECRET is not set\n    Without it nobody can send events for lost');
    expect(out).toContain(
      '! PARLEY_KNOWLEDGE_SECRET is not set\n    Without it nobody can send documents pushed to help',
    );
    const set = { PARLEY_EVENTS_SECRET: 's1', PARLEY_KNOWLEDGE_SECRET: 's2' };
    expect((await parley(['doctor', folder.path, '--port', '0'], { env: set })).out).not.toContain('SECRET is not set');
  });

  test('says that a database is damaged', async () => {
    using folder = new Folder({
      ...RIGHT,
      '.parley/parley.db': 'this is no database, but long enough to be looked at '.repeat(20),
    });
    const { code, out } = await parley(['doctor', folder.path, '--port', '0']);
    expect(code).toBe(1);
    expect(out).toMatch(/✗ .*parley\.db cannot be read/);
  });
});

describe('parley new', () => {
  test('makes a bot without a mistake, whose tests pass and enter every step', async () => {
    using folder = new Folder();
    const made = await parley(['new', 'my-bot', '--no-install'], { cwd: folder.path });
    expect(made.code).toBe(0);
    const bot = join(folder.path, 'my-bot');
    expect(await parley(['check', bot, '--strict'])).toMatchObject({ code: 0, out: '' });
    expect((await parley(['test', bot, '--coverage', '100'])).code).toBe(0);
    expect(readFileSync(join(bot, 'README.md'), 'utf8')).not.toContain('{{');
    expect(existsSync(join(bot, '.gitignore'))).toBe(true);
  });

  test('overwrites nothing', async () => {
    using folder = new Folder({ 'mine.txt': 'keep' });
    const { code, err } = await parley(['new', folder.path, '--no-install']);
    expect(code).toBe(3);
    expect(err).toContain('new.folder_taken');
    expect(existsSync(join(folder.path, 'parley.yaml'))).toBe(false);
  });
});

describe('parley chat', () => {
  test('holds a conversation over a pipe', async () => {
    using folder = new Folder(RIGHT);
    const { code, out } = await parley(['chat', 'hello', folder.path]);
    expect(code).toBe(0);
    expect(out).toContain('Hello there');
  });
});
