/** Lets an understanding hear every utterance of a suite as a first message, and writes down what it made of each. */

import type { Json } from '../type.ts';
import type { Command, Context, Doubt, Ranked, SecondOpinion, Understanding } from '../understanding/understanding.ts';
import type { Utterance } from './suite.ts';

export interface Heard extends Utterance {
  /** What would have happened. */
  readonly became: 'started' | 'asked' | 'refused';
  /** The flows that were started or asked about. */
  readonly flows: readonly string[];
  /** The closest flow, whatever came of it; `undefined` where nothing of the utterance is known. */
  readonly closest: Ranked | undefined;
  readonly microseconds: number;
  /** Why a model was asked, where one was. */
  readonly asked?: Doubt['reason'];
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

/** What a model says to the words; `undefined`: it failed to. */
export type AskModel = (text: string, context: Context, closest: readonly Ranked[]) => Promise<Json | undefined>;

/** As {@link listen} has heard them, but where that was not sure, as a model makes of them. Few are asked at once. */
export async function listenTwice(
  understanding: Measurable & { readonly second: SecondOpinion },
  heard: readonly Heard[],
  ask: AskModel,
): Promise<readonly Heard[]> {
  const { second } = understanding;
  const again = [...heard];
  const left = heard.entries();
  async function work(): Promise<void> {
    for (const [index, each] of left) {
      const context = { ...STRANGER, locale: each.locale };
      const doubt = second.doubt(each.text, context, understanding.understand(each.text, context));
      if (doubt === undefined) continue;
      const answer = await ask(each.text, context, understanding.rank(each.text));
      const { commands } = second.weigh(answer ?? null, each.text, context);
      again[index] = { ...each, ...(commands.length > 0 && meant(commands, each)), asked: doubt.reason };
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return again;
}

const AT_ONCE = 4;

/** The flow that a model starts first is the closest, whatever the embedded one thought. */
function meant(commands: readonly Command[], { closest }: Heard): Pick<Heard, 'became' | 'flows' | 'closest'> {
  const { became: end, flows } = became(commands);
  const [flow] = flows;
  const isTold = end === 'started' && flow !== undefined;
  return { became: end, flows, closest: isTold ? { flow, confidence: 1, share: 1, likeness: 1 } : closest };
}

export const STRANGER: Omit<Context, 'locale'> = { now: 0, timezone: 'UTC', known: [], busy: false };

/** A greeting, a wish for a human or a plain question starts no flow either. */
function became(commands: readonly Command[]): Pick<Heard, 'became' | 'flows'> {
  for (const command of commands) {
    if (command.do === 'start') return { became: 'started', flows: [command.flow] };
    if (command.do === 'clarify') return { became: 'asked', flows: command.flows };
  }
  return { became: 'refused', flows: [] };
}
