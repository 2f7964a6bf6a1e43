import { ParleyError } from '../errors.ts';
import type { Turn } from '../turn.ts';
import { STATE_LIMIT } from './parts.ts';

/** The state as it goes to disk. Throws `state.too_large`. */
export function stateOf(turn: Turn): string {
  const state = JSON.stringify(turn.state);
  // A UTF-16 unit is at most three bytes, so most states need no counting.
  if (state.length * 3 > STATE_LIMIT && Buffer.byteLength(state) > STATE_LIMIT) {
    throw new ParleyError('state.too_large', `The conversation's state is larger than ${STATE_LIMIT} bytes.`, {
      hint: 'Keep less in slots: a list that grows with every turn belongs into the system that owns it.',
    });
  }
  return state;
}
