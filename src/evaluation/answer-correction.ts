/** What was sent instead of the bot's answer becomes a case of a suite of answers; what else stands in the file is kept. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSeq, parseDocument } from 'yaml';
import { ParleyError } from '../errors.ts';
import { keyFor } from '../understanding/said.ts';
import { readAnswers } from './answers.ts';

export interface GoldAnswer {
  readonly query: string;
  readonly locale: string;
  /** Title or id of the document that answers it; absent: nobody says. */
  readonly cites?: string;
  /** What it should say. */
  readonly gold: string;
}

/**
 * Adds a question with its right answer to the suite in `file`, which is made if there is none. Personal data must have been masked before.
 * Written whole or not at all; two processes must not append to one file at once.
 * @returns false where the suite has that question: nothing is written
 * @throws `eval.suite` for a file that is no suite
 */
export function appendAnswer(file: string, answer: GoldAnswer): boolean {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = withAnswer(before, answer, file);
  if (after === before) return false;
  mkdirSync(dirname(file), { recursive: true });
  const half = `${file}.${process.pid}`;
  writeFileSync(half, after);
  renameSync(half, file);
  return true;
}

/** As {@link appendAnswer}, from text to text. */
export function withAnswer(suite: string, { query, locale, cites, gold }: GoldAnswer, file = 'the suite'): string {
  const asked = query.replaceAll(/\s+/g, ' ').trim();
  const text = suite.trim() === '' ? EMPTY : suite;
  const { asked: known, problems } = readAnswers(text, file);
  const document = parseDocument(text);
  const cases = document.get('cases');
  if (problems.length > 0 || !isSeq(cases)) {
    throw new ParleyError('eval.suite', `${file} is no suite that can be added to.`, {
      hint: 'Run parley eval on it: it tells what is wrong with it, and where.',
    });
  }
  if (known.some((one) => one.locale === locale && keyFor(one.query) === keyFor(asked))) return suite;
  cases.flow = false;
  cases.add(document.createNode({ ...(cites === undefined ? {} : { cites }), gold, [locale]: [asked] }));
  return document.toString({ lineWidth: 0, indentSeq: true });
}

const EMPTY =
  '# Questions that agents have answered otherwise than the bot: parley reviews --export adds to it.\nsuite: reviews\ncases: []\n';
