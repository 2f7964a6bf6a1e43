import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Folder } from '../cli/deployment-folder.ts';
import { parley } from '../cli/parley.ts';
import { type Answer, type Asked, ModelServer } from '../support/model-server.ts';
import { Cassettes } from '../support/model-server-cassettes.ts';
import { messageIn, proposing } from '../support/opinion-bot.ts';

const flow = (name: string, examples: readonly string[]) =>
  `flow: ${name}\ntriggers: {examples: {en: ${JSON.stringify(examples)}}}\nsteps: [say: Hello, end: resolved]\n`;

const BOT = {
  'parley.yaml': `name: Test\nchannels: {web: {kind: web}}\nmodels: {base: "\${MODEL_BASE:-http://127.0.0.1:1}", model: m, prices: {m: {input: 1, output: 1}}}\n`,
  'flows/track/flow.yaml': flow('track', ['where is my order', 'track my parcel', 'my delivery has not arrived']),
  'flows/refund/flow.yaml': flow('refund', ['give me my money back', 'i want a refund', 'send it back']),
  'flows/evaluation/free-text.eval.yaml': [
    'suite: free text',
    'cases:',
    '  - {flow: track, en: [it fell off a lorry, "the postman forgot me, did he not"]}',
    '  - {flow: refund, en: [i want my money back please, cash is what i would like to see again]}',
    '  - {flow: none, en: [who painted the mona lisa]}',
    '',
  ].join('\n'),
};

interface Report {
  readonly suites: readonly {
    readonly accuracy: number;
    readonly asked?: number;
    readonly doubts: { readonly below: number; readonly curve: readonly { readonly asked: number }[] };
    readonly against?: Readonly<Record<string, { readonly difference: number }>>;
  }[];
  readonly model?: {
    readonly tokens: number;
    readonly cost: number;
    readonly failures: Readonly<Record<string, number>>;
  };
}

const server = new ModelServer();
let base = '';
/** What the server was asked and what it said, for the cassettes. */
const heard: { readonly asked: Asked; readonly answer: Answer }[] = [];

function read(asked: Asked): Answer {
  const message = messageIn(asked) ?? '';
  const flow = /lorry|postman/.test(message) ? 'track' : /cash/.test(message) ? 'refund' : undefined;
  const answer = proposing(...(flow ? [{ do: 'start', flow }] : []));
  heard.push({ asked, answer });
  return answer;
}

async function evaluated(folder: Folder, ...more: readonly string[]): Promise<Report> {
  const { code, out, err } = await parley(['eval', '--json', ...more], {
    cwd: folder.path,
    env: { MODEL_BASE: base },
  });
  if (code !== 0) throw new Error(`${out}\n${err}`);
  return JSON.parse(out) as Report;
}

beforeAll(async () => {
  base = await server.listen();
});
beforeEach(() => {
  server.reads = read;
  server.cassettes = undefined;
  server.asked.length = 0;
});
afterAll(() => server.close());

describe('parley eval --model', () => {
  test('asks where words are not sure, and tells what that is worth and what it costs', async () => {
    using folder = new Folder(BOT);
    const { suites, model } = await evaluated(folder, '--model');
    const [suite] = suites;
    expect(suite?.accuracy).toBe(1);
    expect(suite?.asked).toBe(server.asked.length);
    expect(suite?.against?.right?.difference).toBeGreaterThan(0);
    expect(model).toMatchObject({ tokens: 120 * server.asked.length, failures: {} });
    expect(model?.cost).toBeGreaterThan(0);
  });

  test('says the same from cassettes, to the last question', async () => {
    using folder = new Folder(BOT);
    heard.length = 0;
    const live = await evaluated(folder, '--model');
    const cassettes = new Cassettes(join(folder.path, 'cassettes'));
    for (const { asked, answer } of heard) cassettes.record(asked, answer);
    server.reads = undefined;
    server.cassettes = cassettes;
    const again = await evaluated(folder, '--model');
    expect(readdirSync(join(folder.path, 'cassettes')).length).toBe(heard.length);
    expect(server.missing).toEqual([]);
    expect(again.suites[0]).toMatchObject({ accuracy: live.suites[0]?.accuracy ?? -1, asked: heard.length });
  });

  test('compares two configurations, each with its own model', async () => {
    using folder = new Folder(BOT);
    using other = new Folder({ ...BOT, 'parley.yaml': BOT['parley.yaml'].replace('model: m,', 'model: n,') });
    server.reads = (asked) => (asked.body.model === 'n' ? proposing() : read(asked));
    const { suites } = await evaluated(folder, '--model', '--against', other.path);
    expect(suites[0]?.against?.right?.difference).toBeGreaterThan(0);
    expect(new Set(server.asked.map(({ body }) => body.model))).toEqual(new Set(['m', 'n']));
  });

  test('is as good as without, and says why, where the model fails', async () => {
    using folder = new Folder(BOT);
    server.reads = () => ({ fault: 'bad_key' });
    const { suites, model } = await evaluated(folder, '--model');
    expect(suites[0]?.against?.right?.difference).toBe(0);
    expect(Object.keys(model?.failures ?? {})).toContain('model.refused');
  });

  test('tells without a model when one would be asked', async () => {
    using folder = new Folder(BOT);
    const { suites, model } = await evaluated(folder);
    expect(server.asked).toEqual([]);
    expect(model).toBeUndefined();
    expect(suites[0]?.doubts.below).toBe(0.7);
    const shares = suites[0]?.doubts.curve.map(({ asked }) => asked) ?? [];
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  test('is refused where there is no model', async () => {
    using folder = new Folder({ ...BOT, 'parley.yaml': 'name: Test\nchannels: {web: {kind: web}}\n' });
    const { code, err } = await parley(['eval', '--model'], { cwd: folder.path });
    expect([code, err]).toEqual([3, expect.stringContaining('No model')]);
  });
});
