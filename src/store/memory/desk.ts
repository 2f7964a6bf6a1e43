import type { DeskEffect } from '../../effect.ts';
import { entryIn } from '../audit.ts';
import {
  AWAY,
  awayLine,
  type DeskLine,
  type DeskTables,
  receiptLine,
  type StoredAgent,
  type StoredStand,
} from '../desk.ts';
import type { StoredEntry } from '../store.ts';
import { auditInMemory } from './audit.ts';
import { reviewsInMemory } from './review.ts';

export interface MemoryDesk extends DeskTables {
  /** Part of a turn's commit. */
  keep(conversation: { readonly key: number; readonly id: string }, effect: DeskEffect, at: number): void;
  /** Forgets lines of the log from before. How many. */
  prune(before: number, limit: number): number;
  /** An agent's words have come so far. */
  came(conversation: string, entry: StoredEntry, at: number): void;
  readonly append: ReturnType<typeof auditInMemory>['append'];
}

/** The desk's lists and log of the store without a disk. */
export function deskInMemory(): MemoryDesk {
  const stands = new Map<string, StoredStand>();
  const epochs = new Map<number, number>();
  const lines: DeskLine[] = [];
  let lastLine = 0;
  const agents = new Map<string, StoredAgent>();
  const audit = auditInMemory();
  const known = (name: string): StoredAgent =>
    agents.get(name) ?? { name, presence: 'offline', since: 0, misses: 0, given: 0 };

  function write(conversation: string, at: number, line: DeskLine['line']): void {
    lastLine += 1;
    lines.push({ id: lastLine, conversation, at, line });
    const entry = entryIn(line, conversation, at);
    if (entry !== undefined) audit.append(entry);
  }

  function miss(name: string, limit: number, at: number): boolean {
    const agent = known(name);
    const misses = agent.misses + 1;
    const goes = misses >= limit && agent.presence === 'available';
    agents.set(name, goes ? { ...agent, presence: AWAY, since: at, misses: 0 } : { ...agent, misses });
    return goes;
  }

  return {
    ...audit,
    ...reviewsInMemory(),
    prune(before, limit) {
      const old = lines.filter(({ at }) => at < before).slice(0, limit);
      for (const line of old) lines.splice(lines.indexOf(line), 1);
      return old.length;
    },
    came(conversation, { seq, from, message, status }, at) {
      const stand = stands.get(conversation);
      if (stand === undefined || from !== 'agent' || message.said === undefined) return;
      write(conversation, at, receiptLine(seq, status, stand));
    },
    keep({ key, id }, { stand, lines: told, missed = [], limit }, at) {
      const before = stands.get(id);
      stands.set(id, { ...stand, conversation: id });
      epochs.set(key, stand.epoch);
      for (const line of told) write(id, at, line);
      for (const name of missed) if (miss(name, limit, at)) write(id, at, awayLine(name, stand));
      if (stand.agent === undefined || stand.agent === before?.agent) return;
      const given = { ...known(stand.agent), given: at };
      agents.set(stand.agent, stand.at === 'offered' ? given : { ...given, misses: 0 });
    },
    stands: async (at, limit) =>
      [...stands.values()]
        .filter((stand) => at.includes(stand.at))
        .toSorted((one, other) => one.opened - other.opened)
        .slice(0, limit),
    ended: async (limit) =>
      [...stands.values()]
        .filter(({ at }) => at === 'closed' || at === 'bot')
        .toSorted((one, other) => other.opened - one.opened)
        .slice(0, limit),
    asking: async (limit) =>
      [...stands.values()]
        .filter(({ tasks = 0 }) => tasks > 0)
        .toSorted((one, other) => one.opened - other.opened)
        .slice(0, limit),
    stand: async (conversation) => stands.get(conversation),
    epoch: async (conversation) => epochs.get(conversation) ?? 0,
    lines: async (after, limit) => lines.filter(({ id }) => id > after).slice(0, limit),
    history: async (conversation, limit) => lines.filter((one) => one.conversation === conversation).slice(-limit),
    answer: async (conversation, command) =>
      lines.find((one) => one.conversation === conversation && one.line.command === command),
    agents: async () => [...agents.values()],
    async setPresence(name, presence, at) {
      agents.set(name, { ...known(name), presence, since: at, misses: 0 });
      audit.append({ at, what: 'presence', by: name, data: { presence } });
    },
  };
}
