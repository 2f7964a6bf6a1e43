/** Lets an understanding hear every utterance of a suite as a first message, and writes down what it made of each. */
import type { Command, Context, Ranked, Understanding } from '../understanding/understanding.ts';
import type { Utterance } from './suite.ts';

export interface Heard extends Utterance {
  /** What would have happened. */
  readonly became: 'started' | 'asked' | 'refused';
  /** The flows that were started or asked about. */
  readonly flows: readonly string[];
  /** The closest flow, whatever came of it; `undefined` where nothing of the utterance is known. */
  readonly closest: Ranked | undefined;
  readonly microseconds: number;
}

/** An understanding that tells how close the flows are, too. */
export type Measurable = Understanding & Required<Pick<Understanding, 'rank'>>;

/** Each utterance is timed so often, and the shortest time counts: what disturbs a machine only ever adds. */
const TRIES = 3;

/** @param clock milliseconds, as fine as they come */
export function listen(understanding: Measurable, utterances: readonly Utterance[], clock: () => number): Heard[] {
  return utterances.map((utterance) => {
    const context = { ...STRANGER, locale: utterance.locale };
    const times = Array.from({ length: TRIES }, () => {
      const began = clock();
      understanding.understand(utterance.text, context);
      return (clock() - began) * 1_000;
    });
    const commands = understanding.understand(utterance.text, context);
    const [closest] = understanding.rank(utterance.text);
    return { ...utterance, ...became(commands), closest, microseconds: Math.min(...times) };
  });
}

const STRANGER: Omit<Context, 'locale'> = { now: 0, timezone: 'UTC', known: [], busy: false };

/** A greeting, a wish for a human or a plain question starts no flow either. */
function became(commands: readonly Command[]): Pick<Heard, 'became' | 'flows'> {
  for (const command of commands) {
    if (command.do === 'start') return { became: 'started', flows: [command.flow] };
    if (command.do === 'clarify') return { became: 'asked', flows: command.flows };
  }
  return { became: 'refused', flows: [] };
}
