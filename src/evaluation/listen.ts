/** Lets an understanding hear every utterance of a suite as a first message, and writes down what it made of each. */
import type { Context, Ranked, Understanding } from '../understanding/understanding.ts';
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

/** @param clock milliseconds, as fine as they come */
export function listen(
  understanding: Required<Understanding>,
  utterances: readonly Utterance[],
  clock: () => number,
): Heard[] {
  return utterances.map((utterance) => {
    const began = clock();
    const [first] = understanding.understand(utterance.text, { ...STRANGER, locale: utterance.locale });
    const microseconds = (clock() - began) * 1_000;
    const [closest] = understanding.rank(utterance.text);
    return { ...utterance, ...becomes(first), closest, microseconds };
  });
}

const STRANGER: Omit<Context, 'locale'> = { now: 0, timezone: 'UTC', known: [], busy: false };

/** A greeting, a wish for a human or a plain question starts no flow either. */
function becomes(
  command: ReturnType<Understanding['understand']>[number] | undefined,
): Pick<Heard, 'became' | 'flows'> {
  if (command?.do === 'start') return { became: 'started', flows: [command.flow] };
  if (command?.do === 'clarify') return { became: 'asked', flows: command.flows };
  return { became: 'refused', flows: [] };
}
