import { describe, expect, test } from '@jest/globals';
import { alreadyTaught, flowsFrom } from '../../src/evaluation/examples.ts';
import { readSuite } from '../../src/evaluation/suite.ts';

describe('a suite', () => {
  test('of one’s own is YAML: flows, languages, and what belongs to none', () => {
    const { utterances, problems } = readSuite(
      'suite: mine\ncases:\n  - {flow: track, en: [where is it], zh: [到哪了]}\n  - {flow: none, en: [banana]}\n',
      'a.eval.yaml',
    );
    expect(problems).toEqual([]);
    expect(utterances).toEqual([
      { text: 'where is it', flow: 'track', locale: 'en' },
      { text: '到哪了', flow: 'track', locale: 'zh' },
      { text: 'banana', flow: undefined, locale: 'en' },
    ]);
  });

  test('tells its mistakes with line and column', () => {
    const { problems } = readSuite('cases:\n  - {flow: track, en: where is it}\n', 'a.eval.yaml');
    expect(problems).toEqual([expect.objectContaining({ file: 'a.eval.yaml', line: 2 })]);
  });

  test('may be CSV with quoted commas, quotes and line ends', () => {
    const { utterances } = readSuite('text,category\n"one, ""two""\nthree",a\r\nfour,b\nfive,oos\n', 'set.csv');
    expect(utterances.map(({ text, flow }) => [text, flow])).toEqual([
      ['one, "two"\nthree', 'a'],
      ['four', 'b'],
      ['five', undefined],
    ]);
  });

  test('may be named parts of a JSON file, and only those', () => {
    const json = JSON.stringify({ train: [['a', 'x']], val: [['b', 'y']], oos_val: [['c', 'oos']] });
    const read = (path: string) => readSuite(json, path).utterances.map(({ text }) => text);
    expect(read('set.json#val,oos_val')).toEqual(['b', 'c']);
    expect(read('set.json')).toEqual(['a', 'b', 'c']);
    expect(() => read('set.json#test')).toThrow(/no part "test"; there are train, val, oos_val/);
  });

  test.each([
    ['set.json', '[1]'],
    ['set.json', '{'],
    ['set.csv', 'nothing here'],
  ])('%s that holds %s is refused', (path, text) => {
    expect(() => readSuite(text, path)).toThrow(expect.objectContaining({ code: 'eval.suite' }));
  });
});

describe('a set to learn from', () => {
  const utterances = Array.from({ length: 10 }, (_, i) => ({
    text: `t${i}`,
    flow: i < 8 ? 'a' : undefined,
    locale: 'en',
  }));

  test('gives evenly drawn examples, and none of what belongs to no flow', () => {
    expect(flowsFrom(utterances, 4)).toEqual([
      { name: 'a', description: '', examples: { en: ['t0', 't2', 't4', 't6'] } },
    ]);
  });

  test('betrays utterances that were taught', () => {
    expect(alreadyTaught(flowsFrom(utterances, 4), utterances).map(({ text }) => text)).toEqual([
      't0',
      't2',
      't4',
      't6',
    ]);
  });
});
