import type { Card } from '../protocol.ts';
import { timeIn, useNow, useView } from './view.ts';

/** Milliseconds before the end at which a promise begins to be urgent. */
const SOON = 60_000;

/** The promise that runs out first, counting; of an offer, how long it stands. */
export function Due({ card, isShort = false }: { card: Card; isShort?: boolean }) {
  const { words, language } = useView();
  const now = useNow();
  const { until, due, agent, at } = card;
  if (at === 'offered' && until !== undefined && agent !== undefined) {
    const text = timeIn(until - now, language);
    return (
      <span class="due" data-how="offer" title={words.offerEnds(text)}>
        {isShort ? text : words.offerEnds(text)}
      </span>
    );
  }
  const [first] = due.toSorted((one, other) => one.at - other.at);
  if (first === undefined) return null;
  const left = first.at - now;
  const what = words.promises[first.clock] ?? first.clock;
  const text = timeIn(Math.abs(left), language);
  const long = left < 0 ? words.late(what, text) : words.due(what, text);
  return (
    <span class="due" data-how={left < 0 ? 'late' : left < SOON ? 'soon' : 'calm'} title={long}>
      {isShort ? `${left < 0 ? '+' : ''}${text}` : long}
      {isShort && <span class="hidden"> {long}</span>}
    </span>
  );
}
