import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ModelServer } from '../support/model-server.ts';
import { Folder, RIGHT } from './deployment-folder.ts';
import { parley } from './parley.ts';

const server = new ModelServer();
let base = '';
beforeAll(async () => {
  base = await server.listen();
});
afterAll(() => server.close());

const settings = (models: string) => `name: Test\nchannels: {web: {kind: web}}\nmodels: ${models}\n`;

const FLOW = `flow: hello
triggers: {examples: {en: [hello bot]}}
slots: {note: text}
steps:
  - collect: note
    ask: What?
  - llm: {task: classify, input: [note], out: {mood: "enum(calm,angry)"}, on_fail: {mood: calm}}
    as: it
  - say: "{it.mood}"
  - end: resolved
`;

describe('parley doctor, of models', () => {
  const doctor = async (models: string, env: Record<string, string>, ...more: string[]) => {
    using folder = new Folder({ ...RIGHT, 'parley.yaml': settings(models) });
    return await parley(['doctor', folder.path, '--port', '0', ...more], { env });
  };

  test('names what each task is done by, and the variable that is missing', async () => {
    const { code, out } = await doctor(`{key: "\${KEY_OF_MODEL}", model: m}`, {});
    expect(code).toBe(1);
    expect(out).toContain('✗ models: KEY_OF_MODEL is not set');
    const there = await doctor(`{key: "\${KEY_OF_MODEL}", model: m}`, { KEY_OF_MODEL: 'sk-secret' });
    expect(there.code).toBe(0);
    expect(there.out).toContain('✓ models: llm is done by m at api.openai.com');
    expect(there.out).not.toContain('sk-secret');
  });

  test('warns of words that cross the internet in the clear', async () => {
    expect((await doctor('{base: "http://models.example/v1", model: m}', {})).out).toContain('use https');
  });

  test('asks each a small question when online', async () => {
    server.script = ['OK'];
    const models = `{base: "${base}", model: m, tasks: {embedding: e, answer: false}}`;
    const { code, out } = await doctor(models, {}, '--online');
    expect(out).toContain('✓ models: llm (m) answers');
    expect(out).toContain('✓ models: embedding (e) gives vectors of 16');
    expect(code).toBe(0);
    server.script = [{ fault: 'bad_key' }];
    const refused = await doctor(models, {}, '--online');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('✗ models: llm (m) model.refused');
    expect(refused.out).toContain('Compare `key`');
  });
});

describe('parley test, of llm steps', () => {
  const turns = 'turns: [{user: {start: hello}}, {user: {set: {note: Bah}}, expect: {says: MOOD, ends: resolved}}]';
  const example = (name: string, stub: string, mood: string) =>
    `test: ${name}\n${stub}\n${turns.replace('MOOD', mood)}\n`;

  test.each([
    ['without a model', RIGHT['parley.yaml']!],
    ['with one', settings('{model: m}')],
  ])('lets a test say what the model says, %s', async (_, yaml) => {
    using folder = new Folder({
      'parley.yaml': yaml,
      'flows/hello/flow.yaml': FLOW,
      'flows/hello/examples.yaml': [
        example('says nothing of it', '', 'calm'),
        example('stubs the step', 'stub: {llm.it: {mood: angry}}', 'angry'),
        example('stubs any step', 'stub: {llm: {mood: angry}}', 'angry'),
        example('lets it fail', 'stub: {llm.it: {error: model.timeout}}', 'calm'),
        example('lets it talk nonsense', 'stub: {llm.it: {mood: furious}}', 'calm'),
      ].join('---\n'),
    });
    const { code, out, err } = await parley(['test', folder.path, '--coverage', '100']);
    expect(`${out}${err}`).toContain('5 tests passed');
    expect(code).toBe(0);
  });
});

test('parley chat waits for what a model says', async () => {
  server.script = [{ mood: 'angry' }];
  using folder = new Folder({
    'parley.yaml': settings(`{base: "${base}", model: m}`),
    'flows/hello/flow.yaml': FLOW,
  });
  const { out } = await parley(['chat', 'hello'], { cwd: folder.path, input: 'It came broken again\n/quit\n' });
  expect(out).toContain('angry');
  expect(server.lastWords).toContain('It came broken again');
}, 20_000);
