import type { Goes } from '../effect.ts';
import type { Event, Outcome, Whence, Whither } from '../event.ts';
import type { Frame } from '../flow/frame.ts';
import type { Json, JsonObject } from '../type.ts';
import { greet } from './greet.ts';
import { again, drop, leaveRepairs, rootOf } from './stack.ts';
import { localeFor, type Stage } from './stage.ts';
import type { State } from './state.ts';

/** What goes along: where the flows stand, what they know, who the customer has proven to be, and when. */
export type Carried = Pick<State, 'locale' | 'frames' | 'parked' | 'shared' | 'session' | 'timers' | 'arms' | 'human'>;

/** More flows inside flows, and more JSON, than a conversation may be: then the flows that were here give way. */
const DEPTH = 12;
const ROOM = 24_000;

// — Where it has been until now ——————————————————————————————————————————————————————————————————————————————

/**
 * She has shown the code of `invitation` at another address: the conversation goes on there, and who writes here again begins afresh.
 * Her proof goes with it, with its age: the code stood in the conversation that she had proven herself in. Here it is gone. What is
 * counted goes on being counted, since keys of writes are made of it.
 */
export function leave(stage: Stage, to: Whither, invitation: string): void {
  endInviting(stage, invitation);
  leaveRepairs(stage);
  const { account, address, channel } = to;
  const goes = namesAbroad(stage, allFrames(stage.state));
  const { conversation, account: here, channel: from } = stage.scene;
  stage.say({ text: stage.phrase('moved_away', { app: stage.phrase(`app_${channel}`) }) });
  stage.effects.push({
    kind: 'hand_on',
    to: { account, address },
    event: {
      kind: 'continued',
      from: { conversation, account: here, channel: from },
      state: carriedFrom(stage.state) as unknown as JsonObject,
    },
    goes,
  });
  stage.record('conversation.left', { to: channel });
  beginAfresh(stage.state, { account, address }, goes.calls);
}

/** The flow that showed the code has done what it was for. */
function endInviting(stage: Stage, invitation: string): void {
  const { state } = stage;
  const holds = ({ slots }: Frame) => Object.values(slots).some((value) => idOf(value) === invitation);
  const at = state.frames.findIndex(holds);
  if (at < 0) return;
  let end = at + 1;
  while (state.frames[end]?.by === 'call') end += 1;
  for (const frame of state.frames.slice(rootOf(state.frames.slice(0, at + 1)), end)) {
    drop(stage, frame);
    stage.record('flow.ended', { flow: frame.flow, outcome: 'resolved' });
  }
  const bottom = state.frames[0];
  if (bottom?.by === 'digression') bottom.by = 'start';
}

function idOf(value: Json | undefined): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject).id : undefined;
}

/** Ids of one conversation mean something else in another: there, they bear this one's name. */
export function namesAbroad(stage: Stage, frames: readonly Frame[]): Goes {
  const { conversation } = stage.scene;
  const named = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, abroad(conversation, id)]));
  return {
    listeners: named(frames.flatMap((frame) => listenerOf(frame) ?? [])),
    calls: named(frames.flatMap((frame) => callOf(frame) ?? [])),
  };
}

function abroad(conversation: string, id: string): string {
  return `${conversation}/${id}`;
}

function allFrames({ frames, parked = [] }: Pick<State, 'frames' | 'parked'>): readonly Frame[] {
  return [...frames, ...parked.flat()];
}

function listenerOf({ id, listens }: Frame): string | undefined {
  return listens === true ? String(id) : listens;
}

/** Of a call that is not back yet. A human's task is known by its own id everywhere. */
function callOf({ id, pending }: Frame): string | undefined {
  return pending && (pending.id.startsWith(`${id}.`) || pending.id.includes('/')) ? pending.id : undefined;
}

function carriedFrom({ locale, frames, parked, shared, session, timers, arms, human }: State): Carried {
  return {
    locale,
    frames,
    ...(parked && { parked }),
    ...(shared && { shared }),
    ...(session && { session }),
    ...(timers && { timers }),
    ...(arms && { arms }),
    ...(human && { human }),
  };
}

function beginAfresh(
  state: State,
  gone: { readonly account: string; readonly address: string },
  calls: Readonly<Record<string, string>>,
): void {
  state.gone = gone;
  if (Object.keys(calls).length > 0) state.went = [...(state.went ?? []), { ...gone, calls }];
  state.frames = [];
  for (const part of ['parked', 'shared', 'session', 'timers', 'offer', 'form', 'arms', 'human', 'lost'] as const)
    delete state[part];
}

