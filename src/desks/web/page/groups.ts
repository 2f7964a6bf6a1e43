import type { Card } from '../protocol.ts';
import { nameOf } from './view.ts';
import type { Words } from './words.ts';

export interface Group {
  readonly name: 'offered' | 'mine' | 'waiting' | 'decide' | 'others' | 'closed';
  readonly cards: readonly Card[];
}

const ENDED = ['closed', 'bot'];
const URGENCY = ['urgent', 'high', 'normal', 'low'];

/** In the order of what should be done first. */
export function groupsOf(cards: readonly Card[], me: string): readonly Group[] {
  const of = (name: Group['name'], isIn: (card: Card) => boolean, order: (one: Card, other: Card) => number) => ({
    name,
    cards: cards.filter(isIn).toSorted(order),
  });
  const isHers = ({ agent, consulted }: Card) => agent === me || consulted === me;
  const waits = ({ at }: Card) => at === 'queued' || at === 'offered';
  const isHeld = ({ at }: Card) => !ENDED.includes(at) && at !== 'queued' && at !== 'offered';
  return [
    of('offered', (card) => card.at === 'offered' && card.agent === me, byUrgency),
    of('mine', (card) => isHeld(card) && isHers(card), byDue),
    of('waiting', (card) => waits(card) && !(card.at === 'offered' && card.agent === me), byUrgency),
    of('decide', (card) => ENDED.includes(card.at) && asks(card), byUrgency),
    of('others', (card) => isHeld(card) && !isHers(card), byDue),
    of('closed', (card) => ENDED.includes(card.at) && !asks(card), byLast),
  ];
}

/** Something is to be decided or done, though nobody has her. */
function asks({ tasks = [] }: Card): boolean {
  return tasks.some(({ ended }) => ended === undefined);
}

/** Every word of the search stands somewhere in it. */
export function matches(card: Card, search: string, words: Words): boolean {
  const { customer, queue, reason, last, attach, outcome = '', conversation } = card;
  const known = `${JSON.stringify(customer.attributes)} ${JSON.stringify(attach)}`;
  const text = [nameOf(card, words), queue, reason, last?.text, outcome, conversation, known, customer.account]
    .join('\n')
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function byUrgency(one: Card, other: Card): number {
  const urgency = URGENCY.indexOf(one.priority) - URGENCY.indexOf(other.priority);
  return urgency !== 0 ? urgency : one.opened - other.opened;
}

function byDue(one: Card, other: Card): number {
  return firstDue(one) - firstDue(other) || one.opened - other.opened;
}

function byLast(one: Card, other: Card): number {
  return (other.last?.at ?? 0) - (one.last?.at ?? 0);
}

function firstDue({ due }: Card): number {
  return Math.min(Number.MAX_SAFE_INTEGER, ...due.map(({ at }) => at));
}
