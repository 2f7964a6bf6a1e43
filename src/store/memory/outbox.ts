import { droppedEntry, STALE } from '../audit.ts';
import type { DeadLetter, HeldEffect, Hold, Settlement, Store } from '../store.ts';
import type { Allowances } from './allowance.ts';
import type { Deliveries } from './delivery.ts';
import type { MemoryDesk } from './desk.ts';
import type { Inbox } from './inbox.ts';
import { heldOf, lowest, type OpenEffect, ordered, type Tables } from './tables.ts';

/** Effects on their way out: held by one at a time, ended once. */
export function outboxIn(
  tables: Tables,
  {
    deliveries,
    allowances,
    desk,
    inbox,
  }: {
    readonly deliveries: Deliveries;
    readonly allowances: Allowances;
    readonly desk: MemoryDesk;
    readonly inbox: Inbox;
  },
) {
  const { conversations, effects, dead, freeOf } = tables;

  function claim({ now, until, limit, sending = nobody }: Parameters<Store['claim']>[0]): HeldEffect[] {
    for (const effect of effects.values()) if (effect.until > 0 && effect.until <= now) effect.until = 0;
    const stays = ({ conversation, work }: OpenEffect) => work.kind === 'send' && sending(conversation);
    const due = [...effects.values()].filter((effect) => effect.until === 0 && effect.due <= now && !stays(effect));
    const keys = new Set(due.sort((a, b) => a.due - b.due || a.id - b.id).map(({ conversation }) => conversation));
    return [...keys].slice(0, limit).flatMap((key) => {
      const free = freeOf(key).filter((effect) => !stays(effect));
      const sendsDue = free.some(({ work, due: at }) => work.kind === 'send' && at <= now);
      const claimed = free.filter((effect) => (effect.work.kind === 'send' ? sendsDue : effect.due <= now));
      return claimed.map((effect) => {
        effect.until = until;
        effect.token += 1;
        return effect.begun ? { ...heldOf(effect), begun: 'before' } : heldOf(effect);
      });
    });
  }

  function heldBy({ id, token }: Hold): OpenEffect | undefined {
    const effect = effects.get(id);
    return effect === undefined || effect.token !== token || effect.until === 0 ? undefined : effect;
  }

  function settle({ others = [], receipts = [], spent, next, ...first }: Settlement): boolean {
    const { end } = first;
    const lead = effects.get(first.id);
    if (!endOne(first, end)) return false;
    const hasParts = end.kind !== 'dead' && end.kind !== 'elsewhere';
    for (const other of others) endOne(other, hasParts ? { ...end, parts: 0 } : end);
    // What was sent together is told of together.
    if (end.kind === 'elsewhere' && lead !== undefined) inbox.enqueue(lead.conversation, end.event, end.at, 0);
    if (lead?.work.kind === 'send') {
      const { seq } = lead.work;
      const members = others.map((_, index) => seq + index + 1);
      if (end.kind === 'done') deliveries.merge(lead.conversation, seq, members);
      deliveries.receive(lead.conversation, seq, receipts);
    }
    if (spent !== undefined) allowances.spend(spent);
    if (next !== undefined) begin(next, next.part);
    return true;
  }

  function endOne(hold: Hold, end: Settlement['end']): boolean {
    const effect = heldBy(hold);
    if (effect === undefined) return false;
    const { id, work, conversation } = effect;
    if (end.kind === 'retry' || end.kind === 'park') {
      putBack(effect, end);
      return true;
    }
    effects.delete(id);
    if (work.kind !== 'send') return true;
    const { seq, message } = work;
    if (end.kind === 'done') deliveries.sent(conversation, seq, end.status, end.parts ?? 1, end.at);
    else if (end.kind === 'elsewhere') deliveries.end(conversation, seq, 'failed', end.at);
    else {
      deliveries.end(conversation, seq, 'failed', end.at);
      const name = conversations.get(conversation)!.id;
      if (end.code === STALE) desk.append(droppedEntry(name, seq, end.at));
      const letter: DeadLetter = { id, conversation: name, seq, message, code: end.code, at: end.at };
      dead.set(id, { ...letter, effect: { ...effect, begun: false, work: { ...work, turn: seq } } });
    }
    return true;
  }

  function putBack(effect: OpenEffect, end: Extract<Settlement['end'], { kind: 'retry' | 'park' }>): void {
    const { work, conversation } = effect;
    const isOpenAgain = end.kind === 'park' && !allowances.close(conversation, end);
    const due = isOpenAgain ? end.at : end.due;
    const tries = end.kind === 'retry' ? end.tries : effect.tries;
    const back = { ...effect, until: 0, begun: false, due, tries };
    if (work.kind !== 'send') return void effects.set(effect.id, back);
    const { unsure: _, ...send } = work;
    effects.set(effect.id, { ...back, work: { ...send, parts: end.parts, ...(end.unsure && { unsure: true }) } });
    deliveries.requeue(conversation, work.seq);
  }

  /** @param part `undefined`: it is not being sent after all */
  function begin(hold: Hold, part: number | undefined): boolean {
    const effect = heldBy(hold);
    if (effect?.work.kind !== 'send') return false;
    const { work, conversation } = effect;
    effects.set(effect.id, { ...effect, begun: part !== undefined, work: { ...work, parts: part ?? work.parts } });
    if (part === undefined) deliveries.requeue(conversation, work.seq);
    else deliveries.mark(conversation, work.seq, 'sending');
    return true;
  }

  return {
    claim: async (which) => claim(which),
    settle: async (settlement) => settle(settlement),
    async release(held, due) {
      for (const { id, token, begun } of held) {
        if (begun === 'now') begin({ id, token }, undefined);
        const effect = effects.get(id);
        if (effect?.token === token) Object.assign(effect, { until: 0, due });
      }
    },
    begin: async (effect, part) => begin(effect, part),
    nextEffect: async () => lowest([...effects.values()].filter(({ until }) => until === 0).map(({ due }) => due)),
    allowance: async (conversation) => allowances.find(conversation),
    dead: async (limit) =>
      ordered(dead.values())
        .slice(0, limit)
        .map(({ effect: _, ...letter }) => letter),
    async replayLetter(letter, now) {
      const buried = dead.get(letter);
      if (buried === undefined) return false;
      dead.delete(letter);
      effects.set(letter, { ...buried.effect, token: buried.effect.token + 1, tries: 0, until: 0, due: now });
      deliveries.mark(buried.effect.conversation, buried.seq, 'queued');
      return true;
    },
  } satisfies Partial<Store>;
}

function nobody(): boolean {
  return false;
}
