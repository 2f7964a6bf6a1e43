import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inbound, Report, SendContext } from '../channel.ts';
import { ParleyError } from '../errors.ts';
import type { Event } from '../event.ts';
import { withoutCards } from '../privacy/card-number.ts';
import type { Conversation, Counts, Origin } from '../store/store.ts';
import { undelivered } from './elsewhere.ts';
import type { Accepted, Engine, Health, Operations } from './engine.ts';
import { Lane, Lanes } from './lane.ts';
import { entryOf } from './news.ts';
import { Outbox } from './outbox.ts';
import { type EngineParts, share } from './parts.ts';
import { Passives } from './passive.ts';
import { placeIn } from './report.ts';
import { Revision } from './revision.ts';
import { shownOf } from './shown.ts';
import { Timers } from './timers.ts';
import { type Refusal, refusalOf } from './verdict.ts';
import { Watchers } from './watchers.ts';
import { windowOf } from './windows.ts';
import { Work } from './work.ts';

/** An engine over a store. It owns neither the store nor the clock: who opened the store closes it, after `stop`. */
export function createEngine(parts: EngineParts): Engine & Operations {
  const shared = share(parts);
  const { store, clock } = shared;
  const watchers = new Watchers();
  const lanes = new Lanes(shared.hot, (conversation) => watchers.has(conversation));
  const work = new Work(shared, lanes, watchers, {
    delivery: (lane) => outbox.delivery(lane),
    begins: (lane) => outbox.begins(lane),
    heldUntil: (now) => outbox.heldUntil(now),
    effects: (lane, held, running) => outbox.perform(lane, held, running),
    freed: (due) => outbox.freed(due),
    timer: (at) => timers.set(at),
    handed: (conversation) =>
      void wake(conversation).catch((error: unknown) => shared.log.error('engine.wake_failed', { error })),
  });
  const passives = new Passives();
  const revision = new Revision(shared, watchers);
  const outbox: Outbox = new Outbox(shared, watchers, passives, {
    laneOf,
    woken: (lane) => work.wake(lane),
    refused,
    result: async (lane, { id, token }, call, outcome) => {
      await happen(lane, { kind: 'effect', id, token }, { kind: 'result', call: call.id, outcome });
    },
  });
  const timers: Timers = new Timers(shared, async ({ conversation, id, due }) => {
    const lane = await laneOf(conversation);
    if (lane !== undefined) await happen(lane, { kind: 'timer', id, due }, { kind: 'timer', id });
  });
  let counted: Counts = { quarantined: 0, dead: 0, oldestEffect: undefined, waiting: 0 };
  let counting: NodeJS.Timeout | undefined;
  let backlog: Promise<void> = Promise.resolve();

  function accept(inbound: Inbound, passive?: SendContext<unknown>['passive']): Promise<Accepted> {
    if (shared.stopping) return Promise.reject(refusal('engine.stopping', 'The engine is stopping.'));
    if (work.busy) return Promise.reject(refusal('engine.busy', 'Too many events are waiting.'));
    const lane = lanes.at(inbound.account, inbound.address) ?? begin(inbound);
    const deadline = shared.channels.get(inbound.account)?.channel.can.passive?.deadline;
    if (passive !== undefined && deadline !== undefined) passives.offer(lane, passive, deadline);
    const at = clock.now();
    const window = windowOf(inbound, at);
    return new Promise((resolve, reject) => {
      work.enter(lane, {
        origin: { kind: 'door', key: inbound.key },
        event: withoutCards(inbound.event),
        shown: undefined,
        attachments: inbound.attachments,
        ...(window === undefined ? {} : { window }),
        at,
        resolve(accepted) {
          // What comes through a door is never gone: its key is either new or known.
          const known = accepted as Accepted;
          if (known.duplicate && passive !== undefined) passives.withdraw(lane, passive);
          resolve(known);
        },
        reject(error) {
          if (passive !== undefined) passives.withdraw(lane, passive);
          reject(error);
        },
      });
    });
  }

  async function redeem(
    inbound: Inbound,
    code: string,
    words: string,
    passive?: SendContext<unknown>['passive'],
  ): Promise<Accepted | 'unknown' | 'here'> {
    if (shared.stopping) throw refusal('engine.stopping', 'The engine is stopping.');
    const { account, address, key } = inbound;
    const to = lanes.at(account, address) ?? begin(inbound);
    const at = clock.now();
    const window = windowOf(inbound, at);
    const shown = shownOf(key, { kind: 'message', text: words }, {});
    const redeemed = await store.redeem(
      code,
      {
        ...{ to, event: inbound.event, at },
        origin: { kind: 'door', key },
        ...(shown === undefined || inbound.event.kind !== 'message' ? {} : { shown }),
        ...(window === undefined ? {} : { window }),
      },
      to.channel,
    );
    switch (redeemed.outcome) {
      case 'unknown':
      case 'here':
        return redeemed.outcome;
      case 'duplicate':
        return { conversation: redeemed.id, seq: redeemed.seq, duplicate: true };
      case 'left': {
        const { id, seq, from, unparked } = redeemed;
        if (unparked) outbox.freed(at);
        const deadline = shared.channels.get(account)?.channel.can.passive?.deadline;
        if (passive !== undefined && deadline !== undefined) passives.offer(to, passive, deadline);
        if (shown !== undefined && seq > 0) watchers.tell(id, { kind: 'entries', entries: [entryOf(shown, seq, at)] });
        await wake(from);
        return { conversation: id, seq, duplicate: false };
      }
    }
  }

  /** Something has come into a conversation's inbox. */
  async function wake(conversation: number): Promise<void> {
    const lane = await laneOf(conversation);
    if (lane !== undefined) work.wake(lane);
  }

  /** What was said to her, from `seq` on, cannot reach her: her conversation hears of it once. */
  async function refused(lane: Lane, seq: number, { signal, reason }: Refusal): Promise<void> {
    // Where no word of hers means that she comes back, anything she writes does.
    const byWord = shared.channels.get(lane.account)?.channel.can.optOut === true;
    const name = byWord ? signal : 'channel.blocked';
    await happen(lane, { kind: 'door', key: `parley:${name}:${seq}` }, { kind: 'signal', name, data: { reason } });
  }

  async function report(account: string, told: Report): Promise<void> {
    const place = await placeIn(account, told, store);
    if (place === undefined) return;
    const { status, code } = told;
    const progress = { ...place, account, status, at: clock.now() };
    const changed = await store.progress(code === undefined ? progress : { ...progress, code });
    for (const { seq, status: now } of changed) watchers.tell(place.conversation, { kind: 'status', seq, status: now });
    if (status !== 'failed') return;
    if (changed.length > 0) shared.log.warn('engine.report_failed', { account, code: code ?? null });
    const stored = await store.find(place.conversation);
    const lane = stored === undefined ? undefined : await laneOf(stored.key);
    if (lane?.account !== account) return;
    await redirect(lane, place.seq);
    const refusal = code === undefined ? undefined : refusalOf(shared.channels.get(account)?.channel.failure?.(code));
    // Heard again, or before its send has ended, it is the same refusal: its key is.
    if (refusal !== undefined) await refused(lane, place.seq, refusal);
  }

  /** What she had not asked for has failed after it was sent: she is told elsewhere, once, however often the platform reports it. */
  async function redirect(lane: Lane, seq: number): Promise<void> {
    const [entry] = await store.transcript(lane.id, seq - 1, 1);
    if (shared.otherWay === undefined || entry?.status !== 'failed' || entry.message.unasked === undefined) return;
    const to = await shared.otherWay(lane.key, [...entry.message.unasked, lane.account]);
    const key = `parley:undelivered:${seq}`;
    if (to !== undefined) await happen(lane, { kind: 'door', key }, undelivered(to, [entry.message]));
  }

  /** What the engine itself makes happen. `false`: it had been taken already. */
  function happen(lane: Lane, origin: Origin, event: Event): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const at = clock.now();
      const done = (accepted: Accepted | undefined) => resolve(accepted !== undefined);
      work.enter(lane, { origin, event, shown: undefined, attachments: undefined, at, resolve: done, reject });
    });
  }

  function begin(inbound: Pick<Inbound, 'account' | 'address' | 'locale'>): Lane {
    const account = shared.channels.get(inbound.account);
    if (account === undefined) {
      throw new ParleyError('engine.unknown_account', `There is no account ${inbound.account}.`, {
        hint: 'Name it under `channels` in parley.yaml.',
      });
    }
    const id = publicId(clock.now());
    const lane = new Lane(id, inbound.account, inbound.address, account.channel.kind, inbound.locale ?? '');
    lanes.add(lane);
    return lane;
  }

  async function laneOf(key: number): Promise<Lane | undefined> {
    const known = lanes.of(key);
    if (known !== undefined) return known;
    const stored = await store.find(key);
    return stored === undefined ? undefined : (lanes.of(key) ?? adopt(stored));
  }

  /** A conversation that was read by its key. */
  function adopt(stored: Conversation): Lane | undefined {
    const known = lanes.at(stored.account, stored.address);
    if (known !== undefined) {
      known.key = stored.key;
      return known;
    }
    const channel = shared.channels.get(stored.account)?.channel.kind ?? '';
    const lane = new Lane(stored.id, stored.account, stored.address, channel, stored.locale);
    lane.key = stored.key;
    lanes.add(lane);
    lanes.begun(lane, stored.key);
    return lane;
  }

  /** What an earlier process accepted and did not turn, the longest waiting first. */
  async function workOffBacklog(): Promise<void> {
    while (!shared.stopping) {
      const busy = new Set(lanes.busy().map(({ key }) => key));
      const keys = (await store.backlog(BACKLOG + busy.size)).filter((key) => !busy.has(key));
      if (keys.length === 0) return;
      for (const key of keys.slice(0, BACKLOG)) {
        const lane = await laneOf(key);
        if (lane !== undefined) work.wake(lane);
      }
      await sleep(BACKLOG_EVERY);
    }
  }

  /**
   * What was being tried when the last process was killed is tried again before anything else happens, one after the other: should
   * this process be killed, too, it is clear by what. Bounded, so that nothing else waits long.
   */
  async function retryAlone(): Promise<void> {
    const end = performance.now() + ALONE;
    for (const key of await store.tried(BACKLOG)) {
      const lane = await laneOf(key);
      if (lane !== undefined) work.wake(lane);
      while (lane !== undefined && lanes.busy().includes(lane) && performance.now() < end) await sleep(1);
      if (performance.now() >= end) return;
    }
  }

  async function count(): Promise<void> {
    counted = await store.counts();
  }

  return {
    accept: async (inbound, passive) => accept(inbound, passive),
    redeem,
    report,
    edit: (conversation, seq, message) => revision.edit(conversation, seq, message),
    remove: (conversation, seq) => revision.remove(conversation, seq),
    find: async (account, address) => {
      const lane = lanes.at(account, address);
      if (lane !== undefined && lane.key !== 0) return lane.id;
      return (await store.load(account, address))?.id;
    },
    transcript: (conversation, after, limit) => store.transcript(conversation, after, limit),
    watch: (conversation, listener) => watchers.watch(conversation, listener),
    async readdress(account, from, to) {
      await store.readdress(account, from, to);
      const lane = lanes.at(account, from);
      if (lane !== undefined) lanes.move(lane, to);
    },
    async signal(name, data, key) {
      const woken = await store.signal({ name, data, key, at: clock.now() });
      for (const conversation of woken) {
        const lane = await laneOf(conversation);
        if (lane !== undefined) work.wake(lane);
      }
      return woken.length;
    },
    async seen(conversation, seq) {
      for (const read of await store.seen(conversation, seq)) {
        watchers.tell(conversation, { kind: 'status', seq: read, status: 'read' });
      }
    },
    health(): Health {
      const { quarantined, dead, oldestEffect, waiting } = counted;
      const outboxAge = oldestEffect === undefined ? 0 : Math.max(0, clock.now() - oldestEffect);
      return {
        ...{ store: store.health(), outboxAge, waiting, quarantined, dead },
        ...{ shut: outbox.shut, stopping: shared.stopping },
      };
    },
    async start() {
      await count();
      counting = setInterval(
        () => void count().catch((error) => shared.log.error('engine.count_failed', { error })),
        COUNT_EVERY,
      );
      counting.unref();
      if (store.interrupted) await retryAlone();
      await outbox.start();
      await timers.start();
      backlog = workOffBacklog().catch((error) => shared.log.error('engine.backlog_failed', { error }));
    },
    async stop(grace) {
      shared.stopping = true;
      timers.stop();
      outbox.stop();
      clearInterval(counting);
      const end = performance.now() + grace;
      while (!(work.quiet && outbox.quiet) && performance.now() < end) await sleep(LOOK_EVERY);
      shared.abort.abort();
      await backlog;
    },
    use: (turn) => {
      shared.turn = turn;
    },
    quarantined: () => store.quarantined(LIST),
    async replay(event) {
      const conversation = await store.replayEvent(event);
      const lane = conversation === undefined ? undefined : await laneOf(conversation);
      if (lane !== undefined) work.wake(lane);
      await count();
      return conversation !== undefined;
    },
    dead: () => store.dead(LIST),
    async resend(letter) {
      const revived = await store.replayLetter(letter, clock.now());
      if (revived) outbox.look();
      await count();
      return revived;
    },
  };
}

function refusal(code: string, message: string): ParleyError {
  return new ParleyError(code, message, { hint: 'Try again in a moment.', retryable: true });
}

/**
 * Unguessable (96 bits), and beginning with the time, so that new ones land side by side in the store's index instead of each on a
 * page of its own.
 */
function publicId(now: number): string {
  const bytes = Buffer.alloc(18);
  bytes.writeUIntBE(now, 0, 6);
  randomBytes(12).copy(bytes, 6);
  return bytes.toString('base64url');
}

const LIST = 1_000;
/** Conversations of an earlier process that are taken up at a time, so that a large backlog neither fills memory nor delays the new. */
const BACKLOG = 256;
const BACKLOG_EVERY = 5;
/** Milliseconds in which nothing but the retries after a kill happens. */
const ALONE = 2_000;
const COUNT_EVERY = 2_000;
const LOOK_EVERY = 5;
