import { describe, expect, test } from '@jest/globals';
import { menuOf } from '../../src/conversation/bot.ts';
import { createBot } from '../../src/deployment/bot.ts';
import { compileDeployment, loadDeployment } from '../../src/deployment/deployment.ts';
import { readSettings } from '../../src/deployment/settings.ts';
import { compileKept, toKeep } from '../../src/deployment/versions.ts';
import { Folder, RIGHT } from '../cli/deployment-folder.ts';

const told = (problems: readonly { line: number; col: number; code: string }[]) =>
  problems.map(({ line, col, code }) => `${line}:${col} ${code}`);

describe('parley.yaml', () => {
  test('needs a name and nothing else', () => {
    expect(readSettings('name: Shop').settings).toEqual({
      name: 'Shop',
      locales: ['en'],
      timezone: 'UTC',
      flows: 'flows',
      actions: 'actions',
      data: '.parley',
      patience: '30m',
      channels: {},
      knowledge: {},
    });
  });

  test.each([
    ['locales: [en]', '1:1 settings.missing_key'],
    ['name: S\ntimezone: Mars/Base', '2:11 settings.invalid_value'],
    ['name: S\nlocales: [english please]', '2:11 settings.invalid_value'],
    ['name: S\nlocales: []', '2:10 settings.invalid_value'],
    ['name: S\nchannel: {}', '2:1 settings.unknown_key'],
    ['name: S\nname: T', '2:1 yaml.duplicate_key'],
    ['name: S\nchannels:\n\tweb: {}', '3:1 yaml.tab'],
  ])('%j is told at its place', (text, problem) => {
    const { settings, problems } = readSettings(text);
    expect(settings).toBeUndefined();
    expect(told(problems)[0]).toBe(problem);
  });
});

describe('a deployment', () => {
  test('has the repair flows that ship, and its own in their place', async () => {
    using folder = new Folder({ ...RIGHT, 'flows/repair/skip.yaml': 'flow: skip\nsteps: [say: Fine then]\n' });
    const deployment = await loadDeployment(folder.path, {});
    const skip = deployment.flows.filter(({ pattern }) => pattern === 'skip');
    expect(skip.map(({ file }) => file)).toEqual(['flows/repair/skip.yaml']);
    const { programs, problems } = compileDeployment(deployment);
    expect(problems).toEqual([]);
    expect([...programs.keys()]).toEqual(expect.arrayContaining(['hello', 'repair.skip', 'repair.cancel']));
  });

  test('offers the flows that its menu names, in that order, and refuses one that nobody can start', async () => {
    const menu = async (line: string) => {
      using folder = new Folder({ ...RIGHT, 'parley.yaml': `${RIGHT['parley.yaml']}${line}` });
      const deployment = await loadDeployment(folder.path, {});
      const compiled = compileDeployment(deployment);
      return { offered: menuOf(createBot(deployment, compiled)), problems: compiled.problems.map(({ code }) => code) };
    };
    expect(await menu('menu: [hello]\n')).toEqual({ offered: ['hello'], problems: [] });
    expect(await menu('menu: []\n')).toEqual({ offered: [], problems: [] });
    expect((await menu('menu: [helo]\n')).problems).toEqual(['settings.unknown_flow']);
  });

  test('tells customers that they talk to a bot, in its own words or not at all', async () => {
    const starts = async (notice: string) => {
      using folder = new Folder({ ...RIGHT, 'parley.yaml': `${RIGHT['parley.yaml']}${notice}` });
      const deployment = await loadDeployment(folder.path, {});
      expect(compileDeployment(deployment).problems).toEqual([]);
      return deployment.flows.find(({ pattern }) => pattern === 'session_start')?.text;
    };
    expect(await starts('')).toContain('a bot, not a person');
    expect(await starts('notice: You are talking to our robot.\n')).toContain('our robot');
    expect(await starts('notice: false\n')).toBeUndefined();
  });

  test('replaces built-in texts one by one', async () => {
    using folder = new Folder({ ...RIGHT, 'flows/repair/texts.yaml': 'en: {yes: Yep}\n' });
    const { texts } = await loadDeployment(folder.path, {});
    expect(texts.en).toMatchObject({ yes: 'Yep', no: 'No' });
  });

  test('does an action in TypeScript that connectors.yaml declares, and says when nobody does one', async () => {
    using folder = new Folder({
      ...RIGHT,
      'flows/connectors.yaml':
        'connectors:\n  sky: {colour: {effect: read, out: string}, height: {effect: read, out: integer}}\n',
      'actions/sky.mjs':
        "export default { name: 'sky.colour', effect: 'read', in: {}, out: { kind: 'string' }, timeout: 1000, errors: [], run: async () => 'blue' };\n",
    });
    const { actions, problems } = await loadDeployment(folder.path, {});
    expect(actions.map(({ name }) => name)).toEqual(['sky.colour']);
    expect(problems).toMatchObject([
      { code: 'action.unperformed', severity: 'warning', message: expect.stringContaining('sky.height') },
    ]);
  });

  test('is refused without a parley.yaml', async () => {
    using folder = new Folder();
    await expect(loadDeployment(folder.path, {})).rejects.toMatchObject({ code: 'deployment.missing' });
  });
});

describe('kept versions', () => {
  test('compile again to the version that conversations stand in', async () => {
    using folder = new Folder(RIGHT);
    const before = await loadDeployment(folder.path, {});
    const kept = toKeep(compileDeployment(before));
    folder.write('flows/hello/flow.yaml', 'flow: hello\nsteps: [say: Good day, end: resolved]\n');
    const after = await loadDeployment(folder.path, {});
    const older = compileKept(kept, after, compileDeployment(after));
    const old = compileDeployment(before).programs.get('hello');
    expect([...older.keys()]).toEqual([old?.version]);
  });

  test('that no longer compile are left out', async () => {
    using folder = new Folder(RIGHT);
    const deployment = await loadDeployment(folder.path, {});
    const source = JSON.stringify({ file: 'flows/x.yaml', text: 'flow: x\nsteps: [action: gone.away]\n' });
    expect(compileKept([{ hash: 'x', source }], deployment, compileDeployment(deployment)).size).toBe(0);
  });
});
