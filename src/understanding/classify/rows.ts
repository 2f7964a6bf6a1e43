import type { Model } from './model.ts';

/** A weight below one unit decides nothing, and most are: they are left out. */
const LEAST = 1;

/** Collects each flow's weights as one byte each, and turns them into rows by feature. */
export class Rows {
  readonly #features: number;
  readonly #scales: Float32Array;
  readonly #biases: Float32Array;
  readonly #ids: Int32Array[] = [];
  readonly #weights: Int8Array[] = [];
  /** By feature, one further: how many flows have it; in the end where its row begins. */
  readonly #starts: Int32Array;

  constructor(flows: number, features: number) {
    this.#features = features;
    this.#scales = new Float32Array(flows);
    this.#biases = new Float32Array(flows);
    this.#starts = new Int32Array(features + 1);
  }

  /** @param weights of the features, and the bias last */
  add(flow: number, weights: Float64Array): void {
    let most = 0;
    for (let id = 0; id < this.#features; id++) most = Math.max(most, Math.abs(weights[id] as number));
    const unit = most / 127 || 1;
    const kept: number[] = [];
    for (let id = 0; id < this.#features; id++) if (Math.abs(weights[id] as number) >= unit * LEAST) kept.push(id);
    for (const id of kept) this.#starts[id + 1] = (this.#starts[id + 1] as number) + 1;
    this.#ids[flow] = Int32Array.from(kept);
    this.#weights[flow] = Int8Array.from(kept, (id) => Math.round((weights[id] as number) / unit));
    this.#scales[flow] = unit;
    this.#biases[flow] = weights[this.#features] as number;
  }

  done(): Pick<Model, 'rowStarts' | 'rowFlows' | 'rowWeights' | 'scales' | 'biases'> {
    const starts = this.#starts;
    for (let id = 1; id < starts.length; id++) starts[id] = (starts[id] as number) + (starts[id - 1] as number);
    const total = starts[this.#features] ?? 0;
    const rowFlows = new Uint16Array(total);
    const rowWeights = new Int8Array(total);
    const next = starts.slice();
    for (const [flow, ids] of this.#ids.entries()) {
      const weights = this.#weights[flow] as Int8Array;
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] as number;
        const at = next[id] as number;
        next[id] = at + 1;
        rowFlows[at] = flow;
        rowWeights[at] = weights[i] as number;
      }
    }
    return { rowStarts: starts, rowFlows, rowWeights, scales: this.#scales, biases: this.#biases };
  }
}
