import type { Frame } from '../flow/frame.ts';
import { markSaid } from '../flow/noted.ts';
import { type Program, type SlotSpec, WAIT } from '../flow/program.ts';
import { read, store } from '../flow/slot.ts';
import { conform } from '../flow/value/value.ts';
import type { Json } from '../type.ts';
import type { Command } from '../understanding/understanding.ts';
import { correct } from './correct.ts';
import { keepWords } from './overhear.ts';
import { advance, again, drop, forgetOldest, leaveRepairs, moves, unpark, wake } from './stack.ts';
import { localeFor, type Stage } from './stage.ts';

type SetCommand = Extract<Command, { do: 'set' }>;

/** What becomes of the customer's moves. Understanding proposes; here the flows decide. */
export function decide(stage: Stage, commands: readonly Command[], words: string): void {
  if (commands.length > 0 && !isBusy(stage)) delete stage.state.lost;
  const danger = commands.find((command) => command.do === 'unsafe');
  if (danger) return interrupt(stage, 'unsafe', { danger: danger.danger });
  if (commands.some((command) => command.do === 'upset')) {
    const others = commands.filter((command) => command.do !== 'upset');
    return mayCalm(stage, others) ? calm(stage) : decide(stage, others, words);
  }
  const start = commands.find((command) => command.do === 'start');
  const sets = commands.filter((command) => command.do === 'set');
  if (start) return begin(stage, start.flow, sets, words);
  const other = commands.find(isMove);
  if (sets.length > 0 && (!other || other.do === 'chitchat' || other.do === 'ask')) return fill(stage, sets, words);
  if (!other) return unheard(stage, words);
  move(stage, other, words);
}

/** Milliseconds in which she is told once that one is sorry. */
const CALM = 24 * 60 * 60_000;

/** With nobody to take over, what was understood of her words is worth more than an apology. */
function mayCalm({ state, bot, now }: Stage, others: readonly Command[]): boolean {
  const isNew = state.calmed === undefined || now - state.calmed >= CALM;
  return isNew && (bot.desk || others.length === 0);
}

function calm(stage: Stage): void {
  stage.state.calmed = stage.now;
  interrupt(stage, 'upset');
}

function move(stage: Stage, command: Move, words: string): void {
  switch (command.do) {
    case 'correct':
      if (!correct(stage, command.slot, command.value)) unanswered(stage);
      return;
    case 'cancel':
    case 'stop':
      return cancel(stage);
    case 'skip':
      return skip(stage);
    case 'repeat':
      return interrupt(stage, 'repeat');
    case 'human':
      return interrupt(stage, 'handoff', { reason: 'asked' });
    case 'chitchat':
      return interrupt(stage, 'chitchat', { topic: command.topic });
    case 'clarify':
      return interrupt(stage, 'clarify', { flows: command.flows });
    case 'ask':
      return interrupt(stage, 'knowledge', { query: command.query || words, asked: true });
    case 'language':
      stage.state.locale = localeFor(stage.bot, command.locale);
      return interrupt(stage, 'language_switch', { locale: stage.state.locale });
  }
}

type Move = Exclude<Command, { do: 'start' | 'set' | 'unsafe' | 'upset' }>;

function isMove(command: Command): command is Move {
  return command.do !== 'set' && command.do !== 'start' && command.do !== 'unsafe' && command.do !== 'upset';
}

/** Starts a flow that the customer asks for, now or as a digression from the one that is running. */
export function begin(stage: Stage, flow: string, sets: readonly SetCommand[], words: string): void {
  const program = stage.bot.programs.get(flow);
  if (!program || program.header.callableOnly) return unanswered(stage);
  leaveRepairs(stage);
  const running = stage.state.frames.findIndex((frame) => frame.flow === flow && frame.by !== 'repair');
  if (running >= 0) return backTo(stage, running, sets, words);
  const entry = entryOf(stage, program, Object.fromEntries(sets.map(({ slot, value }) => [slot, value])));
  if (entry) {
    enter(stage, program, { ...entry, given: { ...wordsFor(stage, program, words), ...entry.given } });
    if (sets.length > 0 || words !== '') remember(stage, sets, words);
    return;
  }
  stage.say({ text: stage.phrase('not_available') });
  const top = stage.top;
  if (top?.waiting) again(stage, top);
}

