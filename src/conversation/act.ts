import type { Command } from '../understanding/understanding.ts';
import { decide } from './decide.ts';
import { advance } from './stack.ts';
import type { Stage } from './stage.ts';
import { keepWishes } from './wishes.ts';

/**
 * Several moves in one message, in an order in which each of them counts: first what gives up, then what corrects, then what answers and
 * begins, and questions last. A wish for a human outweighs all others; what else she wants done is done afterwards.
 */
export function act(stage: Stage, commands: readonly Command[], words: string): void {
  const human = commands.find(({ do: move }) => move === 'human');
  if (human) return decide(stage, [human], words);
  const [first, ...later] = commands.filter((each) => each.do === 'start');
  const sets = commands.filter((each) => each.do === 'set');
  const steps = [
    ...each(commands, GIVING_UP),
    ...each(commands, CORRECTING),
    [...(first ? [first] : []), ...sets],
    ...(first || sets.length > 0 ? [] : each(commands, OTHER)),
    ...each(commands, ASKING),
  ].filter((step) => step.length > 0);
  for (const step of steps.length > 0 ? steps : each(commands, SMALL_TALK).slice(0, 1)) {
    decide(stage, step, words);
    advance(stage);
  }
  keepWishes(stage, later, sets);
}

const GIVING_UP: readonly Command['do'][] = ['cancel', 'stop'];
const CORRECTING: readonly Command['do'][] = ['correct'];
const OTHER: readonly Command['do'][] = ['skip', 'clarify', 'repeat'];
const ASKING: readonly Command['do'][] = ['ask'];
const SMALL_TALK: readonly Command['do'][] = ['chitchat'];

function each(commands: readonly Command[], moves: readonly Command['do'][]): readonly (readonly Command[])[] {
  return commands.filter((command) => moves.includes(command.do)).map((command) => [command]);
}
