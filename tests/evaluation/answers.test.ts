import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { evaluateAnswers } from '../../src/cli/eval-answers.ts';
import { abstentionOf, type Put } from '../../src/evaluation/abstention.ts';
import { isAnswerSuite, readAnswers } from '../../src/evaluation/answers.ts';
import { ModelServer } from '../support/model-server.ts';

const put = (over: Partial<Put> = {}): Put => ({ answerable: true, rank: 1, confidence: 0.9, without: 0.2, ...over });

describe('how well the documents answer', () => {
  test('is how often the right one comes first, and how often silence is kept where nothing is there', () => {
    const figures = abstentionOf([
      put(),
      put({ rank: 3, confidence: 0.5 }),
      put({ rank: 0, confidence: 0.2, without: 0.4 }),
      put({ answerable: false, rank: 0, confidence: 0.6, without: 0.6 }),
    ]);
    expect(figures).toMatchObject({ questions: 4, recall1: 1 / 3, recall5: 2 / 3 });
    expect(figures.mrr).toBeCloseTo((1 + 1 / 3) / 3);
    expect(figures.curve.find(({ threshold }) => threshold === 0.45)).toEqual({
      ...{ threshold: 0.45, answered: 2 / 3, right: 0.5, invented: 0.25 },
    });
    expect(figures.advised).toMatchObject({ threshold: 0.61, answered: 1 / 3, right: 1, invented: 0 });
  });

  test('of nothing is nothing', () => {
    expect(abstentionOf([])).toMatchObject({ questions: 0, recall1: 0, mrr: 0 });
  });
});

describe('a suite of questions to the documents', () => {
  test('is read with its languages, and none is nobody’s', () => {
    const { asked, problems } = readAnswers(
      'cases:\n  - {cites: Returns, en: [how long], zh: [几天]}\n  - {cites: none, en: [who are you]}',
      'a.answers.yaml',
    );
    expect(problems).toEqual([]);
    expect(asked).toEqual([
      { query: 'how long', locale: 'en', cites: 'Returns' },
      { query: '几天', locale: 'zh', cites: 'Returns' },
      { query: 'who are you', locale: 'en', cites: undefined },
    ]);
  });

  test('tells a mistake with its place, and refuses what is no set', () => {
    expect(readAnswers('cases:\n  - {en: [how long]}', 'a.answers.yaml').problems).not.toEqual([]);
    expect(() => readAnswers('{"data": 1}', 'a.json')).toThrow(expect.objectContaining({ code: 'eval.suite' }));
  });

  test('is told from a suite of what customers say', () => {
    expect(isAnswerSuite('x.answers.yaml', '')).toBe(true);
    expect(isAnswerSuite('set.json', '{"data": [{"paragraphs": []}]}')).toBe(true);
    expect(isAnswerSuite('set.json', '{"val": [["a", "b"]]}')).toBe(false);
    expect(isAnswerSuite('x.eval.yaml', '')).toBe(false);
  });

  test('brings its own passages, and asks again without the article that answers', async () => {
    const paragraph = (context: string, question: string) => ({ context, qas: [{ question }] });
    const set = {
      data: [
        {
          paragraphs: [paragraph('The tower was finished in 1889 by Gustave Eiffel.', 'When was the tower finished?')],
        },
        { paragraphs: [paragraph('Bees make honey from nectar.', 'What do bees make honey from?')] },
      ],
    };
    const suite = readAnswers(JSON.stringify(set), 'set.json');
    const figures = await evaluateAnswers('set.json', suite, '.');
    expect(figures).toMatchObject({ questions: 2, recall1: 1, mrr: 1 });
    expect(figures.curve[0]).toMatchObject({ answered: 1, right: 1, invented: 0 });
  });

  test('is looked for by its meaning, too, where a model for that is named', async () => {
    const server = new ModelServer();
    const directory = mkdtempSync(join(tmpdir(), 'parley-eval-'));
    const base = await server.listen();
    mkdirSync(join(directory, 'flows'));
    const tasks = 'tasks: {embedding: e}';
    writeFileSync(join(directory, 'parley.yaml'), `name: Shop\nchannels: {}\nmodels: {base: "${base}", ${tasks}}\n`);
    const paragraph = (context: string, question: string) => ({ context, qas: [{ question }] });
    // The server's vectors are of letters: the same letters in other words are near each other.
    const set = {
      data: [{ paragraphs: [paragraph('elbow below', 'below elbow?'), paragraph('dusty study', 'ytsud ydtus?')] }],
    };
    const suite = readAnswers(JSON.stringify(set), 'set.json');
    try {
      expect(await evaluateAnswers('set.json', suite, directory)).toMatchObject({ recall1: 0.5 });
      expect(await evaluateAnswers('set.json', suite, directory, true)).toMatchObject({ recall1: 1 });
      expect(server.asked.every(({ path }) => path === '/embeddings')).toBe(true);
    } finally {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
