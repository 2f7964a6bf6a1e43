import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openBot } from '../../src/bot/open-bot.ts';
import { readAnswers } from '../../src/evaluation/answers.ts';
import { readSuite } from '../../src/evaluation/suite.ts';
import { Folder, RIGHT } from './deployment-folder.ts';
import { parley } from './parley.ts';

const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FILES = {
  ...RIGHT,
  'parley.yaml': `name: Test
channels: {web: {kind: web}}
knowledge: {help: {folder: knowledge, push: true}}
desk: {queues: {support: {}}, agents: {mia: {queues: [support]}}}
review: {mode: approve, owners: [mia]}
`,
  'knowledge/a.md': '# Returns\n\n## How long do I have?\n\nYou have 30 days.\n',
};
const DATA = {
  ...{ subject: 'knowledge/help', flow: 'repair.knowledge', locale: 'en', how: 'approve', reviewer: 'mia' },
  ...{ question: 'how long do I have?', draft: 'You have 30 days.', passages: [{ set: 'help', title: 'Returns' }] },
};

test('tells the figures, writes the suites once, and lets an owner decide while the deployment runs', async () => {
  using folder = new Folder(FILES);
  const run = (...typed: string[]) => parley(['reviews', folder.path, ...typed]);
  expect((await run()).out).toContain('Nothing was judged yet.');
  const bot = await openBot({ directory: folder.path, environment: {}, log: LOG });
  const judge = (key: string, data: object) =>
    bot.store.desk.reviewed({ key, at: 1, what: 'judged', conversation: key, data: { ...DATA, ...data } });
  await judge('judged:1', { verdict: 'sent', extent: 'as_is', final: 'You have 30 days.' });
  await judge('judged:2', { verdict: 'sent', extent: 'light', final: 'You have 60 days.', reason: 'stale_source' });
  await judge('judged:3', { verdict: 'sent', extent: 'rewrite', final: 'Hey!', reason: 'tone', note: 'more friendly' });
  await judge('judged:4', {
    verdict: 'rejected',
    extent: 'rejected',
    reason: 'missing_step',
    note: 'ask for the number',
  });
  await judge('judged:5', { verdict: 'rejected', extent: 'rejected', reason: 'wrong_intent', meant: 'hello' });
  const told = (await run()).out;
  expect(told).toContain('as it was 1 (20 %), light 1 (20 %), rewritten 1 (20 %), rejected 2 (40 %)');
  expect(told).toContain('not ready: fewer than 50 reviews');
  expect((await run('--style')).out).toContain('more friendly');
  expect((await run('--backlog')).out).toMatch(/1 +repair.knowledge +ask for the number/);
  expect(JSON.parse((await run('--json')).out)).toMatchObject({ subjects: [{ subject: 'knowledge/help' }] });

  const refused = await run('--promote', 'knowledge/help', '--by', 'mia');
  expect([refused.code, refused.err]).toEqual([expect.any(Number), expect.stringContaining('not ready')]);
  expect(refused.code).not.toBe(0);
  expect((await run('--approve', 'p2', '--by', 'tom')).err).toContain('may not decide');
  expect((await run('--demote', 'knowledge/help')).code).toBe(0);
  await bot.stop(1_000);

  expect((await run('--export')).code).toBe(0);
  expect((await run('--export')).out).toContain('Nothing is new.');
  const suites = join(folder.path, 'flows', 'evaluation');
  const answers = readAnswers(readFileSync(join(suites, 'reviews.answers.yaml'), 'utf8'), 'reviews.answers.yaml');
  expect(answers.asked).toMatchObject([{ query: 'how long do I have?', gold: 'You have 60 days.' }]);
  const part = ['eval', 'train'].find((name) => {
    try {
      return readFileSync(join(suites, `reviews.${name}.yaml`), 'utf8') !== '';
    } catch {
      return false;
    }
  });
  const learnt = readSuite(readFileSync(join(suites, `reviews.${part}.yaml`), 'utf8'), 'reviews.eval.yaml');
  expect(learnt.utterances).toEqual([{ text: 'how long do I have?', flow: 'hello', locale: 'en' }]);
}, 60_000);
