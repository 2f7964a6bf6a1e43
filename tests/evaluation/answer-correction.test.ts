import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { appendAnswer, withAnswer } from '../../src/evaluation/answer-correction.ts';
import { readAnswers } from '../../src/evaluation/answers.ts';
import { keepsGold } from '../../src/evaluation/gold.ts';
import { Folder } from '../cli/deployment-folder.ts';

const CASE = { query: 'how  long do I have?', locale: 'en', gold: 'You have 60 days: "really".\nNot 30.' };

test('a corrected answer is read back as it was sent, whatever it holds', () => {
  const suite = withAnswer('', { ...CASE, cites: 'Returns' });
  expect(readAnswers(suite, 's.yaml')).toMatchObject({
    asked: [{ query: 'how long do I have?', locale: 'en', cites: 'Returns', gold: CASE.gold }],
    problems: [],
  });
});

test('a question that is there is not added twice, and comments stay', () => {
  const first = withAnswer('# ours\ncases:\n  - cites: Returns\n    en: [who pays]\n', CASE);
  expect(first).toContain('# ours');
  expect(withAnswer(first, { ...CASE, query: 'How long do I have' })).toBe(first);
  expect(readAnswers(first, 's.yaml').asked).toHaveLength(2);
});

test('a file that is no suite is refused, and left as it is', () => {
  using folder = new Folder({ 's.answers.yaml': 'cases: 7\n' });
  const file = join(folder.path, 's.answers.yaml');
  expect(() => appendAnswer(file, CASE)).toThrow(expect.objectContaining({ code: 'eval.suite' }));
  expect(readFileSync(file, 'utf8')).toBe('cases: 7\n');
  expect(appendAnswer(join(folder.path, 'new', 'n.answers.yaml'), CASE)).toBe(true);
  expect(existsSync(join(folder.path, 'new', 'n.answers.yaml'))).toBe(true);
});

test.each([
  ['You have 60 days.', 'You have 60 days to send it.', false],
  ['You have 60 days to send it back.', 'You have 60 days to send it.', true],
  ['You have 30 days to send it.', 'You have 60 days to send it.', false],
  ['您有60天可以退货。', '您有60天退货。', true],
  ['', 'x', false],
])('%j keeps what %j says: %s', (answer, gold, kept) => {
  expect(keepsGold(answer, gold)).toBe(kept);
});
