import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Folder } from '../cli/deployment-folder.ts';
import { parley } from '../cli/parley.ts';

const flow = (name: string, examples: readonly string[]) =>
  `flow: ${name}\ntriggers: {examples: {en: ${JSON.stringify(examples)}}}\nsteps: [say: Hello, end: resolved]\n`;

const BOT = {
  'parley.yaml': 'name: Test\nchannels: {web: {kind: web}}\n',
  'flows/track/flow.yaml': flow('track', ['where is my order', 'track my parcel', 'my delivery has not arrived']),
  'flows/refund/flow.yaml': flow('refund', ['give me my money back', 'i want a refund', 'send it back']),
  'flows/evaluation/free-text.eval.yaml': [
    'suite: free text',
    'cases:',
    '  - {flow: track, en: [can you track the parcel i sent, my order has not arrived, where is my order]}',
    '  - {flow: refund, en: [i want my money back please, can i get a refund]}',
    '  - {flow: none, en: [who painted the mona lisa, it snows]}',
    '',
  ].join('\n'),
};

interface Report {
  readonly suites: readonly {
    readonly suite: string;
    readonly taught: number;
    readonly utterances: number;
    readonly accuracy: number;
    readonly outside: { readonly refused: number };
    readonly against?: Readonly<Record<string, { readonly difference: number }>>;
  }[];
  readonly worse: readonly { readonly figure: string }[];
}

describe('parley eval', () => {
  test('measures the suites beside the flows, without what was taught', async () => {
    using folder = new Folder(BOT);
    const { code, out } = await parley(['eval', '--json'], { cwd: folder.path });
    const [suite] = (JSON.parse(out) as Report).suites;
    expect(code).toBe(0);
    expect(suite).toMatchObject({
      suite: 'flows/evaluation/free-text.eval.yaml',
      taught: 1,
      utterances: 6,
      accuracy: 1,
    });
    expect(suite?.outside.refused).toBe(1);
  });

  test('fails when it has become worse than the baseline', async () => {
    using folder = new Folder(BOT);
    const file = join(folder.path, 'baseline.json');
    expect((await parley(['eval', '--baseline', file, '--update'], { cwd: folder.path })).code).toBe(0);
    expect((await parley(['eval', '--baseline', file], { cwd: folder.path })).code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty(
      ['flows/evaluation/free-text.eval.yaml', 'accuracy'],
      1,
    );
    folder.write('flows/refund/flow.yaml', flow('refund', ['quite another thing']));
    const { code, out } = await parley(['eval', '--baseline', file], { cwd: folder.path });
    expect(code).toBe(1);
    expect(out).toMatch(/accuracy was 100\.0 % and is \d+\.\d %/);
    expect((await parley(['eval', '--baseline', file, '--tolerance', '99'], { cwd: folder.path })).code).toBe(0);
    expect((await parley(['eval', '--baseline', file, '--tolerance', 'few'], { cwd: folder.path })).code).toBe(2);
  });

  test('compares with another folder', async () => {
    using folder = new Folder(BOT);
    using other = new Folder({ ...BOT, 'flows/refund/flow.yaml': flow('refund', ['quite another thing']) });
    const { out } = await parley(['eval', '--against', other.path, '--json'], { cwd: folder.path });
    expect((JSON.parse(out) as Report).suites[0]?.against?.accuracy?.difference).toBeGreaterThan(0);
  });

  test('learns from a set and is tried on another', async () => {
    using folder = new Folder({
      'train.csv':
        'text,category\nwhere is my order,track\ntrack my parcel,track\nrefund me,refund\nmy money back,refund\n',
      'val.csv': 'text,category\ncan you track my parcel now,track\n"give me, please, my money back",refund\n',
    });
    const { code, out } = await parley(['eval', 'val.csv', '--from', 'train.csv'], { cwd: folder.path });
    expect(code).toBe(0);
    expect(out).toContain('2 utterances, accuracy 100.0 %');
  });

  test('says what to do where there is no suite', async () => {
    using folder = new Folder({ ...BOT, 'flows/evaluation/free-text.eval.yaml': '' });
    expect((await parley(['eval', 'nowhere.csv'], { cwd: folder.path })).err).toContain(
      'There is no file nowhere.csv.',
    );
    expect((await parley(['eval', '--update'], { cwd: folder.path })).code).not.toBe(0);
  });
});
