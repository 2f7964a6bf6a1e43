import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE } from '../bot/database.ts';
import { decideThroughOperatorDoor, type ReviewAct } from '../bot/operator-door.ts';
import { loadDeployment } from '../deployment/deployment.ts';
import { ReviewBook, type ReviewSummary } from '../handoff/review/book.ts';
import type { ReviewRow } from '../store/review.ts';
import { type Command, type Input, UsageError } from './command.ts';
import { EXIT } from './exit-code.ts';
import { plural } from './problems.ts';
import { exportReviews } from './reviews-export.ts';
import type { Terminal } from './terminal.ts';
import { withHands } from './with-hands.ts';

const ACTS: readonly ReviewAct[] = ['approve', 'decline', 'promote', 'demote'];

export const command: Command = {
  arguments: '[dir]',
  description:
    'Tells what agents made of the bot’s answers: how many were sent as they were, lightly changed, written anew or rejected, and which may be answered without being asked. Lists what has come of it, and writes it to suites that parley eval reads. Deciding works on a deployment that runs.',
  options: {
    list: { description: 'lists every judgement, oldest first' },
    proposals: { description: 'lists what the documents should say instead' },
    style: { description: 'lists rules of style, as agents have noted them' },
    backlog: { description: 'lists what flows lack, the most often missed first' },
    export: { description: 'adds what was judged to flows/evaluation/reviews.answers.yaml and reviews.*.yaml' },
    approve: { value: 'proposal', description: 'the documents say so from now on' },
    decline: { value: 'proposal', description: 'they stay as they are' },
    promote: {
      value: 'subject',
      description: 'the bot answers these by itself: after 50 reviews, 90 % at least as they were',
    },
    demote: { value: 'subject', description: 'they are approved again' },
    by: { value: 'owner', description: 'who decides; default: the operator' },
    json: { description: 'prints JSON' },
  },
  examples: [
    { run: 'parley reviews', does: 'how do the bot’s answers fare?' },
    { run: 'parley reviews --proposals', does: 'what should the documents say?' },
    { run: 'parley reviews --promote knowledge/help --by mia', does: 'no more asking for these' },
    { run: 'parley reviews --export', does: 'every correction becomes a test' },
  ],
  async run(input, terminal) {
    const directory = input.arguments[0] ?? '.';
    const deployment = await loadDeployment(directory, process.env);
    const { data } = deployment;
    const act = ACTS.find((name) => input.get(name) !== undefined);
    if (act !== undefined) {
      await decideThroughOperatorDoor(data, act, input.get(act) ?? '', input.get('by'));
      terminal.print('Done.');
      return EXIT.ok;
    }
    if (input.get('by') !== undefined)
      throw new UsageError('--by says who decides: what?', `Write --${ACTS.join(' or --')}.`);
    const rows = existsSync(join(data, DATABASE)) ? await withHands(data, (records) => allOf(records.reviews)) : [];
    if (input.has('export')) return exportReviews(rows, deployment, terminal);
    if (input.has('list')) {
      if (input.has('json')) terminal.print(JSON.stringify(rows, null, 2));
      else for (const row of rows) terminal.print(lineOf(row));
      return EXIT.ok;
    }
    show(await summaryOf(rows), input, terminal);
    return EXIT.ok;
  },
};

async function allOf(
  page: (after: number, limit: number) => Promise<readonly ReviewRow[]>,
): Promise<readonly ReviewRow[]> {
  const all: ReviewRow[] = [];
  for (;;) {
    const rows = await page(all.at(-1)?.id ?? 0, PAGE);
    if (rows.length === 0) return all;
    all.push(...rows);
  }
}

async function summaryOf(rows: readonly ReviewRow[]): Promise<ReviewSummary> {
  const book = new ReviewBook({
    reviews: async (after, limit) => rows.filter(({ id }) => id > after).slice(0, limit),
    reviewed: async () => undefined,
  });
  await book.catchUp();
  return book.summary();
}

function show(summary: ReviewSummary, input: Input, terminal: Terminal): void {
  const { subjects, proposals, style, backlog } = summary;
  const wanted = input.has('proposals')
    ? { proposals }
    : input.has('style')
      ? { style }
      : input.has('backlog')
        ? { backlog }
        : { subjects };
  if (input.has('json')) return terminal.print(JSON.stringify(wanted, null, 2));
  if ('proposals' in wanted) {
    if (proposals.length === 0) terminal.print('Nothing is proposed.');
    for (const { id, set, title, question, before, text, reason, by } of proposals)
      terminal.print(
        `${terminal.paint('bold', id)}  ${set} › ${title}  ${reason}, ${by}\n  ? ${question}\n  - ${before}\n  + ${text}`,
      );
  } else if ('style' in wanted) {
    if (style.length === 0) terminal.print('Nothing was noted on style.');
    for (const { note, before, after } of style) terminal.print(`${note || '(no note)'}\n  - ${before}\n  + ${after}`);
  } else if ('backlog' in wanted) {
    if (backlog.length === 0) terminal.print('No flow lacks a step that anybody has noted.');
    for (const { flow, count, notes } of backlog)
      terminal.print(`${String(count).padStart(4)}  ${flow}  ${notes.join(' · ')}`);
  } else {
    if (subjects.length === 0) terminal.print('Nothing was judged yet.');
    for (const one of subjects) terminal.print(figuresOf(one, terminal));
  }
}

function figuresOf(one: ReviewSummary['subjects'][number], terminal: Terminal): string {
  const { subject, judged, reviews, clean, bound, freed, missing } = one;
  const all = Object.values(judged).reduce((sum, count) => sum + count, 0);
  const share = (count: number) => `${count} (${all === 0 ? 0 : Math.round((100 * count) / all)} %)`;
  const ready = freed ? 'answered without asking' : missing === undefined ? 'ready: --promote' : WHY[missing];
  return [
    `${terminal.paint('bold', subject)}  ${plural(all, 'judgement')}`,
    `  as it was ${share(judged.as_is)}, light ${share(judged.light)}, rewritten ${share(judged.rewrite)}, rejected ${share(judged.rejected)}`,
    `  ${clean} of ${reviews} that count were sent as they were: at least ${(bound * 100).toFixed(1)} % by 95 %; ${ready}`,
  ].join('\n');
}

const WHY = {
  reviews: 'not ready: fewer than 50 reviews',
  bound: 'not ready: it takes 90 %',
  unsafe: 'not ready: one was unsafe',
};

function lineOf({ id, at, what, conversation = '-', data }: ReviewRow): string {
  return [id, new Date(at).toISOString(), what, conversation, JSON.stringify(data)].join('  ');
}

const PAGE = 500;
