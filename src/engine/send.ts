import type { Channel, Part, PlanContext, RawResponse, SendContext } from '../channel.ts';
import { codeOf } from '../errors.ts';
import type { Event } from '../event.ts';
import type { Message } from '../message.ts';
import type { HeldEffect, Send, Settlement } from '../store/store.ts';
import type { Breakers } from './breaker.ts';
import type { Deadline } from './deadline.ts';
import type { Lane } from './lane.ts';
import type { Pace } from './pace.ts';
import type { Shared } from './parts.ts';
import type { Passives } from './passive.ts';
import { patiently } from './patience.ts';
import { type Delivered, type Progress, verdictOf } from './verdict.ts';
import { lookThrough, NO_WINDOW, parked, type View } from './windows.ts';

/** What all sends share. */
export interface Means {
  readonly deadline: Deadline;
  readonly pace: Pace;
  readonly breakers: Breakers;
  readonly passives: Passives;
}

export type Saying = HeldEffect & { readonly work: Send };

/**
 * Says to the customer what belongs together: its parts in order, each under its own key. What a platform does is a verdict; only the
 * store's failures are thrown.
 *
 * Where a second one would be seen twice, each part is marked on disk before the platform is called: one that a crash left marked may
 * have arrived, and is not sent again.
 */
export async function deliver(
  shared: Shared,
  lane: Lane,
  said: readonly [Saying, ...Saying[]],
  means: Means,
): Promise<Delivered> {
  const [head] = said;
  const account = shared.channels.get(lane.account);
  if (account?.channel.send === undefined) {
    return { end: { kind: 'dead', code: 'channel.cannot_send', at: shared.clock.now() } };
  }
  const messages = said.map(({ work }) => work.message);
  const view =
    account.channel.can.window === undefined ? NO_WINDOW : await lookThrough(shared, lane, account.channel, messages);
  const delivery: Delivery = {
    shared,
    lane,
    head,
    messages,
    means,
    channel: account.channel,
    settings: account.settings,
    once: !account.channel.can.idempotent && !messages.every(({ repeatable }) => repeatable),
    at: { parts: head.work.parts, unsure: head.work.unsure === true },
    marked: head.begun === 'now',
    calls: 0,
    receipts: [],
  };
  if (head.begun === 'before' && delivery.once) {
    delivery.at.unsure = true;
    delivery.at.parts += 1;
  }
  const ended = await sayAll(delivery, view);
  const { calls, receipts, at } = delivery;
  if (view.remaining === undefined && receipts.length === 0 && !at.unsure) return ended;
  return {
    ...ended,
    ...(at.unsure ? { unsure: true } : {}),
    ...(view.remaining === undefined ? {} : { calls }),
    ...(receipts.length === 0 ? {} : { receipts }),
  };
}

interface Delivery {
  readonly shared: Shared;
  readonly lane: Lane;
  readonly head: Saying;
  readonly messages: readonly Message[];
  readonly means: Means;
  readonly channel: Channel;
  readonly settings: unknown;
  /** A part whose fate is unknown must not be sent again. */
  readonly once: boolean;
  readonly at: Progress;
  /** It is on disk that the next part is being sent. */
  marked: boolean;
  calls: number;
  readonly receipts: { readonly part: number; readonly id: string }[];
}

async function sayAll(delivery: Delivery, view: View): Promise<Delivered> {
  const { shared, at } = delivery;
  const parts = planned(delivery, view);
  if (parts === undefined) return { end: { kind: 'dead', code: 'channel.plan_failed', at: shared.clock.now() } };
  while (at.parts < parts.length) {
    const silenced = await whySilent(delivery);
    if (silenced !== undefined) return { end: { kind: 'dead', code: silenced, at: shared.clock.now() } };
    const hindered = hinder(delivery, view);
    if (typeof hindered === 'object') return { end: hindered };
    if (hindered > 0) await rest(hindered, shared.abort.signal);
    const failed = await call(delivery, parts[at.parts]!, view);
    if (failed !== undefined) return failed;
  }
  const status = at.unsure ? 'unknown' : 'sent';
  return { end: { kind: 'done', status, parts: parts.length, at: shared.clock.now() } };
}

/**
 * A plan that throws is a mistake in the channel: it would throw again. What has been sent of it still counts as remaining: a channel
 * that merges by what remains would otherwise make fewer parts the second time, and those that are missing would never be said.
 */
function planned({ shared, lane, channel, settings, messages, at }: Delivery, view: View): readonly Part[] | undefined {
  const locale = lane.spoken;
  const { publicUrl } = shared;
  const context: PlanContext = publicUrl === undefined ? { locale, settings } : { locale, settings, publicUrl };
  try {
    if (view === NO_WINDOW) return channel.plan(messages, context);
    return channel.plan(messages, {
      ...context,
      ...(view.remaining === undefined ? {} : { remaining: view.remaining + at.parts }),
      ...(view.template === undefined ? {} : { template: view.template }),
    });
  } catch (error) {
    shared.log.error('engine.plan_failed', { error, account: lane.account });
    return undefined;
  }
}

/** Why the next part may not be sent now, as its end; or in how many milliseconds it may. */
function hinder(delivery: Delivery, view: View): Settlement['end'] | number {
  const { shared, lane, head, at, means, channel } = delivery;
  if (!view.open || (view.remaining !== undefined && delivery.calls >= view.remaining))
    return parkedEnd(delivery, view);
  if (channel.can.rates === undefined) return 0;
  const now = shared.clock.now();
  const slot = means.pace.book({ account: lane.account, conversation: lane.key }, channel.can.rates, now);
  if (!slot.booked) return { kind: 'retry', due: slot.at, parts: at.parts, tries: head.tries, unsure: at.unsure };
  return slot.at - now;
}

