import type { Hours } from './hours.ts';

/** How urgent; `high` comes before `normal`. */
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Times in milliseconds. */
export interface Policy {
  readonly queues: Readonly<Record<string, Queue>>;
  readonly agents: readonly Agent[];
  /** Offers in a row that an agent may miss before she is taken to be away. */
  readonly misses: number;
  /** After a conversation was closed, a customer who writes within this time comes back to the humans. */
  readonly reopen: number;
  /** Whom an agent has answered is asked how it was, when all is done. */
  readonly csat?: boolean;
  /** Where drafts of the bot are judged that no human has asked for. */
  readonly review?: ReviewDesk;
  /** For so long an agent may take back what she has said; absent: it goes out at once. */
  readonly undo?: number;
}

export interface ReviewDesk {
  readonly queue: string;
  /** So long a customer waits for an answer that must be approved. */
  readonly timeout: number;
}

export interface Queue {
  readonly skills: readonly string[];
  /** Absent: always open. */
  readonly hours?: Hours;
  /** How long an agent may think about an offer. */
  readonly offer: number;
  /** Who is offered the next one. */
  readonly routing: 'least_loaded' | 'longest_idle' | 'manual';
  /** How long a customer waits, while the team is there, before she is asked what she would rather do. */
  readonly maxWait?: number;
  /** How long an agent has after a conversation before its place is free again. */
  readonly wrapUp: number;
  /** How long after a handoff, while the team is there: see `clocks.ts`. */
  readonly sla: Partial<Readonly<Record<ClockKind, number>>>;
  /** In order of time. */
  readonly escalate: readonly Escalation[];
}

export type ClockKind = 'first_reply' | 'next_reply' | 'resolution';

/** What is done when a conversation has waited so long for an agent, while the team is there. */
export interface Escalation {
  readonly after: number;
  readonly priority?: Priority;
  readonly queue?: string;
}

export interface Agent {
  readonly name: string;
  /** What customers read; default: the name. */
  readonly shown?: string;
  readonly queues: readonly string[];
  readonly skills: readonly string[];
  /** Conversations at a time. */
  readonly capacity: number;
  /** What she is called where she works, by the kind of desk. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** `transfer_only`: takes what a colleague gives her, and is offered nothing. */
export type Presence = 'available' | 'busy' | 'away' | 'transfer_only' | 'offline';

/** A queue that a flow names and `parley.yaml` does not describe. */
export const PLAIN_QUEUE: Queue = {
  skills: [],
  offer: 45_000,
  routing: 'least_loaded',
  wrapUp: 60_000,
  sla: {},
  escalate: [],
};

export function queueOf(policy: Policy, name: string): Queue {
  return (Object.hasOwn(policy.queues, name) ? policy.queues[name] : undefined) ?? PLAIN_QUEUE;
}
