import type { Json } from '../type.ts';
import type { Command } from '../understanding/understanding.ts';
import { begin } from './decide.ts';
import { advance } from './stack.ts';
import type { Stage } from './stage.ts';

/** Another flow that she wants, said in one message with the one that came first, and what she said for it. */
export interface Wish {
  readonly flow: string;
  readonly set: Readonly<Record<string, Json>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What begins it, and what she said for it. */
export type WishCommand = Extract<Command, { do: 'start' | 'set' }>;
type SetCommand = Extract<Command, { do: 'set' }>;

/** Nobody remembers wanting more, or for longer. */
const MOST = 3;
const LATELY = 60 * 60_000;

/** Two wishes in one message: the first is being done, and the others are not forgotten. */
export function keepWishes(stage: Stage, later: readonly (readonly WishCommand[])[]): void {
  const wishes = later.flatMap((commands): Wish[] => {
    const start = commands.find((each) => each.do === 'start');
    const sets = commands.filter((each) => each.do === 'set');
    const set = Object.fromEntries(sets.map(({ slot, value }) => [slot, value]));
    return start ? [{ flow: start.flow, set, at: stage.now }] : [];
  });
  if (wishes.length > 0) stage.state.wishes = [...(stage.state.wishes ?? []), ...wishes].slice(0, MOST);
}

/** With nothing else to do, what she also wanted comes next. A human who has the conversation sees it in her own words. */
export function takeUpWishes(stage: Stage): void {
  const { state } = stage;
  if (state.human) delete state.wishes;
  while (state.wishes && state.frames.length === 0) {
    const [first, ...rest] = state.wishes;
    if (rest.length > 0) state.wishes = rest;
    else delete state.wishes;
    const title = first && stage.titleOf(first.flow);
    if (!first || title === undefined || stage.now - first.at > LATELY) continue;
    stage.say({ text: stage.phrase('next_wish', { flow: title }) });
    const sets = Object.entries(first.set).map(
      ([slot, value]): SetCommand => ({ do: 'set', slot, value, confidence: 1 }),
    );
    begin(stage, first.flow, sets, '');
    advance(stage);
  }
}
