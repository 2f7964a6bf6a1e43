import type { Event, Whither } from '../event.ts';
import type { Frame } from '../flow/frame.ts';
import type { Message } from '../message.ts';
import type { JsonObject } from '../type.ts';
import { type Carried, namesAbroad, takeOver } from './elsewhere.ts';
import { greet } from './greet.ts';
import { again, leaveRepairs, rootOf } from './stack.ts';
import { localeFor, type Stage } from './stage.ts';

/**
 * What the business had to tell her could not reach her here: she has blocked us, the window is closed. She is told in another app
 * instead, and a flow that waits for her answer goes there with its question. Everything else of this conversation stays, and so does
 * her proof: nobody has shown that it is she who reads there.
 */
export function passOn(stage: Stage, { account, address }: Whither, messages: readonly Message[]): void {
  const { state, scene } = stage;
  const tried = [...(messages[0]?.unasked ?? []), scene.account];
  const top = stage.top;
  const goes = state.unasked !== undefined && !state.human && top?.waiting === true;
  // It is asked again there.
  const isAsked = goes && stage.op(top).asks !== undefined;
  const from = { conversation: scene.conversation, account: scene.account, channel: scene.channel };
  const said = { kind: 'redirected', from, messages: isAsked ? messages.slice(0, -1) : messages, tried } as const;
  const to = { account, address };
  if (goes) {
    const frames = state.frames.slice(rootOf(state.frames));
    const event = { ...said, state: carriedWith(stage, frames) as unknown as JsonObject };
    stage.effects.push({ kind: 'hand_on', to, event, goes: namesAbroad(stage, frames) });
    letGo(stage, frames);
  } else stage.effects.push({ kind: 'hand_on', to, event: said });
  delete state.unasked;
  stage.record('message.redirected', { tried });
}

function carriedWith({ state }: Stage, frames: readonly Frame[]): Carried {
  const { locale, shared, arms, timers = {} } = state;
  const ids = new Set(frames.map(({ id }) => id));
  const own = Object.entries(timers).filter(([name]) => ids.has(Number.parseInt(name, 10)));
  return {
    locale,
    frames: [...frames],
    ...(shared && { shared }),
    ...(arms && { arms }),
    ...(own.length > 0 && { timers: Object.fromEntries(own) }),
  };
}

/** Their listeners and calls go with them. */
function letGo(stage: Stage, frames: readonly Frame[]): void {
  const { state } = stage;
  for (const frame of frames) {
    stage.clearTimers(frame);
    if (state.offer?.frame === frame.id) delete state.offer;
    if (state.form?.frame === frame.id) delete state.form;
  }
  state.frames = state.frames.filter((frame) => !frames.includes(frame));
  const below = stage.top;
  if (below) below.waiting = true;
}

/** She is told here. Where a human has her conversation, or she must not be written to any more, a human finds it among the tasks. */
export function takeUp(stage: Stage, event: Extract<Event, { kind: 'redirected' }>): void {
  const { from, messages, tried, state } = event;
  const carried = state as unknown as Carried | undefined;
  const isFree = !stage.state.human && !stage.scene.unheard;
  if (isFree) {
    if (carried !== undefined) stage.state.locale = localeFor(stage.bot, carried.locale);
    greet(stage, false);
    leaveRepairs(stage);
  }
  if (carried !== undefined) takeOver(stage, carried, from.conversation);
  stage.state.unasked = tried;
  if (!isFree) return handToHumans(stage, messages);
  for (const { unasked: _, form: __, choices = [], ...message } of messages) {
    // A choice of before is known here by its words.
    stage.say(
      message,
      choices.map(({ label }) => ({ label, does: { says: label } })),
    );
  }
  const top = stage.top;
  if (carried !== undefined && top?.waiting) again(stage, top);
}

function handToHumans(stage: Stage, messages: readonly Message[]): void {
  stage.handoff({
    mode: 'background',
    queue: 'default',
    priority: 'normal',
    reason: 'customer.unreachable',
    attach: { said: messages.map(({ text }) => text) },
  });
}
