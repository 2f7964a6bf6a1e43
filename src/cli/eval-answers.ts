import { type Deployment, loadDeployment } from '../deployment/deployment.ts';
import { readKnowledge } from '../deployment/knowledge.ts';
import { type AnswerFigures, abstentionOf, type Point, type Put } from '../evaluation/abstention.ts';
import type { AnswerSuite, Asked } from '../evaluation/answers.ts';
import { keepsGold } from '../evaluation/gold.ts';
import { createKnowledge, type Knowledge } from '../knowledge/knowledge.ts';
import type { Passage } from '../knowledge/passage.ts';
import { type Meanings, meaningsIn } from './eval-meaning.ts';
import type { Terminal } from './terminal.ts';

export interface AnsweredSuite extends AnswerFigures {
  readonly suite: string;
  /** Of the questions whose answer is given: how many there are, and how many are answered so. Absent: none is. */
  readonly gold?: { readonly cases: number; readonly kept: number };
}

/** Puts a suite's questions to the documents of a deployment, or to the passages that it brings along. */
export async function evaluateAnswers(
  name: string,
  suite: AnswerSuite,
  path: string,
  byMeaning = false,
): Promise<AnsweredSuite> {
  const { passages, asked } = suite;
  if (passages !== undefined) {
    const articles = new Map(passages.map(({ document, article }) => [document, article]));
    const isBeside = (passage: Passage, cites: string) => articles.get(passage.document) === articles.get(cites);
    const knowledge = ownLibrary(passages);
    const meanings = byMeaning ? await meaningsIn(await loadDeployment(path, process.env), knowledge) : undefined;
    return { suite: name, ...abstentionOf(await putTo(knowledge, asked, isBeside, meanings)) };
  }
  const deployment = await loadDeployment(path, process.env);
  const { knowledge } = readKnowledge(deployment);
  const meanings = byMeaning ? await meaningsIn(deployment, knowledge) : undefined;
  const gold = goldOf(knowledge, asked);
  // Where only the answer is given, nobody knows which document should.
  const cited = asked.filter((one) => one.cites !== undefined || one.gold === undefined);
  const put = await putTo(knowledge, cited, isOf, meanings);
  return { suite: name, ...abstentionOf(put), ...(gold === undefined ? {} : { gold }) };
}

/** `isGone`: does the passage go with the document that answers? */
async function putTo(
  knowledge: Knowledge,
  asked: readonly Asked[],
  isGone: (passage: Passage, cites: string) => boolean,
  meanings?: Meanings,
): Promise<Put[]> {
  const put: Put[] = [];
  for (const { query, locale, cites } of asked) {
    const found = knowledge.search({ query, locale, at: Date.now() }, DEEP, await meanings?.of(query));
    const confidence = found[0]?.confidence ?? 0;
    const place = found.slice(0, 10).findIndex(({ passage }) => cites !== undefined && isOf(passage, cites));
    const beside = found.find(({ passage }) => cites !== undefined && !isGone(passage, cites));
    if (cites === undefined) put.push({ answerable: false, rank: 0, confidence, without: confidence });
    else put.push({ answerable: true, rank: place + 1, confidence, without: beside?.confidence ?? 0 });
  }
  await meanings?.stop();
  return put;
}

function goldOf(knowledge: Knowledge, asked: readonly Asked[]): AnsweredSuite['gold'] {
  const golden = asked.flatMap(({ query, locale, gold }) => (gold === undefined ? [] : [{ query, locale, gold }]));
  if (golden.length === 0) return undefined;
  const kept = golden.filter(({ query, locale, gold }) => {
    const answer = knowledge.answer({ query, locale, at: Date.now() })?.text ?? '';
    return keepsGold(answer, gold);
  });
  return { cases: golden.length, kept: kept.length };
}

/** So many are looked at for what answers when a whole document is gone. */
const DEEP = 30;

function isOf({ title, document }: Passage, cites: string): boolean {
  return title === cites || document === cites;
}

function ownLibrary(passages: NonNullable<AnswerSuite['passages']>): Knowledge {
  const set: Deployment['knowledge'][number]['set'] = { name: 'set', threshold: 1, mayLink: () => false };
  const knowledge = createKnowledge({ sets: [set], locales: ['en'], timezone: 'UTC' });
  for (const { document, text } of passages)
    knowledge.restore('set', document, document, [{ set: 'set', document, title: '', heading: '', text, locale: '*' }]);
  return knowledge;
}

export function showAnswers(suites: readonly AnsweredSuite[], { print, paint }: Terminal): void {
  for (const { suite, questions, recall1, recall5, mrr, curve, advised, gold } of suites) {
    print(paint('bold', suite));
    print(
      `  ${questions} questions, the right document first ${percent(recall1)}, among five ${percent(recall5)}, MRR ${mrr.toFixed(3)}`,
    );
    if (gold !== undefined) print(`  answered as agents did: ${gold.kept} of ${gold.cases}`);
    for (const point of curve) print(paint('dim', `  at ${told(point)}`));
    if (advised !== undefined) print(`  threshold for 1 in 20 answered without an answer: ${told(advised)}`);
  }
}

function told({ threshold, answered, right, invented }: Point): string {
  return `${threshold.toFixed(2)}  answered ${percent(answered)}, ${percent(right)} of them right; without an answer in the documents ${percent(invented)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
