import type { CodeFault, Event } from '../event.ts';
import type { Frame } from '../flow/frame.ts';
import { WAIT } from '../flow/program.ts';
import type { Answers } from '../form.ts';
import type { Attachment } from '../message.ts';
import { type Json, type JsonObject, required } from '../type.ts';
import type { Command } from '../understanding/understanding.ts';
import { joinAlbum, rememberAlbum } from './album.ts';
import { contextOf } from './context.ts';
import { decide, interrupt, openQuestion, unanswered } from './decide.ts';
import { arrive, forwardHuman, forwardResult, leave } from './elsewhere.ts';
import { takeForm } from './form.ts';
import { greet, welcomeBack } from './greet.ts';
import { perceive, perceived } from './perceive.ts';
import { suggest, suggested } from './review.ts';
import {
  DOUBT,
  type Held,
  hearLater,
  opinionCame,
  outOfPatience,
  overtake,
  settle,
  understand,
  waitsBehind,
} from './second-opinion.ts';
import { advance, again, askHowHumanWas, rootOf, unpark, wake } from './stack.ts';
import { IDLE, localeFor, readToken, type Stage } from './stage.ts';
import type { OpenOffer } from './state.ts';
import { beginBySignal, scheduled } from './unasked.ts';
import { passOn, takeUp } from './undelivered.ts';

/** Brings an event to where it belongs: the customer's words to the flow that asked, the world's to the flow that waits. */
export function receive(stage: Stage, event: Event): void {
  switch (event.kind) {
    case 'opened':
      if (event.locale !== undefined && !stage.state.greeted) stage.state.locale = localeFor(stage.bot, event.locale);
      if (event.payload !== undefined && event.code === undefined)
        stage.state.payload = event.payload.slice(0, PAYLOAD_LIMIT);
      if (stage.state.greeted && event.pressed && event.code === undefined)
        return isSilent(stage) ? undefined : welcomeBack(stage);
      greet(stage, event.code === undefined);
      if (event.code !== undefined) refuseCode(stage, event.code);
      return;
    case 'message':
      if (event.code !== undefined) return refuseCode(stage, event.code);
      return hear(stage, event.text, event.attachments ?? [], event.album);
    case 'choice':
      return tapped(stage, event.token.split(','), event.label);
    case 'form':
      return sent(stage, event.token, event.values);
    case 'commands':
      if (isSilent(stage)) return;
      greet(stage, false);
      stage.heard = true;
      overtake(stage);
      return decide(stage, event.commands, '');
    case 'identified':
      return identify(stage, event.customer, event.attributes ?? {});
    case 'timer':
      return ring(stage);
    case 'result':
      return resultOf(stage, event);
    case 'signal':
      // What the platform tells of her is none of the business's news.
      if (!event.name.startsWith('channel.')) stage.state.unasked = [];
      return signal(stage, event.name, event.data);
    case 'scheduled':
      stage.state.unasked = [];
      return scheduled(stage, event);
    case 'agent':
      if (forwardHuman(stage, event)) return;
      stage.effects.push({ kind: 'send', message: { text: event.text }, from: 'agent' });
      return;
    case 'returned':
      if (forwardHuman(stage, event)) return;
      return handBack(stage, event.outcome, event.data ?? {});
    case 'leaving':
      settle(stage, hearer(stage));
      hearLater(stage, hearer(stage), true);
      advance(stage);
      return leave(stage, event.to, event.invitation);
    case 'continued':
      return arrive(stage, event.from, event.state);
    case 'undelivered':
      return passOn(stage, event.to, event.messages);
    case 'redirected':
      return takeUp(stage, event);
    case 'notice':
      return stage.say({ text: stage.phrase(event.text, event.values) });
    case 'unreachable':
      return unreachable(stage, event.signal, event.data);
  }
}

/** UTF-16 units of what a link may carry. */
const PAYLOAD_LIMIT = 256;

function isSilent(stage: Stage): boolean {
  return stage.state.human === true;
}

// — The customer —————————————————————————————————————————————————————————————————————————————————————————————

