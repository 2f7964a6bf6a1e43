/**
 * One linear support vector machine per class, the class against the rest, with squared hinge loss, by dual coordinate descent (Hsieh et
 * al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008) with shrinking: what is far on the right side is passed
 * over until the others have settled. Deterministic: the order of examples comes from a seeded generator.
 */
export interface Training {
  /** Example `i` is `starts[i]` to `starts[i + 1]` of `ids` and `values`, and has length 1. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  readonly values: Float32Array;
  /** The examples to learn from. */
  readonly members: Int32Array;
  /** By example: its class, or -1 for one that belongs to none and is against all. */
  readonly labels: Int32Array;
  /** By example: how much its errors weigh. */
  readonly costs: Float32Array;
  readonly classes: number;
  readonly features: number;
}

const COST = 2;
/**
 * What is against a class is many times more, and each weighs less for that, so that few examples are heard: in proportion to the root of
 * how many are for it, to one against (measured: docs/understanding.md).
 */
const AGAINST = 1.8;
/** Settled on all sets that were tried; the rest would move the fourth digit. */
const ROUNDS = 10;
const TOLERANCE = 0.1;
const SHRINK = 0.1;
const SEED = 20261121;

/** Tells each class's weights, one class after the other, in an array that is reused; the last weight is the bias. */
export function train(training: Training, take: (label: number, weights: Float64Array) => void): void {
  const weights = new Float64Array(training.features + 1);
  const alphas = new Float64Array(training.labels.length);
  const order = training.members.slice();
  const random = generator(SEED);
  for (let label = 0; label < training.classes; label++) {
    weights.fill(0);
    alphas.fill(0);
    descend(training, label, weights, alphas, order, random);
    take(label, weights);
  }
}

function descend(
  { starts, ids, values, labels, costs, features }: Training,
  label: number,
  weights: Float64Array,
  alphas: Float64Array,
  order: Int32Array,
  random: () => number,
): void {
  const own = order.reduce((count, example) => count + Number(labels[example] === label), 0);
  const against = Math.min(1, AGAINST * Math.sqrt(own / Math.max(1, order.length - own)));
  let active = order.length;
  for (let round = 0; round < ROUNDS; round++) {
    let most = 0;
    for (let i = 0; i < active; i++) {
      const other = i + (random() % (active - i));
      const example = order[other] as number;
      order[other] = order[i] as number;
      order[i] = example;
      const start = starts[example] as number;
      const end = starts[example + 1] as number;
      const sign = labels[example] === label ? 1 : -1;
      let margin = weights[features] as number;
      for (let at = start; at < end; at++) margin += (weights[ids[at] as number] as number) * (values[at] as number);
      const slack = 0.5 / (COST * (costs[example] as number) * (sign > 0 ? 1 : against));
      const alpha = alphas[example] as number;
      const gradient = sign * margin - 1 + slack * alpha;
      if (alpha === 0 && gradient > 0) {
        if (gradient > SHRINK) {
          active--;
          order[i] = order[active] as number;
          order[active] = example;
          i--;
        }
        continue;
      }
      if (Math.abs(gradient) > most) most = Math.abs(gradient);
      // An example has length 1, and 1 more for the bias.
      const next = Math.max(0, alpha - gradient / (2 + slack));
      const change = (next - alpha) * sign;
      alphas[example] = next;
      for (let at = start; at < end; at++) {
        const id = ids[at] as number;
        weights[id] = (weights[id] as number) + change * (values[at] as number);
      }
      weights[features] = (weights[features] as number) + change;
    }
    if (most >= TOLERANCE) continue;
    if (active === order.length) return;
    active = order.length;
  }
}

/** xorshift32: the same order everywhere, always. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