/** The end of a call that a conversation waits for which has gone on elsewhere. `false`: none does. */
export function forwardResult(stage: Stage, call: string, outcome: Outcome): boolean {
  const { state } = stage;
  const entry = state.went?.find(({ calls }) => calls[call] !== undefined);
  const there = entry?.calls[call];
  if (entry === undefined || there === undefined) return false;
  const { account, address } = entry;
  stage.effects.push({ kind: 'hand_on', to: { account, address }, event: { kind: 'result', call: there, outcome } });
  const { [call]: _back, ...open } = entry.calls;
  const others = (state.went ?? []).filter((each) => each !== entry);
  const went = Object.keys(open).length > 0 ? [...others, { ...entry, calls: open }] : others;
  if (went.length > 0) state.went = went;
  else delete state.went;
  return true;
}

/** What a human wrote to a conversation, or gave back, that has gone on elsewhere. `false`: it is here. */
export function forwardHuman(stage: Stage, event: Extract<Event, { kind: 'agent' | 'returned' }>): boolean {
  const { gone, human } = stage.state;
  if (gone === undefined || human) return false;
  stage.effects.push({ kind: 'hand_on', to: gone, event });
  return true;
}

// — Where it goes on —————————————————————————————————————————————————————————————————————————————————————————

/**
 * A conversation comes from another app: its flows go on top of those that were open here, which are resumed when it is done, like
 * after any digression. The open question is asked again, as this app shows it. Flows of somebody else who wrote from here give way.
 */
export function arrive(stage: Stage, from: Whence, state: JsonObject): void {
  const carried = state as unknown as Carried;
  const own = stage.state;
  delete own.gone;
  own.locale = localeFor(stage.bot, carried.locale);
  greet(stage, false);
  leaveRepairs(stage);
  takeOver(stage, carried, from.conversation);
  stage.record('conversation.continued', { from: from.channel });
  if (own.human) return;
  stage.heard = true;
  stage.say({ text: stage.phrase('moved_here') });
  const top = stage.top;
  if (top?.waiting) again(stage, top);
}

function isSomebodyElse(own: State, { session }: Carried): boolean {
  const [here, there] = [own.session?.customer, session?.customer];
  return here !== undefined && there !== undefined && here !== there;
}

function isTooMuch(own: State, carried: Carried): boolean {
  const many = own.frames.length > 0 && own.frames.length + carried.frames.length > DEPTH;
  return many || JSON.stringify(own).length + JSON.stringify(carried).length > ROOM;
}

function giveWay(stage: Stage): void {
  for (const frame of allFrames(stage.state)) {
    drop(stage, frame);
    if (frame.by !== 'repair') stage.record('flow.ended', { flow: frame.flow, outcome: 'abandoned' });
  }
  delete stage.state.parked;
  delete stage.state.shared;
  delete stage.state.session;
}

/** Puts what comes from another conversation on top of what is open here, or, where that cannot be, in its place. */
export function takeOver(stage: Stage, carried: Carried, conversation: string): void {
  const own = stage.state;
  if (isSomebodyElse(own, carried) || isTooMuch(own, carried)) giveWay(stage);
  const ids = new Map<number, number>();
  const adopt = (frame: Frame): Frame => {
    const id = own.next++;
    ids.set(frame.id, id);
    return adopted(frame, id, conversation);
  };
  const frames = carried.frames.map(adopt);
  const root = frames[0];
  if (root && own.frames.length > 0) root.by = 'digression';
  const below = stage.top;
  if (below && frames.length > 0) below.waiting = true;
  own.frames.push(...frames);
  if (carried.parked) own.parked = [...(own.parked ?? []), ...carried.parked.map((group) => group.map(adopt))];
  if (carried.shared) own.shared = { ...own.shared, ...carried.shared };
  if (carried.session) own.session = carried.session;
  if (carried.arms) own.arms = { ...own.arms, ...carried.arms };
  if (carried.human) own.human = true;
  for (const [name, at] of Object.entries(carried.timers ?? {})) {
    const colon = name.indexOf(':');
    const id = ids.get(Number(name.slice(0, colon)));
    if (id !== undefined) own.timers = { ...own.timers, [`${id}${name.slice(colon)}`]: at };
  }
}

function adopted(frame: Frame, id: number, conversation: string): Frame {
  const listens = listenerOf(frame);
  const call = callOf(frame);
  return {
    ...frame,
    id,
    ...(listens !== undefined && { listens: abroad(conversation, listens) }),
    ...(frame.pending && call !== undefined && { pending: { ...frame.pending, id: abroad(conversation, call) } }),
  };
}