function hear(stage: Stage, text: string, attachments: readonly Attachment[], album?: string): void {
  if (isSilent(stage)) return suggest(stage, text);
  greet(stage, false);
  stage.heard = true;
  const files = attachments.length > 0 && { attachments };
  if (waitsBehind(stage, { text, ...files, ...(album !== undefined && { album }), at: stage.now }, hearer(stage)))
    return;
  if (files) return attached(stage, text, attachments, album);
  listen(stage, text);
}

function listen(stage: Stage, text: string): void {
  const offered = offeredBy(stage, text);
  if (offered) return offered();
  understand(stage, text);
}

/** What waited for an answer to be looked up, once that is there. */
export function catchUpWithHer(stage: Stage): void {
  hearLater(stage, hearer(stage));
  advance(stage);
}

/** Lets be heard what has waited while a model was asked. */
function hearer(stage: Stage): (held: Held) => void {
  return (held) => {
    if ('tokens' in held) return tapped(stage, held.tokens, held.label);
    const { text, attachments = [], album, perceived: end } = held;
    if (end === undefined) return hear(stage, text, attachments, album);
    perceived(stage, attachments, end, (words) => listen(stage, words));
  };
}

/** Words that name an offer which belongs to no question: a menu's label or its place ("2", "the first one"), typed instead of tapped. */
function offeredBy(stage: Stage, text: string): (() => void) | undefined {
  const { offer } = stage.state;
  const frame = stage.top;
  if (offer?.frame !== 0 || (frame && openQuestion(stage, frame) !== undefined)) return undefined;
  const said = text.trim().toLowerCase();
  const place = stage.bot.understanding.place?.(text, offer.does.length);
  const number = place === undefined ? -1 : place - 1;
  const index = offer.does.findIndex((does, at) => at === number || labelOf(stage, does)?.toLowerCase() === said);
  return index < 0 ? undefined : () => perform(stage, [index]);
}

function labelOf(stage: Stage, does: OpenOffer['does'][number]): string | undefined {
  if (typeof does !== 'object') return undefined;
  if ('says' in does) return does.says;
  return does.do === 'start' ? stage.titleOf(does.flow) : undefined;
}

function attached(stage: Stage, text: string, attachments: readonly Attachment[], album: string | undefined): void {
  const files = attachments.map((file) => ({ ...file }) as JsonObject);
  if (joinAlbum(stage, album, files)) return;
  const frame = stage.top;
  const slot = frame && openQuestion(stage, frame);
  const spec = frame && slot !== undefined ? stage.program(frame).slots[slot] : undefined;
  const type = spec && required(spec.type);
  if (slot !== undefined && type?.kind === 'file' && files[0])
    return decide(stage, [{ do: 'set', slot, value: files[0], confidence: 1 }], text);
  if (frame && slot !== undefined && type?.kind === 'list' && required(type.of).kind === 'file') {
    rememberAlbum(stage, album, frame.id, slot);
    return decide(stage, [{ do: 'set', slot, value: files, confidence: 1 }], text);
  }
  if (text.trim() !== '') return understand(stage, text);
  perceive(stage, attachments);
}

/** A tap counts only for the offer that is open. An older one is not executed: the present question is shown again. */
function tapped(stage: Stage, tokens: readonly string[], label: string | undefined): void {
  if (isSilent(stage)) return;
  greet(stage, false);
  stage.heard = true;
  if (waitsBehind(stage, { tokens, ...(label !== undefined && { label }), at: stage.now }, hearer(stage))) return;
  const indexes = [...new Set(tokens.map((token) => openIndex(stage, token)))];
  if (indexes.every((index) => index !== undefined)) return perform(stage, indexes);
  const frame = stage.top;
  const asking = frame && openQuestion(stage, frame) !== undefined;
  // Between flows an old menu's label still says what is wanted; within one it could be taken for an answer.
  const meant = asking || label === undefined ? [] : stage.bot.understanding.understand(label, contextOf(stage));
  if (meant.some(({ do: move }) => move === 'start' || move === 'clarify' || move === 'human'))
    return decide(stage, meant, label ?? '');
  stage.say({ text: stage.phrase('stale') });
  if (frame?.waiting) again(stage, frame);
}

