import type { Draft, ReviewMode, SampleReason } from '../draft.ts';
import type { Outcome } from '../event.ts';
import { draftOf, type Found, fingerprint, foundIn, SEARCH, SEARCH_TIMEOUT, searchFor } from '../flow/answering.ts';
import { repairName } from '../flow/library.ts';
import type { JsonObject } from '../type.ts';
import type { Stage } from './stage.ts';

/** May the bot say this? What humans are to judge first, or afterwards, they are given. */
export function review(stage: Stage, question: string, found: Found): 'said' | 'waits' | 'kept' {
  const { reviewing } = stage.bot;
  if (reviewing === undefined) return 'said';
  const { flow, version } = stage.frame;
  const draft = draftOf(stage, question, found, { flow, version, context: contextOf(stage) });
  asksAgain(stage, draft);
  const mode = reviewing.modeOf(draft);
  if (mode === 'approve') {
    propose(stage, 'approve', draft);
    return 'waits';
  }
  if (mode !== 'auto' && mode !== 'auto+sample') return 'kept';
  if (mode === 'auto+sample') remember(stage, draft, reviewing.samples(draft, idOf(stage)));
  return 'said';
}

// — While a human has the conversation ———————————————————————————————————————————————————————————————————————

/** She writes to a human: what the bot would say to it is looked up, for that human to use or not. */
export function suggest(stage: Stage, text: string): void {
  const { reviewing, programs } = stage.bot;
  if (reviewing === undefined || text.trim() === '' || !programs.has(KNOWLEDGE)) return;
  const id = `suggest.${++stage.state.count}`;
  stage.state.suggests = { call: id, question: text };
  const args = searchFor(stage, text);
  const key = `${stage.scene.conversation}:${id}`;
  stage.effects.push({ kind: 'call', id, action: SEARCH, args, effect: 'read', key, timeout: SEARCH_TIMEOUT });
}

/** `false`: it is the end of another call. */
export function suggested(stage: Stage, call: string, outcome: Outcome): boolean {
  const { suggests, human } = stage.state;
  if (suggests?.call !== call) return false;
  delete stage.state.suggests;
  const found = foundIn(outcome);
  const program = stage.bot.programs.get(KNOWLEDGE);
  // Who has it no longer needs no advice.
  if (found === undefined || program === undefined || human !== true) return true;
  const { version } = program;
  const draft = draftOf(stage, suggests.question, found, { flow: KNOWLEDGE, version, context: contextOf(stage) });
  const mode: ReviewMode = stage.bot.reviewing?.modeOf(draft) ?? 'off';
  if (mode !== 'off') propose(stage, 'suggest', draft);
  return true;
}

/** The flow of questions that come in the middle of anything. */
const KNOWLEDGE = repairName('knowledge');

// — What became of an answer that was given —————————————————————————————————————————————————————————————————

/** An answer is worth a look when what follows it says that it did not help. */
export function noteOutcome(stage: Stage, why: Extract<SampleReason, 'escalated' | 'thumbs_down' | 'recontact'>): void {
  const { answered } = stage.state;
  if (answered === undefined) return;
  delete stage.state.answered;
  if (stage.now - answered.at <= LATELY) propose(stage, 'sample', answered.draft, why);
}

/** A rating at the lower end. */
export function noteRating(stage: Stage, { survey, score }: JsonObject): void {
  if (survey === 'csat' && typeof score === 'number' && score <= BAD) noteOutcome(stage, 'thumbs_down');
}

/** The same document for another question: the first answer from it cannot have been enough. */
function asksAgain(stage: Stage, { source, question }: Draft): void {
  const before = stage.state.answered?.draft;
  if (before?.source.document !== source.document || before.source.set !== source.set) return;
  if (before.question !== question) noteOutcome(stage, 'recontact');
}

function remember(stage: Stage, draft: Draft, why: SampleReason | undefined): void {
  delete stage.state.answered;
  if (why === undefined) stage.state.answered = { draft, at: stage.now };
  else propose(stage, 'sample', draft, why);
}

function propose(stage: Stage, how: 'approve' | 'suggest' | 'sample', draft: Draft, why?: SampleReason): void {
  stage.state.count++;
  stage.effects.push({ kind: 'draft', id: idOf(stage), how, draft, ...(why !== undefined && { why }) });
}

function idOf({ scene, state }: Stage): string {
  return `${scene.conversation}.${state.count}`;
}

/** Where she stands and what is known, without a word of it. */
function contextOf({ state, scene }: Stage): string {
  const frames = state.frames.map(({ flow, step, slots }) => ({ flow, step, slots }));
  return fingerprint(JSON.stringify([scene.conversation, state.turns, state.locale, frames, state.shared ?? {}]));
}

/** Milliseconds: 48 hours, as recontact is counted. */
const LATELY = 172_800_000;
/** Of 5. */
const BAD = 2;
