import type { Outcome } from '../event.ts';
import { nameable } from '../flow/personal.ts';
import type { Attachment } from '../message.ts';
import { type Json, type JsonObject, required } from '../type.ts';
import type { Command, Context, Doubt, SlotView } from '../understanding/understanding.ts';
import { act } from './act.ts';
import { contextOf, isHidden } from './context.ts';
import { decide, isBusy } from './decide.ts';
import { advance } from './stack.ts';
import type { Stage } from './stage.ts';

/**
 * Her words were not understood for sure, and there is a model to ask. Asking is an effect; until its end comes back as an event the words wait
 * here, and the conversation goes on listening: what is plain (a human, please; never mind; a tap) takes effect at once, what else she writes
 * waits its turn behind them. Whatever keeps the model from answering in time, what was understood without it stands. Result and timer race,
 * and the first one closes the doubt, so the words are acted upon once.
 */
export interface OpenDoubt {
  /** Of the call. */
  readonly id: string;
  readonly text: string;
  /** She has sent no words: these are being looked at, or listened to, since then. */
  readonly files?: readonly Attachment[];
  readonly at?: number;
  /** What was being asked when she wrote them. */
  readonly asked?: string;
  /** She has answered that since, by a tap or plainly: what these words say about it is older. */
  readonly overtaken?: true;
  /** What she did since, in order. */
  readonly then?: readonly Held[];
}

/** Words, or taps, that wait; and since when. */
export type Held =
  | {
      readonly text: string;
      readonly attachments?: readonly Attachment[];
      readonly album?: string;
      /** What came of looking at the attachments, or of listening to them. */
      readonly perceived?: End;
      readonly at: number;
    }
  | { readonly tokens: readonly string[]; readonly label?: string; readonly at: number };

/** Lets what has waited be heard, as if it came now. */
type Hear = (held: Held) => void;

/** The timer beside the call: neither a lost call nor a restart makes her wait longer. */
export const DOUBT = '0:doubt';
/** Milliseconds that it goes off after the call should have ended. */
const SLACK = 1_000;
/** Milliseconds after which nobody is made to wait for one more model. */
const PATIENCE = 18_000;
/** What may wait: messages, and characters of them. Beyond, what was understood without a model stands at once. */
const MOST = { messages: 6, characters: 4_000 } as const;
/** Characters of a message that a model is asked about. */
const LONGEST = 2_000;

// — Asking ——————————————————————————————————————————————————————————————————————————————————————————————————

/** Acts upon her words; where it is not sure what they mean, once a model has said what it makes of them. */
export function understand(stage: Stage, text: string): void {
  const context = contextOf(stage);
  const commands = stage.bot.understanding.understand(text, context);
  const doubt = mayAsk(stage) ? stage.bot.understanding.second?.doubt(text, context, commands) : undefined;
  if (doubt === undefined) return decide(stage, commands, text);
  ask(stage, text, context, doubt);
}

/** Where a secret is asked for, or a payment, nothing that she writes leaves the house: it might hold it. */
function mayAsk(stage: Stage): boolean {
  const { state, mayWait } = stage;
  if (!mayWait || state.doubt !== undefined || stage.redacted !== undefined) return false;
  return !state.frames.some((frame) => Object.values(stage.program(frame).slots).some(isHidden));
}

function ask(stage: Stage, text: string, context: Context, { reason, confidence }: Doubt): void {
  const { second, rank } = stage.bot.understanding;
  if (second === undefined) return;
  const { timeout } = second;
  const id = `opinion.${++stage.state.count}`;
  const { question } = context;
  waitFor(stage, { id, text: text.slice(0, LONGEST), ...(question && { asked: question.name }) }, timeout);
  stage.record('understanding.asked', { reason, confidence: Math.round(confidence * 100) / 100 });
  stage.effects.push({
    kind: 'call',
    id,
    action: 'understanding.ask',
    args: {
      asked: askedOf(text.slice(0, LONGEST), context),
      closest: (rank?.(text) ?? []).map(({ flow }) => flow),
      personal: nameable(stage.customer),
      timeout,
    },
    effect: 'read',
    key: `${stage.scene.conversation}:${id}`,
    timeout,
  });
}

