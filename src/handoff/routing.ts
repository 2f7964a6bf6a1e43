import { isOpen } from './hours.ts';
import { type Agent, type Policy, PRIORITIES, type Presence, type Priority, queueOf } from './policy.ts';

/** A conversation that waits for an agent. */
export interface Waiting {
  readonly conversation: string;
  readonly queue: string;
  readonly priority: Priority;
  /** Since when she waits. */
  readonly opened: number;
  readonly asked: readonly string[];
  readonly preferred?: string;
}

/** An agent as things are now. */
export interface Desk {
  readonly agent: Agent;
  readonly presence: Presence;
  /** Conversations that take one of her places: offered, held, or being wrapped up. */
  readonly load: number;
  /** When she was last given one. */
  readonly given: number;
}

export interface Match {
  readonly conversation: string;
  readonly agent: string;
}

/**
 * Who is offered what: the most urgent first, of these the one that waits longest; to whoever has the skills, a free place and the
 * fewest conversations (or has waited longest for one). Pure: whether an offer still holds is decided where it arrives.
 */
export function route(waiting: readonly Waiting[], desks: readonly Desk[], policy: Policy, now: number): Match[] {
  const places = new Map(desks.map((desk) => [desk.agent.name, desk]));
  const matches: Match[] = [];
  for (const one of waiting.toSorted(byUrgency)) {
    const found = agentFor(one, [...places.values()], policy, now);
    if (found === undefined) continue;
    matches.push({ conversation: one.conversation, agent: found.agent.name });
    places.set(found.agent.name, { ...found, load: found.load + 1, given: now });
  }
  return matches;
}

function byUrgency(one: Waiting, other: Waiting): number {
  const urgency = PRIORITIES.indexOf(other.priority) - PRIORITIES.indexOf(one.priority);
  return urgency !== 0 ? urgency : one.opened - other.opened;
}

function agentFor(waiting: Waiting, desks: readonly Desk[], policy: Policy, now: number): Desk | undefined {
  const { hours, skills, routing } = queueOf(policy, waiting.queue);
  if (routing === 'manual' || !isOpen(hours, now)) return undefined;
  const fit = desks.filter(
    ({ agent, presence, load }) =>
      presence === 'available' &&
      load < agent.capacity &&
      agent.queues.includes(waiting.queue) &&
      skills.every((skill) => agent.skills.includes(skill)),
  );
  const preferred = fit.find(({ agent }) => agent.name === waiting.preferred && !waiting.asked.includes(agent.name));
  if (preferred !== undefined) return preferred;
  const unasked = fit.filter(({ agent }) => !waiting.asked.includes(agent.name));
  // Once everybody who is there has let it pass, they are asked again.
  const [first] = (unasked.length > 0 ? unasked : fit).toSorted(
    routing === 'longest_idle' ? byIdleness : (one, other) => one.load - other.load || byIdleness(one, other),
  );
  return first;
}

function byIdleness(one: Desk, other: Desk): number {
  return one.given - other.given || one.agent.name.localeCompare(other.agent.name);
}
