import type { StoredStand } from '../store/desk.ts';
import type { Control } from './control.ts';
import type { Counter } from './counter.ts';
import type { Policy } from './policy.ts';
import { type Desk, type Match, route, type Waiting } from './routing.ts';

const WAITING = ['queued'];
/** What takes one of an agent's places. */
const TAKEN = ['offered', 'active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up'];
const MOST = 1_000;

/**
 * Offers waiting conversations to agents who are there. It decides nothing: an offer is a command like any other, and does nothing where
 * somebody was quicker. So it may be run at any time, again, and by several processes.
 */
export async function offerWaiting(counter: Counter, policy: Policy, now: number): Promise<readonly Match[]> {
  const { desk } = counter.store;
  const [waiting, taken, agents] = await Promise.all([
    desk.stands(WAITING, MOST),
    desk.stands(TAKEN, MOST),
    desk.agents(),
  ]);
  if (waiting.length === 0) return [];
  const desks = policy.agents.map((agent): Desk => {
    const known = agents.find(({ name }) => name === agent.name);
    const presence = (known?.presence ?? 'offline') as Desk['presence'];
    const load = taken.filter((stand) => stand.agent === agent.name).length;
    return { agent, presence, load, given: known?.given ?? 0 };
  });
  const matches = route(waiting.map(waitingOf), desks, policy, now);
  for (const { conversation, agent } of matches) {
    const stand = waiting.find((one) => one.conversation === conversation);
    if (stand === undefined) continue;
    const { version } = stand;
    const command = `offer:${version}:${agent}`;
    await counter.give({ conversation, command, version, happening: { on: 'offered', agent } });
  }
  return matches;
}

function waitingOf({ conversation, control }: StoredStand): Waiting {
  const { stretch } = control as unknown as Control;
  return {
    conversation,
    queue: stretch?.queue ?? '',
    priority: stretch?.priority ?? 'normal',
    opened: stretch?.opened ?? 0,
    asked: stretch?.asked ?? [],
    ...(stretch?.preferred === undefined ? {} : { preferred: stretch.preferred }),
  };
}
