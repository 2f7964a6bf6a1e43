import type { Counter } from './counter.ts';
import type { Policy } from './policy.ts';

/** Where an agent holds a conversation, or is offered it. */
const HERS = ['offered', 'active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up'];
const MOST = 1_000;

/**
 * Who does not work here any more leaves nobody alone: what was hers goes back into its queue. Looked for each time, since nobody tells
 * when a name goes from `parley.yaml`. Where no agents are named at all, anybody may be one.
 */
export async function releaseOrphans(counter: Counter, { agents }: Policy): Promise<void> {
  if (agents.length === 0) return;
  const known = new Set(agents.map(({ name }) => name));
  for (const { conversation, version, agent } of await counter.store.desk.stands(HERS, MOST)) {
    if (agent === undefined || known.has(agent)) continue;
    await counter.give({ conversation, command: `left:${version}:${agent}`, happening: { on: 'left', agent } });
  }
}
