/**
 * How a customer sounds, learnt by the same classifier as the flows from sentences of our own (`phrases/feelings.ts`): what fixed words do
 * not tell, as in "how many more times do I have to ask". It learns when it is first needed.
 */
import { BACKGROUND } from './classify/background.ts';
import { classify } from './classify/classify.ts';
import { learn } from './classify/learn.ts';
import type { Model } from './classify/model.ts';
import { FEELINGS, type Feeling } from './phrases/feelings.ts';
import { Said } from './said.ts';

export interface Felt {
  readonly feeling: Feeling;
  /** Probability that it is this one, 0 to 1. */
  readonly confidence: number;
}

/** A word or two say too little about how somebody feels: fixed words are looked up elsewhere. Han characters count for themselves. */
const FEWEST_WORDS = 4;

/** `undefined` where it says too little, or nothing that is known. */
export function feelingIn(text: string): Felt | undefined {
  const said = new Said(text);
  if (said.words.length < FEWEST_WORDS) return undefined;
  model ??= learnt();
  const [best] = classify(said, model);
  return best === undefined ? undefined : { feeling: best.flow as Feeling, confidence: best.confidence };
}

let model: Model | undefined;

function learnt(): Model {
  const { calm, ...others } = FEELINGS;
  // Everyday sentences are mostly said calmly.
  const all = { ...others, calm: [...calm, ...BACKGROUND.en, ...BACKGROUND.zh] };
  return learn(
    Object.entries(all).flatMap(([feeling, texts]) => texts.map((text) => ({ flow: feeling, text, weight: 1 }))),
  );
}
