import type { Control } from '../../handoff/control.ts';
import type { Inside } from './inside.ts';
import { fill } from './words.ts';

/** How the team is doing, and how much of it is hers: one line, from the desk's own lists. */
export async function numbersOf({ house, words, now }: Inside, agent: string): Promise<string> {
  const [waiting, live, ended] = await Promise.all([
    house.tables.stands(WAITING, MOST),
    house.tables.stands(LIVE, MOST),
    house.tables.ended(MOST),
  ]);
  const today = ended
    .map(({ control }) => (control as unknown as Control).stretch)
    .filter((stretch) => stretch?.ended !== undefined && stretch.ended.at > now() - DAY);
  const opened = waiting.map(({ control }) => (control as unknown as Control).stretch?.opened ?? now());
  return fill(words.numbers, {
    waiting: waiting.length,
    longest: opened.length === 0 ? 0 : Math.floor((now() - Math.min(...opened)) / MINUTE),
    live: live.length,
    ended: today.length,
    hers: today.filter((stretch) => stretch?.agent === agent).length,
  });
}

const WAITING = ['queued', 'offered'];
const LIVE = ['active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up'];
const MOST = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
