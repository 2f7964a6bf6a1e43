/**
 * Which flow is meant. An example said word for word is one look-up; anything else is told by a classifier that has learnt from all
 * examples (`classify/`). It learns when it is first needed, or when told to: until then a bot costs nothing but its examples.
 */
import { classify } from './classify/classify.ts';
import { learn } from './classify/learn.ts';
import type { Model } from './classify/model.ts';
import type { Example } from './classify/school.ts';
import { unwrap } from './phrase.ts';
import { Said } from './said.ts';
import type { Ranked } from './understanding.ts';

export interface Triggers {
  /** The two or three flows that are closest, best first. */
  rank(said: Said): readonly Ranked[];
  /** What has been learnt; learns now if it has not yet. */
  readonly model: Model;
}

/** @param learnt from just these examples, by another thread or an earlier run */
export function createTriggers(examples: readonly Example[], learnt?: Model): Triggers {
  const exact = exactIndex(examples);
  let model = learnt;
  return {
    rank(said) {
      const key = anyNumber(said.key);
      const known = exact.get(key) ?? exact.get(unwrap(key));
      return known ?? classify(said, this.model);
    },
    get model() {
      model ??= learn(examples);
      return model;
    },
  };
}

/** An example said as it is written: certain, or equally two flows'. */
function exactIndex(examples: readonly Example[]): ReadonlyMap<string, readonly Ranked[]> {
  const exact = new Map<string, Ranked[]>();
  for (const { flow, text, weight } of examples) {
    if (weight < 1) continue;
    const said = anyNumber(new Said(text).key);
    for (const key of new Set([said, unwrap(said)])) {
      const all = exact.get(key) ?? [];
      if (!all.some((ranked) => ranked.flow === flow)) all.push({ flow, ...CERTAIN });
      exact.set(key, all);
    }
  }
  exact.delete('');
  return exact;
}

const CERTAIN = { confidence: 1, share: 1, likeness: 1 } as const;

/** In an example, one number stands for all: "where is AB123456" is also how one asks for CN200001. */
function anyNumber(key: string): string {
  return /\d/.test(key) ? key.replaceAll(/[a-z]*\d[a-z\d]*/g, '0') : key;
}
