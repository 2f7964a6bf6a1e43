import type { Whither } from '../event.ts';
import type { Settlement } from '../store/store.ts';
import type { Lane } from './lane.ts';
import type { Shared } from './parts.ts';
import type { Saying } from './send.ts';
import type { Delivered } from './verdict.ts';

/** What is told elsewhere: the first of a queue, and what was said in the same breath behind it. */
export interface Redirected {
  readonly said: readonly [Saying, ...Saying[]];
  readonly end: Extract<Settlement['end'], { kind: 'elsewhere' }>;
}

/**
 * What she has not asked for, and what certainly does not reach her here, is told by another of her ways: where the platform has refused
 * it for good, where its window is closed, where she has opted out here. Never where it may have reached her, unless it may be said
 * twice. `undefined`: it ends here as it has ended.
 *
 * It is her conversation that passes it on, by an event that is on disk together with this end: a kill loses nothing and says nothing
 * twice.
 */
export async function elsewhere(
  { otherWay, clock, log }: Shared,
  lane: Lane,
  said: readonly [Saying, ...Saying[]],
  behind: readonly Saying[],
  { end, unsure, stale }: Delivered,
): Promise<Redirected | undefined> {
  const [head] = said;
  const { unasked, repeatable } = head.work.message;
  const isOver = end?.kind === 'dead' || end?.kind === 'park';
  const mayBeTold = !stale && (!unsure || repeatable);
  if (otherWay === undefined || unasked === undefined || !isOver || !mayBeTold) return undefined;
  const to = await otherWay(lane.key, [...unasked, lane.account]);
  if (to === undefined) return undefined;
  const all = [...said, ...behind.filter(({ work }) => work.turn === head.work.turn && isUnasked(work))] as const;
  const messages = all.map(({ work }) => work.message);
  log.warn('engine.told_elsewhere', { account: lane.account, to: to.account });
  return {
    said: all as unknown as Redirected['said'],
    end: { kind: 'elsewhere', event: undelivered(to, messages), at: clock.now() },
  };
}

function isUnasked({ message }: Saying['work']): boolean {
  return message.unasked !== undefined;
}

export function undelivered(to: Whither, messages: readonly Saying['work']['message'][]) {
  return { kind: 'undelivered', to, messages } as const;
}