/** What she started the flow by, for a slot that wants it whole. */
function wordsFor(stage: Stage, program: Program, words: string): Record<string, Json> {
  if (words.trim() === '' || stage.redacted !== undefined) return {};
  const given: Record<string, Json> = {};
  for (const spec of Object.values(program.slots)) {
    const result = spec.words ? conform(words.trim(), spec.type, spec) : undefined;
    if (result?.ok) given[spec.name] = result.value;
  }
  return given;
}

/** What she has said together with her wish is told with the first question; the rest of her words waits for the later ones. */
function remember(stage: Stage, sets: readonly SetCommand[], words: string): void {
  const frame = stage.top;
  if (!frame) return;
  stage.focus(frame);
  const { asks } = stage.program(frame);
  for (const { slot } of sets) if (asks.has(slot) && stage.slots[slot] !== undefined) markSaid(stage, slot);
  keepWords(stage, frame, words, sets);
}

/** Puts a flow on top. */
export function enter(stage: Stage, program: Program, { given, said }: Entry): void {
  forgetOldest(stage);
  moves.push(stage, program.flow, stage.top ? 'digression' : 'start', given);
  if (stage.top && said) stage.top.said = said;
}

/** What a flow begins with. */
interface Entry {
  readonly given: Readonly<Record<string, Json>>;
  readonly said: Record<string, Json> | undefined;
}

/** `undefined`: the flow is not for her, or lacks what it needs. */
export function entryOf(stage: Stage, program: Program, values: Readonly<Record<string, Json>>): Entry | undefined {
  const entry = handedIn(stage, program, values);
  const isReady = Object.entries(program.header.inputs).every(
    ([name, { kind }]) => kind === 'optional' || name in entry.given,
  );
  return isReady && (program.guard === undefined || program.guard(stage)) ? entry : undefined;
}

/** A value of the wrong shape (part of a record, a bad number) is kept for its question to judge. */
function handedIn(stage: Stage, program: Program, values: Readonly<Record<string, Json>>): Entry {
  const given: Record<string, Json> = {};
  let said: Record<string, Json> | undefined;
  for (const [slot, value] of Object.entries(values)) {
    const spec = program.slots[slot];
    const type = spec?.type ?? program.header.inputs[slot];
    if (!type || spec?.prefill === false || spec?.scope === 'customer') continue;
    if (isHidden(spec)) stage.redact();
    const result = conform(value, type, spec);
    if (result.ok && (spec === undefined || spec.scope === 'flow')) given[slot] = result.value;
    else if (spec) said = { ...said, [slot]: value };
  }
  return { given, said };
}

/** Must the transcript not keep it? */
function isHidden(spec: SlotSpec | undefined): boolean {
  return spec?.sensitive === 'secret' || spec?.sensitive === 'payment';
}

/** The flow is running already: what interrupted it gives way, and it asks again, itself or the flow it has called. */
function backTo(stage: Stage, index: number, sets: readonly SetCommand[], words: string): void {
  let end = index + 1;
  while (stage.state.frames[end]?.by === 'call') end++;
  for (const above of stage.state.frames.slice(end).toReversed()) {
    drop(stage, above);
    if (above.by === 'digression') stage.record('flow.ended', { flow: above.flow, outcome: 'abandoned' });
  }
  const frame = stage.top;
  if (!frame) return;
  if (sets.length > 0) fill(stage, sets, words);
  else if (frame.waiting) again(stage, frame);
}

/** Answers to the open question, and values said in passing. Those come first: the answer may lead past where they are used. */
function fill(stage: Stage, sets: readonly SetCommand[], words: string): void {
  const frame = stage.top;
  const asked = frame && openQuestion(stage, frame);
  const answer = sets.find(({ slot }) => slot === asked);
  let used = answer !== undefined;
  for (const { slot, value } of sets) if (slot !== asked && prefill(stage, slot, value)) used = true;
  if (answer && frame) {
    delete stage.state.offer;
    delete stage.state.form;
    keepWords(stage, frame, words, sets);
    if (asked !== stillAsked(stage, frame)) {
      frame.said = { ...frame.said, [answer.slot]: answer.value };
      return;
    }
    const op = stage.op(frame);
    wake(stage, frame, () => op.answer?.(stage, answer.value) ?? WAIT);
    return;
  }
  if (!used) return unanswered(stage);
  if (frame?.waiting) again(stage, frame);
}

