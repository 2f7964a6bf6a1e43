import type { Channel, Inbound } from '../channel.ts';
import type { Handoff } from '../effect.ts';
import type { Message } from '../message.ts';
import type { Allowance, Send, Settlement } from '../store/store.ts';
import type { Lane } from './lane.ts';
import type { Shared } from './parts.ts';

/** What an event lets us say. By the platform's clock, unless that runs ahead of ours. */
export function windowOf({ window, sentAt }: Inbound, now: number): Allowance | undefined {
  if (window === undefined) return undefined;
  const until = Math.min(sentAt ?? now, now) + window.lasts;
  return window.messages === undefined ? { until } : { until, messages: window.messages };
}

/** What the platform lets us say now. */
export interface View {
  /** Of the allowance: for {@link parked}. */
  readonly seen: number;
  readonly open: boolean;
  /** Calls of `send` that are left, where they are counted. */
  readonly remaining?: number;
  /** Only templates may be sent. */
  readonly template?: true;
}

/** Looks at the window of a conversation, on a platform that has windows. */
export async function lookThrough(
  { store, clock }: Shared,
  lane: Lane,
  { can }: Channel,
  messages: readonly Message[],
): Promise<View> {
  const { until, messages: left } = (await store.allowance(lane.key)) ?? NEVER;
  if (until > clock.now() && left !== 0) {
    return left === undefined ? { seen: until, open: true } : { seen: until, open: true, remaining: left };
  }
  const isTemplate = can.window?.templates === true && messages.every(({ template }) => template !== undefined);
  return isTemplate ? { seen: until, open: true, template: true } : { seen: until, open: false };
}

/** What cannot be said before the customer does something waits for that, and a human is told; too old, it is given up. */
export function parked(
  send: Send,
  at: { readonly parts: number; readonly unsure: boolean; readonly seen: number; readonly now: number },
): Settlement['end'] {
  const { parts, unsure, seen, now } = at;
  const due = send.at + PATIENCE;
  if (now >= due) return { kind: 'dead', code: 'channel.expired', at: now };
  return { kind: 'park', due, parts, unsure, seen, at: now, handoff: HANDOFF };
}

/** Where the platform has no windows. */
export const NO_WINDOW: View = { seen: 0, open: true };
const NEVER = { until: 0, messages: 0 };

/** Milliseconds after which an answer helps nobody any more. */
const PATIENCE = 7 * 86_400_000;

const HANDOFF: Handoff = {
  kind: 'handoff',
  id: 'channel.window_closed',
  mode: 'background',
  queue: 'default',
  priority: 'normal',
  reason: 'channel.window_closed',
  attach: {},
};
