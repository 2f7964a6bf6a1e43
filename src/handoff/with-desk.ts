import type { Effect } from '../effect.ts';
import type { Event } from '../event.ts';
import type { TakeTurn } from '../turn.ts';
import { type DeskParts, Shift } from './shift.ts';

/**
 * Conversations that can be given to humans. Whoever has one stands in its state, which no flow can see or touch; agents' commands are
 * events of its inbox, so of two that come in the same moment one is first. While a human has it the flows go on hearing the world, and
 * say nothing.
 *
 * A conversation that never had to do with a human pays for one look at what its turn wants done.
 */
export function withDesk(take: TakeTurn, parts: DeskParts): TakeTurn {
  return (state, event, scene) => {
    if (state?.desk === undefined && !isOfDesk(event)) {
      const turn = take(state, event, scene);
      if (!turn.effects.some(isForHumans)) return turn;
      return new Shift(take, parts, state, scene).begin(turn);
    }
    return new Shift(take, parts, state, scene).take(event);
  };
}

function isOfDesk(event: Event): boolean {
  if (event.kind === 'continued') return event.state.desk !== undefined;
  return event.kind === 'desk' || event.kind === 'agent';
}

function isForHumans({ kind }: Effect): boolean {
  return kind === 'handoff' || kind === 'draft';
}
