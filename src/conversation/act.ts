import type { Command } from '../understanding/understanding.ts';
import { decide } from './decide.ts';
import { advance } from './stack.ts';
import type { Stage } from './stage.ts';
import { keepWishes, type WishCommand } from './wishes.ts';

/**
 * Several moves in one message, in an order in which each of them counts: first what gives up, then what corrects, then what answers and
 * begins, and questions last. A wish for a human outweighs all others; what else she wants done is done afterwards.
 */
export function act(stage: Stage, commands: readonly Command[], words: string): void {
  const human = commands.find(({ do: move }) => move === 'human');
  if (human) return decide(stage, [human], words);
  const answers = answersIn(stage, commands);
  const [first, ...later] = wishesIn(commands.filter((each) => !answers.includes(each)));
  const steps = [
    ...each(commands, GIVING_UP),
    ...each(commands, CORRECTING),
    answers,
    first ?? [],
    ...(first || answers.length > 0 ? [] : each(commands, OTHER)),
    ...each(commands, ASKING),
  ].filter((step) => step.length > 0);
  for (const step of steps.length > 0 ? steps : each(commands, SMALL_TALK).slice(0, 1)) {
    decide(stage, step, words);
    advance(stage);
  }
  keepWishes(stage, later);
}

/** What she answers before she comes to something else: it is for what is running, and not for that. */
function answersIn(stage: Stage, commands: readonly Command[]): readonly Command[] {
  const begins = commands.findIndex(({ do: move }) => move === 'start');
  return stage.top === undefined ? [] : commands.slice(0, Math.max(0, begins)).filter(({ do: move }) => move === 'set');
}

/** What is begun or answered, each wish with its values. What is said before the first flow is begun belongs to it, too. */
function wishesIn(commands: readonly Command[]): readonly (readonly WishCommand[])[] {
  const wishes: WishCommand[][] = [];
  for (const command of commands) {
    if (command.do !== 'start' && command.do !== 'set') continue;
    const last = wishes.at(-1);
    if (last === undefined || (command.do === 'start' && last.some((each) => each.do === 'start')))
      wishes.push([command]);
    else last.push(command);
  }
  return wishes;
}

const GIVING_UP: readonly Command['do'][] = ['cancel', 'stop'];
const CORRECTING: readonly Command['do'][] = ['correct'];
const OTHER: readonly Command['do'][] = ['skip', 'clarify', 'repeat'];
const ASKING: readonly Command['do'][] = ['ask'];
const SMALL_TALK: readonly Command['do'][] = ['chitchat'];

function each(commands: readonly Command[], moves: readonly Command['do'][]): readonly (readonly Command[])[] {
  return commands.filter((command) => moves.includes(command.do)).map((command) => [command]);
}
