/**
 * Learning from the flows' examples: their features, a weight for each, and then, on examples held back, how far to trust the outcome.
 * Deterministic: the same examples make the same model.
 */
import { calibrate, type Trial } from './calibrate.ts';
import { rank } from './classify.ts';
import type { Examples, Model } from './model.ts';
import { heldBack } from './query.ts';
import { Rows } from './rows.ts';
import { type Example, gather, meant, NONE, type School, STRANGE, weighted } from './school.ts';
import { train } from './svm.ts';
import { worthOf } from './vocabulary.ts';

/** Raised whenever the same examples would make another model: what was kept is then learnt again. */
export const LEARNING = 2;

/** Examples of a flow are dealt to so many folds. */
const FOLDS = 8;
/** Each fold that is held back costs another training: two of them, or one where that is long (features × flows). */
const LONG = 1_000_000;

export function learn(examples: readonly Example[]): Model {
  const school = gather(examples);
  const everything = Int32Array.from(school.labels, (_, text) => text).filter(
    (text) => school.labels[text] !== STRANGE,
  );
  const model = study(school, everything);
  return { ...model, calibration: calibrate(trials(school, everything)) };
}

function study(school: School, members: Int32Array): Model {
  const { worth, rare } = worthOf(school, members, school.table.size);
  const values = weighted(school, members, worth);
  const whole = meant(school, values);
  const rows = new Rows(school.classes, whole.features);
  train({ ...school, ...whole, members }, (flow, weights) => rows.add(flow, weights));
  return {
    flows: school.flows,
    vocabulary: { ...school.table, worth, rare },
    ...rows.done(),
    examples: keep(school, members, values),
    calibration: { slope: 1, offset: 0 },
  };
}

/** The members' examples, flow by flow. */
function keep({ starts, ids, labels, weights, classes }: School, members: Int32Array, values: Float32Array): Examples {
  const own = members.filter((text) => (labels[text] as number) >= 0);
  own.sort((a, b) => (labels[a] as number) - (labels[b] as number) || a - b);
  const kept = {
    firsts: new Int32Array(classes + 1),
    starts: new Int32Array(own.length + 1),
    ids: new Int32Array(own.reduce((sum, text) => sum + lengthOf(starts, text), 0)),
  };
  const scaled = new Float32Array(kept.ids.length);
  let at = 0;
  for (const [place, text] of own.entries()) {
    const start = starts[text] as number;
    const length = lengthOf(starts, text);
    kept.ids.set(ids.subarray(start, start + length), at);
    for (let k = 0; k < length; k++) scaled[at + k] = (values[start + k] as number) * (weights[text] as number);
    at += length;
    kept.starts[place + 1] = at;
    const next = (labels[text] as number) + 1;
    kept.firsts[next] = (kept.firsts[next] as number) + 1;
  }
  for (let flow = 1; flow <= classes; flow++)
    kept.firsts[flow] = (kept.firsts[flow] as number) + (kept.firsts[flow - 1] as number);
  return { ...kept, values: scaled };
}

function lengthOf(starts: Int32Array, text: number): number {
  return (starts[text + 1] as number) - (starts[text] as number);
}

/** What models that have not seen a fold say of it. */
function trials(school: School, members: Int32Array): Trial[] {
  const { labels, weights } = school;
  const places = new Map<number, number>();
  const folds = Int32Array.from(members, (text) => {
    const label = labels[text] as number;
    const place = places.get(label) ?? 0;
    places.set(label, place + 1);
    return place % FOLDS;
  });
  const rounds = school.ids.length * school.classes > LONG ? 1 : 2;
  return Array.from({ length: rounds }, (_, fold) => {
    const model = study(
      school,
      members.filter((_, i) => folds[i] !== fold),
    );
    return [...members].flatMap((text, i): Trial[] => {
      const label = labels[text] as number;
      // What a flow's only example would have said cannot be known without it; and nobody says a description.
      const isLone = label !== NONE && (places.get(label) ?? 0) < 2;
      if (folds[i] !== fold || isLone || (weights[text] as number) < 1) return [];
      const [best] = rank(heldBack(school, text, model.vocabulary), model);
      return [{ raw: best?.raw ?? 0, right: label !== NONE && best?.flow === label, stranger: label === NONE }];
    });
  }).flat();
}
