import type { Vocabulary } from './vocabulary.ts';

/** What a classifier has learnt, as plain numbers: it can be kept in a file and handed to another thread. */
export interface Model {
  /** At most 65,535. */
  readonly flows: readonly string[];
  readonly vocabulary: Vocabulary;
  /** Row of feature `id`: `rowStarts[id]` to `rowStarts[id + 1]` of the next two, the flows it speaks for or against. */
  readonly rowStarts: Int32Array;
  readonly rowFlows: Uint16Array;
  readonly rowWeights: Int8Array;
  /** By flow: what one unit of its weights is worth, and how ready it is at all. */
  readonly scales: Float32Array;
  readonly biases: Float32Array;
  readonly examples: Examples;
  readonly calibration: Calibration;
}

/** The examples themselves, flow by flow: how close an utterance is to what was taught. */
export interface Examples {
  /** Flow `i` has the examples `firsts[i]` to `firsts[i + 1]`. */
  readonly firsts: Int32Array;
  /** Example `i` is `starts[i]` to `starts[i + 1]` of `ids` and `values`; its length is its weight, 1 for a full example. */
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  readonly values: Float32Array;
}

/** Probability that the best flow is the right one: 1 / (1 + e^-(offset + slope × raw)). */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}
