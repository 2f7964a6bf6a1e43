import { createHash } from 'node:crypto';
import type { Draft, SampleReason } from '../../draft.ts';

/** Which answers that were given are judged afterwards. */
export interface Sampling {
  /** Of all, whatever they are: only these tell rates that are true of all. 0 to 1. */
  readonly random: number;
  /** Below this confidence, every one. */
  readonly uncertain: number;
}

/**
 * Why this answer is to be judged; `undefined`: it need not be. Chance comes first, so that what is drawn is a fair sample of everything;
 * the same key always draws the same, in every process and after every crash.
 */
export function reasonToSample(
  { confidence, grounding, others }: Pick<Draft, 'confidence' | 'grounding' | 'others'>,
  key: string,
  { random, uncertain }: Sampling,
): SampleReason | undefined {
  if (drawn(key) < random) return 'random';
  if (grounding.includes(false)) return 'ungrounded';
  const second = others[0]?.confidence ?? 0;
  return confidence < uncertain || confidence - second < CLOSE ? 'uncertain' : undefined;
}

/** 0 to 1, evenly. */
export function drawn(key: string): number {
  return createHash('sha256').update(`review\0${key}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** So near to each other, either might have been meant. */
const CLOSE = 0.02;