/** Which of the open answers a token stands for. An answer to a question counts only while that question is on top. */
function openIndex(stage: Stage, token: string): number | undefined {
  const { offer } = stage.state;
  const tap = readToken(token);
  if (!tap || !offer || tap.offer !== offer.id || tap.index >= offer.does.length) return undefined;
  const isMove = typeof offer.does[tap.index] === 'object';
  return isMove || offer.frame === stage.top?.id ? tap.index : undefined;
}

function perform(stage: Stage, indexes: readonly number[]): void {
  const does = stage.state.offer?.does[indexes[0] ?? 0];
  const frame = stage.top;
  if (does === 'skip') return decide(stage, [{ do: 'skip' }], '');
  if (typeof does === 'object')
    return 'says' in does
      ? decide(stage, stage.bot.understanding.understand(does.says, contextOf(stage)), does.says)
      : decide(stage, [does], '');
  const op = frame?.waiting ? stage.op(frame) : undefined;
  if (!frame || !op?.chosen || op.asks === undefined) return unanswered(stage);
  stage.focus(frame);
  const values = indexes.flatMap((index) => {
    const picked = stage.state.offer?.does[index];
    const value = typeof picked === 'number' ? op.chosen?.(stage, picked) : undefined;
    return value === undefined ? [] : [value];
  });
  const slot = stage.program(frame).slots[op.asks];
  const many = slot && required(slot.type).kind === 'list';
  const value: Json = many ? values : (values[0] ?? null);
  decide(stage, [{ do: 'set', slot: op.asks, value, confidence: 1 }] satisfies Command[], '');
}

/** A form that she has sent; without values, one that she has opened: she is at it, and has time. */
function sent(stage: Stage, token: string, values: Answers | undefined): void {
  if (isSilent(stage)) return;
  stage.heard = true;
  if (values === undefined) return;
  greet(stage, false);
  overtake(stage);
  if (takeForm(stage, token, values, contextOf(stage))) return;
  stage.say({ text: stage.phrase('stale') });
  const frame = stage.top;
  if (frame?.waiting) again(stage, frame);
}

/** The same words whatever is wrong with a code, so that they tell nobody who tries some. */
function refuseCode(stage: Stage, fault: CodeFault): void {
  if (isSilent(stage)) return;
  greet(stage, false);
  stage.heard = true;
  stage.say({ text: stage.phrase(`code_${fault}`) });
  const top = stage.top;
  if (top?.waiting) again(stage, top);
}

function identify(stage: Stage, customer: string, attributes: JsonObject): void {
  stage.proven(customer);
  if (Object.keys(attributes).length > 0) {
    stage.customer = { ...stage.customer, ...attributes };
    stage.effects.push({ kind: 'customer', set: attributes });
  }
}

// — The world ————————————————————————————————————————————————————————————————————————————————————————————————

/** Timers that are due, the earliest first. Those of flows that have moved on are gone already. */
function ring(stage: Stage): void {
  delete stage.state.wake;
  const due = Object.entries(stage.state.timers ?? {})
    .filter(([id, at]) => at <= stage.now && stage.mayRing(id))
    .toSorted(([, a], [, b]) => a - b);
  for (const [id] of due) {
    if (stage.state.timers?.[id] === undefined) continue;
    delete stage.state.timers[id];
    const colon = id.indexOf(':');
    const name = id.slice(colon + 1);
    if (id === DOUBT) {
      outOfPatience(stage, hearer(stage));
      hearLater(stage, hearer(stage), true);
      advance(stage);
      continue;
    }
    if (id === IDLE) {
      stage.attentive = false;
      if (stage.top?.waiting) interrupt(stage, 'inactivity');
      continue;
    }
    const frame = bringUp(stage, Number(id.slice(0, colon)));
    const op = frame?.waiting ? stage.op(frame) : undefined;
    if (frame && op?.timer) {
      const { pc } = frame;
      wake(stage, frame, () => op.timer?.(stage, name) ?? WAIT);
      advance(stage);
      // A question that has its own times is not asked about beyond them.
      if (stage.top === frame && frame.pc === pc) stage.attentive = false;
    }
  }
}

