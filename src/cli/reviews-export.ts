import { join, relative } from 'node:path';
import type { Deployment } from '../deployment/deployment.ts';
import { codeOf, ParleyError } from '../errors.ts';
import { appendAnswer } from '../evaluation/answer-correction.ts';
import { appendUtterance } from '../evaluation/correction.ts';
import { caseIn, partOf, utteranceIn } from '../handoff/review/routing.ts';
import { drawn } from '../handoff/review/sampling.ts';
import type { ReviewRow } from '../store/review.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { plural } from './problems.ts';
import type { Terminal } from './terminal.ts';

/**
 * What was judged, as suites beside the flows: questions with the answers that were sent, and words with what was meant by them. What a
 * suite says already is left alone, so it may be run again; words that it says otherwise of are told, and nothing is changed.
 */
export function exportReviews(rows: readonly ReviewRow[], deployment: Deployment, terminal: Terminal): ExitCode {
  const folder = join(deployment.directory, deployment.settings.flows, 'evaluation');
  const counts = new Map<string, number>();
  let isWhole = true;
  const write = (file: string, append: (path: string) => boolean) => {
    try {
      if (append(join(folder, file))) counts.set(file, (counts.get(file) ?? 0) + 1);
    } catch (error) {
      if (!(error instanceof ParleyError) || codeOf(error) !== 'eval.correction') throw error;
      isWhole = false;
      terminal.tell(`${error.message} ${error.hint ?? ''}`);
    }
  };
  for (const row of rows.filter(({ what }) => what === 'judged')) {
    const answer = caseIn(row);
    if (answer !== undefined) write(ANSWERS, (path) => appendAnswer(path, answer));
    // By the conversation, so that what is tested by was never learnt from.
    const utterance = utteranceIn(row, partOf(drawn(row.conversation ?? row.key)));
    if (utterance !== undefined) write(PARTS[utterance.part], (path) => appendUtterance(path, utterance));
  }
  for (const [file, count] of counts)
    terminal.print(`${relative('.', join(folder, file))}: ${plural(count, 'new case')}`);
  if (counts.size === 0) terminal.print('Nothing is new.');
  return isWhole ? EXIT.ok : EXIT.problems;
}

const ANSWERS = 'reviews.answers.yaml';
/** Examples to take into flows are no suite that is measured by. */
const PARTS = { test: 'reviews.eval.yaml', train: 'reviews.train.yaml' };