/** One part to the platform. `undefined`: go on with the next. */
async function call(delivery: Delivery, part: Part, view: View): Promise<Delivered | undefined> {
  const { shared, lane, head, at, means, channel, settings } = delivery;
  if (shared.abort.signal.aborted) return { end: undefined };
  if (!channel.can.idempotent && !delivery.marked) {
    const held = await patiently(shared, () => shared.store.begin(head, at.parts));
    // Somebody else has it now.
    if (!held) return { end: undefined };
  }
  const stale = shared.fence === undefined ? undefined : await fenced(delivery, shared.fence);
  if (stale !== undefined) {
    shared.log.warn('engine.send_fenced', { account: lane.account, code: stale });
    return { end: { kind: 'dead', code: stale, at: shared.clock.now() }, stale: true };
  }
  delivery.marked = false;
  const key = `${lane.id}.${head.work.seq}.${at.parts}`;
  const context: SendContext<unknown> = { settings, address: lane.address, key, signal: means.deadline.signal() };
  const passive = channel.can.passive === undefined ? undefined : means.passives.take(lane);
  let answered = false;
  const answer = async (response: RawResponse) => {
    await passive?.(response);
    answered = true;
  };
  try {
    const { id, reported } = await channel.send!(
      part,
      passive === undefined ? context : { ...context, passive: answer },
    );
    if ((channel.can.edit || reported) && id !== undefined) delivery.receipts.push({ part: at.parts, id });
  } catch (error) {
    // Nothing has left; there is no such call to answer any more.
    if (passive !== undefined && codeOf(error) === 'channel.passive_gone') {
      delivery.marked = true;
      return undefined;
    }
    return failure(delivery, view, error);
  }
  means.breakers.passed(lane.account);
  // A try before this one may have got through: now it has arrived in any case.
  if (!delivery.once) at.unsure = false;
  at.parts += 1;
  // An answer is none of the messages that a window counts.
  if (!answered) delivery.calls += 1;
  return undefined;
}

/** Asked after everything that is waited for: from here to the platform's call nothing else is committed. */
async function fenced(
  { shared, lane, messages }: Delivery,
  fence: NonNullable<Shared['fence']>,
): Promise<string | undefined> {
  const epoch = await shared.store.desk.epoch(lane.key);
  return epoch === 0 ? undefined : messages.map((message) => fence(epoch, message)).find((code) => code !== undefined);
}

async function failure(delivery: Delivery, view: View, error: unknown): Promise<Delivered | undefined> {
  const { shared, lane, head, at, means, channel, once } = delivery;
  if (codeOf(error).startsWith('store.')) throw error;
  if (shared.abort.signal.aborted) return { end: undefined };
  const verdict = channel.classify?.(error) ?? ({ kind: 'unknown' } as const);
  const attempt = head.tries + 1;
  shared.log.warn('engine.send_failed', { error, account: lane.account, kind: verdict.kind, attempt });
  switch (verdict.kind) {
    case 'unknown':
      at.unsure = true;
      if (!once) break;
      // We say that we do not know rather than repeat ourselves; what follows is said.
      at.parts += 1;
      delivery.calls += 1;
      return undefined;
    case 'window_closed':
    case 'quota_exhausted':
      return closed(delivery, view, verdict.kind);
    default:
      return verdictOf(shared, means.breakers, lane, head, at, verdict);
  }
  return verdictOf(shared, means.breakers, lane, head, at, verdict);
}

/** The platform counts otherwise than we do: its word holds. */
function closed(
  delivery: Delivery,
  view: View,
  kind: 'window_closed' | 'quota_exhausted',
): Delivered | Promise<Delivered> {
  const { channel, shared, messages } = delivery;
  if (channel.can.window === undefined)
    return { end: { kind: 'dead', code: `channel.${kind}`, at: shared.clock.now() } };
  const hasTemplate = messages.every(({ template }) => template !== undefined);
  if (kind === 'window_closed' && channel.can.window.templates && hasTemplate && view.template === undefined) {
    delivery.marked = true;
    return sayAll(delivery, { seen: view.seen, open: true, template: true });
  }
  return { end: parkedEnd(delivery, view) };
}

function parkedEnd({ shared, head, at }: Delivery, { seen }: View): Settlement['end'] {
  return parked(head.work, { ...at, seen, now: shared.clock.now() });
}

/**
 * Asked of the disk, and with what she has written that is not turned yet: a STOP that a crash left in the inbox counts already, and
 * so does one that came after this was said.
 */
async function whySilent({ shared, lane, channel, messages }: Delivery): Promise<string | undefined> {
  const { store, silences } = shared;
  const ruling = await store.ruling(lane.account, lane.address);
  const open = channel.can.optOut ? (await store.take(lane.key, OPEN)).map(({ event }) => event) : NOTHING;
  if (ruling === undefined && open.length === 0) return undefined;
  return messages.map((message) => silences(ruling, open, message)).find((code) => code !== undefined);
}

/** Events of one conversation that are looked through: more than a person writes before a bot takes its turn. */
const OPEN = 256;
const NOTHING: readonly Event[] = [];

/** Shorter when the engine ends: what is not sent then is found on disk. */
function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timeout);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timeout = setTimeout(wake, milliseconds);
    signal.addEventListener('abort', wake);
  });
}

/** Milliseconds for one part. */
export const SEND_TIMEOUT = 30_000;
