import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { appendUtterance, withUtterance } from '../../src/evaluation/correction.ts';
import { readSuite } from '../../src/evaluation/suite.ts';

const SUITE = `# What customers write: do not sort.
suite: shop
cases:
  - flow: returns # sent back
    en: [it does not fit]
  - flow: none
    en:
      - will it rain
`;
const folder = mkdtempSync(join(tmpdir(), 'parley-correction-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a correction', () => {
  test.each([
    { text: 'please take it back: #1', flow: 'returns', locale: 'en' },
    { text: '我要退货', flow: 'returns', locale: 'zh' },
    { text: 'where is it', flow: 'order_status', locale: 'en' },
    { text: 'sing', flow: undefined, locale: 'en' },
  ])('is one case more, and everything else stays: %o', (utterance) => {
    const after = withUtterance(SUITE, utterance);
    const { utterances, problems } = readSuite(after, 's.eval.yaml');
    expect(problems).toEqual([]);
    expect(utterances).toHaveLength(3);
    expect(utterances).toContainEqual(utterance);
    expect(after).toContain('# What customers write: do not sort.');
    expect(after).toContain('# sent back');
  });

  test('that is known already changes nothing', () => {
    expect(withUtterance(SUITE, { text: 'It does NOT fit!', flow: 'returns', locale: 'en' })).toBe(SUITE);
  });

  test.each([
    [{ text: 'it does not fit', flow: 'billing', locale: 'en' }, 'is returns'],
    [{ text: ' ?! ', flow: 'returns', locale: 'en' }, 'no words'],
    [{ text: 'x'.repeat(1_001), flow: 'returns', locale: 'en' }, 'longer'],
    [{ text: 'hello', flow: 'a: b', locale: 'en' }, 'no name of a flow'],
    [{ text: 'hello', flow: 'returns', locale: 'cases' }, 'no locale'],
    [{ text: 'hello', flow: 'returns', locale: 'flow' }, 'no locale'],
  ])('is refused when it contradicts or says nothing: %j', (utterance, why) => {
    expect(() => withUtterance(SUITE, utterance)).toThrow(
      expect.objectContaining({ code: 'eval.correction', message: expect.stringContaining(why) }),
    );
  });

  test('is never written into a file that is no suite', () => {
    const file = join(folder, 'other.eval.yaml');
    writeFileSync(file, 'cases: all of them\n');
    expect(() => appendUtterance(file, { text: 'hello', flow: 'greet', locale: 'en' })).toThrow(
      expect.objectContaining({ code: 'eval.suite' }),
    );
    expect(readFileSync(file, 'utf8')).toBe('cases: all of them\n');
  });

  test('begins a suite where there is none, and leaves no half file behind', () => {
    const file = join(folder, 'agents.eval.yaml');
    expect(appendUtterance(file, { text: 'take it back', flow: 'returns', locale: 'en' })).toBe(true);
    expect(appendUtterance(file, { text: '“yes”: no', flow: 'returns', locale: 'en' })).toBe(true);
    expect(appendUtterance(file, { text: 'take it back', flow: 'returns', locale: 'en' })).toBe(false);
    expect(readSuite(readFileSync(file, 'utf8'), file).utterances.map(({ text }) => text)).toEqual([
      'take it back',
      '“yes”: no',
    ]);
    expect(readdirSync(folder).filter((name) => /\.\d+$/.test(name))).toEqual([]);
  });
});