/** The frame, if it is on top or can come there: what waits for the world is brought back by what it waits for. */
function bringUp(stage: Stage, id: number): Frame | undefined {
  const top = stage.top;
  if (top?.id === id) return top;
  const group = stage.state.parked?.find((frames) => frames.some((frame) => frame.id === id));
  if (!group) return undefined;
  unpark(stage, group);
  return stage.top;
}

/** Puts the flow that the frame belongs to above those that had interrupted it. */
function toTop(stage: Stage, frame: Frame): void {
  const { frames } = stage.state;
  const start = rootOf(frames.slice(0, frames.indexOf(frame) + 1));
  const [root, ...callees] = frames.splice(start, frames.indexOf(frame) + 1 - start);
  if (!root) return;
  root.by = frames.length > 0 ? 'digression' : 'start';
  frames.push(root, ...callees);
}

function resultOf(stage: Stage, event: Extract<Event, { kind: 'result' }>): void {
  const frame = stage.state.frames.find(({ pending }) => pending?.id === event.call);
  if (!frame) {
    if (opinionCame(stage, event.call, event.outcome, hearer(stage))) return;
    if (suggested(stage, event.call, event.outcome) || forwardResult(stage, event.call, event.outcome)) return;
    stage.record('result.unclaimed', { call: event.call, ok: event.outcome.ok });
    return;
  }
  if (frame !== stage.top) {
    frame.arrived = event.outcome;
    return;
  }
  const op = stage.op(frame);
  wake(stage, frame, () => op.result?.(stage, event.outcome) ?? WAIT);
}

/** Wakes what waits for it; failing that, starts the flows that begin with it. */
function signal(stage: Stage, name: string, data: JsonObject): void {
  const waiting = [...stage.state.frames, ...(stage.state.parked ?? []).flat()].filter((frame) => frame.waiting);
  for (const frame of waiting) {
    stage.focus(frame);
    if (frame.heard || !stage.op(frame).hears?.(stage, name, data)) continue;
    stage.unlisten(frame);
    stage.clearTimers(frame);
    if (name === 'handoff.decided') delete stage.state.handed;
    // The bot never talks while a human does.
    if (isSilent(stage)) frame.heard = { name, data };
    else goOn(stage, frame, data);
    return;
  }
  if (!beginBySignal(stage, name, data)) stage.record('signal.unclaimed', { name });
}

/** What the frame was waiting for has happened. */
function goOn(stage: Stage, frame: Frame, data: JsonObject): void {
  if (!bringUp(stage, frame.id)) toTop(stage, frame);
  wake(stage, frame, () => stage.op(frame).signal?.(stage, data) ?? WAIT);
}

/** A human gives the conversation back: the flow that handed it off goes on; without one, the bot says that it is there again. */
function handBack(stage: Stage, outcome: string, data: JsonObject): void {
  delete stage.state.human;
  delete stage.state.handed;
  const frame = stage.state.frames.findLast((each) => each.pending && stage.op(each).returned);
  if (stage.hasRepair('human_returned')) {
    stage.repair('human_returned', { outcome });
    advance(stage);
  }
  if (frame && frame === stage.top) {
    const op = stage.op(frame);
    wake(stage, frame, () => op.returned?.(stage, outcome, data) ?? WAIT);
    advance(stage);
  }
  catchUp(stage);
  if (data.survey !== true) return;
  askHowHumanWas(stage, outcome);
  advance(stage);
}

/** What happened while the human had the conversation, one after the other. */
function catchUp(stage: Stage): void {
  for (const frame of [...(stage.state.parked ?? []).flat(), ...stage.state.frames]) {
    const { heard } = frame;
    if (!heard || isSilent(stage)) continue;
    delete frame.heard;
    goOn(stage, frame, heard.data);
    advance(stage);
  }
}

/** Nobody can tell her: a human finds it among the tasks. */
function unreachable(stage: Stage, name: string, data: JsonObject): void {
  stage.handoff({
    mode: 'background',
    queue: 'default',
    priority: 'normal',
    reason: 'customer.unreachable',
    attach: { signal: name, data },
  });
}
