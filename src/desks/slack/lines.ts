import { piecesOf } from '../../cut.ts';
import type { Head, Note, Post } from '../../handoff/desk.ts';
import { nameOf } from './customer-name.ts';
import type { Job, Line } from './ledger.ts';
import { type Block, plain, sections, short, wordsOf } from './text.ts';
import type { Words } from './words.ts';

/** What was said, in pieces that each fit a message. */
export function linesOf(post: Post, { customer }: Head, words: Words, kind: 'before' | 'post'): readonly Line[] {
  const hasMarkup = post.from === 'bot' || post.from === 'system';
  const files = post.attachments.map(({ name, url }) => `📎 ${name} ${url}`);
  const text = [wordsOf(post.message, hasMarkup), ...files].filter((part) => part !== '').join('\n');
  return cut({ do: 'line', key: post.key, kind, who: speaker(post, nameOf(customer), words), text });
}

/**
 * What was said, in the agents' language: a line of its own, since the message of the original may hold others' words as well. It tells
 * how the original begins, so that nobody takes it for another one's.
 */
export function linesOfTranslation(post: Post, { customer }: Head, words: Words): readonly Line[] {
  if (post.translation === undefined) return [];
  const who = short(`🌐 ${speaker(post, nameOf(customer), words)}`, NAME);
  const text = `“${short(wordsOf(post.message, post.from === 'bot'), BEGINNING)}”\n${post.translation.text}`;
  return cut({ do: 'line', key: `${TRANSLATED}${post.key}`, kind: 'post', who, text });
}

export function linesOfNote(note: Note, by: string | undefined, words: Words): readonly Line[] {
  const what = { note: words.note, handover: words.handover_note, muted: words.muted }[note.kind];
  const who = `🔒 ${what}${by === undefined ? '' : ` · ${by}`}`;
  // Notes are numbered on their own: what was said may have the same number.
  return cut({ do: 'line', key: `${NOTED}${note.key}`, kind: 'note', who, text: note.text });
}

/** As many of the jobs as go together into one message; 0: the first is no line. */
export function fitting(jobs: readonly Job[]): readonly Line[] {
  const taken: Line[] = [];
  let [units, blocks] = [0, 0];
  for (const job of jobs) {
    if (job.do !== 'line') break;
    const isNew = taken.at(-1)?.who !== job.who;
    units += weight(job.text);
    blocks += Math.ceil(job.text.length / ROUGH_SECTION) + (isNew ? 2 : 1);
    const fits = units <= MOST_UNITS && blocks <= MOST_BLOCKS;
    // What was said before is one message of its own.
    const belongs = taken.length === 0 || (fits && (taken[0]?.kind === 'before') === (job.kind === 'before'));
    if (!belongs) break;
    taken.push(job);
  }
  return taken;
}

/** One message: under the speaker's own name, or, where several have spoken, with each name above the words. */
export function messageOf(lines: readonly Line[], words: Words) {
  const [first] = lines;
  const isBefore = first?.kind === 'before';
  const alone = lines.every(({ who, kind }) => who === first?.who && kind === 'post') ? first?.who : undefined;
  const blocks = lines.flatMap((line, index): readonly Block[] => {
    const said = sections(line.text).map((section, at) => ({ ...section, block_id: blockId(line, at) }));
    const named = alone !== undefined || lines[index - 1]?.who === line.who;
    return named ? said : [{ type: 'context', elements: [plain(line.who)] }, ...said];
  });
  const before: readonly Block[] = isBefore ? [{ type: 'context', elements: [plain(words.before)] }] : [];
  return {
    ...(alone === undefined ? {} : { as: alone }),
    blocks: [...before, ...blocks],
    text: short(lines.map(({ who, text }) => `${who}: ${text}`).join('\n'), NOTIFIED),
  };
}

function blockId({ kind, key }: Line, section: number): string {
  return `${kind}|${kind === 'note' ? key.replace(NOTED, '') : key}|${section}`;
}

function cut(line: Line): readonly Line[] {
  const most = Math.floor((MOST_UNITS * line.text.length) / weight(line.text));
  const pieces = piecesOf(line.text, () => most).map(([from, to]) => line.text.slice(from, to));
  if (pieces.length < 2) return [line];
  return pieces.map((text, index) => ({ ...line, text, key: index === 0 ? line.key : `${line.key}/${index}` }));
}

/** What Slack counts of a text: as JSON, in which a line's end or a quotation mark is two. */
function weight(text: string): number {
  return JSON.stringify(text).length;
}

/** Names are shown as they are, but not every character may stand in one. */
function speaker({ from, name }: Post, customer: string | undefined, words: Words): string {
  const own = { customer: customer ?? words.customer, bot: words.bot, agent: words.agent, system: words.house }[from];
  return short((name ?? own).replaceAll(/[<>&@]/g, ''), NAME) || own;
}

const NOTED = 'n:';
const TRANSLATED = 'tr:';
/** Slack refuses a message whose blocks have about 13,200 characters of JSON in all (slackapi/bolt-js#2509); the rest is for their frames. */
const MOST_UNITS = 8_000;
/** Slack takes 50. */
const MOST_BLOCKS = 45;
/** A piece may end before the 3,000 that a section takes. */
const ROUGH_SECTION = 1_500;
const NOTIFIED = 300;
const NAME = 60;
const BEGINNING = 60;