/** Her words wait for the end of a call; what she writes meanwhile waits behind them. @param timeout of the call, in milliseconds */
export function waitFor(stage: Stage, doubt: OpenDoubt, timeout: number): void {
  stage.state.doubt = doubt;
  stage.state.timers = { ...stage.state.timers, [DOUBT]: stage.now + timeout + SLACK };
}

/** How the conversation stands, without any value of hers: which slots there are, and what is on offer. */
function askedOf(text: string, { locale, busy, question, known, awaited = [] }: Context): JsonObject {
  return {
    ...{ text, locale, busy },
    ...(question && { question: { ...tell(question), confirm: question.confirm, optional: question.optional } }),
    known: known.filter(({ hidden }) => !hidden).map(tell),
    awaited: awaited.map(tell),
  };
}

function tell({ name, type, description, choices = [] }: SlotView): JsonObject {
  const own = required(type);
  const labels = choices.map(({ labels, value }) => labels[0] ?? String(value));
  const options = labels.length === 0 && own.kind === 'enum' ? own.values : labels;
  return { name, about: description ?? own.kind, options: options.slice(0, OFFERED) };
}

/** Answers on offer that a model is told. */
const OFFERED = 20;

// — While it thinks ——————————————————————————————————————————————————————————————————————————————————————————

/** Does this wait behind words that a model is being asked about? What is plain does not, nor what is too much to be kept. */
export function waitsBehind(stage: Stage, held: Held, hear: Hear): boolean {
  hearLater(stage, hear, true);
  const { doubt } = stage.state;
  if (doubt === undefined) return false;
  const context = contextOf(stage);
  const { understand } = stage.bot.understanding;
  const commands = 'tokens' in held || held.attachments ? [] : understand(held.text, context);
  if (commands.some(({ do: move }) => URGENT.has(move))) {
    close(stage);
    return false;
  }
  const { question } = context;
  const isTap = 'tokens' in held || commands.some((command) => isPlainAnswer(command, question?.name));
  // A yes may be to what those words are about to change: her consent is taken once they are read.
  if (isTap && question?.confirm !== true) {
    stage.state.doubt = { ...doubt, overtaken: true };
    return false;
  }
  const then = [...(doubt.then ?? []), held];
  if (then.length > MOST.messages || JSON.stringify(then).length > MOST.characters) {
    settle(stage, hear);
    advance(stage);
    stage.mayWait = false;
    return false;
  }
  stage.state.doubt = { ...doubt, then };
  return true;
}

/** She does something that is plain at once, such as sending a form: what is still in doubt is older. */
export function overtake({ state }: Stage): void {
  if (state.doubt) state.doubt = { ...state.doubt, overtaken: true };
}

/** Acts upon what was understood without a model, now: before what cannot wait, such as a conversation that goes on elsewhere. */
export function settle(stage: Stage, hear: Hear): void {
  resolve(stage, { ok: false, error: 'overtaken' }, hear);
}

const URGENT: ReadonlySet<Command['do']> = new Set(['human', 'stop', 'unsafe', 'cancel']);
/** Of an answer that is as good as a tap: a label, a number, a value that is all of the message. */
const PLAIN = 0.95;

function isPlainAnswer(command: Command, asked: string | undefined): boolean {
  return command.do === 'set' && command.slot === asked && command.confidence >= PLAIN;
}

// — What comes of it —————————————————————————————————————————————————————————————————————————————————————————

/** The model has answered, or failed to. `false`: it is the end of another call. */
export function opinionCame(stage: Stage, call: string, outcome: Outcome, hear: Hear): boolean {
  if (stage.state.doubt?.id !== call) return false;
  resolve(stage, outcome, hear);
  return true;
}

/** It takes too long. */
export function outOfPatience(stage: Stage, hear: Hear): void {
  resolve(stage, { ok: false, error: 'timeout' }, hear);
}

export type End = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: string };