/** What was said in passing may have corrected the way to the question: then that question, when it comes again, takes the answer. */
function stillAsked(stage: Stage, frame: Frame): string | undefined {
  return frame === stage.top ? openQuestion(stage, frame) : undefined;
}

/** What the frame on top is asking for, if it is asking. */
export function openQuestion(stage: Stage, frame: Frame): string | undefined {
  const op = frame.waiting ? stage.op(frame) : undefined;
  return op?.answer && op.asks;
}

/** Keeps a value for a question that has not been asked yet; that question will validate it. */
function prefill(stage: Stage, slot: string, value: Json): boolean {
  const frame = stage.state.frames.findLast(
    (each) => each.by !== 'repair' && stage.program(each).slots[slot] !== undefined,
  );
  const spec = frame && stage.program(frame).slots[slot];
  if (!frame || !spec?.prefill) return false;
  stage.focus(frame);
  if (read(stage, spec) !== null) return correct(stage, slot, value);
  if (isHidden(spec)) stage.redact();
  const result = conform(value, spec.type, spec);
  if (result.ok) {
    store(stage, spec, result.value);
    markSaid(stage, slot);
  } else frame.said = { ...frame.said, [slot]: value };
  return true;
}

function cancel(stage: Stage): void {
  leaveRepairs(stage);
  const parked = stage.state.parked?.findLast((group) => mayCancel(stage, group));
  if (stage.state.frames.length === 0 && parked) unpark(stage, parked);
  const frame = stage.top;
  if (!frame) return interrupt(stage, 'cannot_handle', { times: 1, busy: false, given_up: false });
  // A write that is under way cannot be stopped: to say so would be a guess.
  if (frame.pending && stage.op(frame).effect) return unanswered(stage);
  const root = stage.state.frames.findLast((each) => each.by !== 'call');
  stage.focus(frame);
  stage.repair('cancel', { flow: root ? stage.program(root).header.description : '' });
}

/** What waits for the world has its own word on being cancelled, or has done nothing yet that stopping to wait would leave behind. */
function mayCancel(stage: Stage, group: readonly Frame[]): boolean {
  return group.some((frame) => stage.program(frame).on.has('cancel')) || group.every(({ writes }) => !writes?.length);
}

function skip(stage: Stage): void {
  const frame = stage.top;
  const op = frame?.waiting ? stage.op(frame) : undefined;
  if (frame && op?.skip) {
    delete stage.state.offer;
    delete stage.state.form;
    return wake(stage, frame, () => op.skip?.(stage) ?? WAIT);
  }
  interrupt(stage, 'skip');
}

/** No move was understood. With nothing open, a document may still answer the words; where none does, they were not understood. */
function unheard(stage: Stage, words: string): void {
  const isOpen = stage.top !== undefined;
  if (isOpen || words.trim() === '' || !stage.hasRepair('knowledge')) return unanswered(stage);
  interrupt(stage, 'knowledge', { query: words, asked: false });
}

/** Nothing could be made of the words: a failed answer where something was asked, a cry for help where nothing was. */
export function unanswered(stage: Stage): void {
  const frame = stage.top;
  if (frame && openQuestion(stage, frame) !== undefined) {
    const op = stage.op(frame);
    return wake(stage, frame, () => op.answer?.(stage, undefined) ?? WAIT);
  }
  const busy = isBusy(stage);
  if (!busy) stage.state.lost = (stage.state.lost ?? 0) + 1;
  interrupt(stage, 'cannot_handle', { times: stage.state.lost ?? 1, busy, given_up: false });
}

/** Is a flow at work, without a question for the customer? */
export function isBusy(stage: Stage): boolean {
  const frame = stage.top;
  return frame !== undefined && openQuestion(stage, frame) === undefined;
}

/** Lets a repair pattern speak; afterwards the question that was open is asked again. */
export function interrupt(stage: Stage, pattern: string, inputs: Readonly<Record<string, Json>> = {}): void {
  const frame = stage.top;
  if (frame) stage.focus(frame);
  stage.repair(pattern, inputs);
  advance(stage);
}