function resolve(stage: Stage, end: End, hear: Hear): void {
  const doubt = close(stage);
  // A human has it by now, and reads what she wrote.
  if (doubt === undefined || stage.state.human || stage.scene.unheard) return;
  if (doubt.files !== undefined) {
    const { files: attachments, at = stage.now } = doubt;
    stage.mayWait = stage.now - at + (stage.bot.understanding.second?.timeout ?? 0) <= PATIENCE;
    hear({ text: '', attachments, perceived: end, at });
    return goOn(stage, doubt.then ?? [], end.ok, hear);
  }
  const commands = end.ok ? weighed(stage, doubt, end.value) : [];
  if (!end.ok) stage.record('understanding.fell_back', { code: end.error });
  if (commands.length > 0) act(stage, stillNews(commands, doubt), doubt.text);
  else withoutModel(stage, doubt);
  goOn(stage, doubt.then ?? [], end.ok, hear);
}

function close({ state }: Stage): OpenDoubt | undefined {
  const { doubt, timers } = state;
  delete state.doubt;
  if (timers) delete timers[DOUBT];
  return doubt;
}

/** What of a model's answer holds. */
function weighed(stage: Stage, { text }: OpenDoubt, value: Json): readonly Command[] {
  const { answer = null, usage } = isRecord(value) ? value : {};
  const result = stage.bot.understanding.second?.weigh(answer, text, contextOf(stage));
  const { commands = [], rejected = [] } = result ?? {};
  stage.record('understanding.answered', {
    moves: commands.map(({ do: move }) => move),
    rejected: rejected.map(({ move, why }) => `${move}: ${why}`),
  });
  if (isRecord(usage)) stage.record('model.used', { step: 'understanding', ...usage });
  return commands;
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was understood without a model, as things stand now. Of what she has gone beyond since, nothing is said again. */
function withoutModel(stage: Stage, doubt: OpenDoubt): void {
  const commands = stage.bot.understanding.understand(doubt.text, contextOf(stage));
  const news = stillNews(commands, doubt);
  if (news.length > 0 || !doubt.overtaken) decide(stage, news, doubt.text);
}

/** What she has answered since is not gone back upon by older words. */
function stillNews(commands: readonly Command[], { asked, overtaken }: OpenDoubt): readonly Command[] {
  if (!overtaken) return commands;
  return commands.filter((each) => !PASSED.has(each.do) && !('slot' in each && each.slot === asked));
}

const PASSED: ReadonlySet<Command['do']> = new Set(['skip', 'repeat', 'chitchat']);

/** What she did meanwhile. Who has waited long, or for a model that failed, does not wait for another one. */
function goOn(stage: Stage, then: readonly Held[], isWell: boolean, hear: Hear): void {
  const timeout = stage.bot.understanding.second?.timeout ?? 0;
  for (const [index, held] of then.entries()) {
    advance(stage);
    if (isBusy(stage) && stage.state.doubt === undefined) return putOff(stage, then.slice(index));
    stage.mayWait = isWell && stage.now - held.at + timeout <= PATIENCE;
    hear(held);
  }
  stage.mayWait = true;
}

/** The flow is looking something up: what she wrote next is an answer to what it asks then, as it would have been had nobody waited. */
function putOff(stage: Stage, later: readonly Held[]): void {
  stage.state.later = later;
  stage.state.timers = { ...stage.state.timers, [DOUBT]: stage.now + LOOKING_UP };
}

/** Milliseconds that what she wrote waits for that. */
const LOOKING_UP = 3_000;

/** Hears what was put off, once the flow asks again; `now`: whatever it does. */
export function hearLater(stage: Stage, hear: Hear, now = false): void {
  const { later, timers } = stage.state;
  if (later === undefined || (isBusy(stage) && !now)) return;
  delete stage.state.later;
  if (timers) delete timers[DOUBT];
  if (stage.state.human || stage.scene.unheard) return;
  if (!now) return goOn(stage, later, true, hear);
  for (const held of later) {
    hear(held);
    advance(stage);
  }
}
