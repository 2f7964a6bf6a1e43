/**
 * From "how like" to "how likely right": a logistic curve through what models said of examples they had not seen (Platt scaling). Few
 * trials prove little, so the curve starts from what is usual and moves as far as the trials carry it.
 */
import type { Calibration } from './model.ts';

/** One utterance that was held back. */
export interface Trial {
  readonly raw: number;
  /** Was the best flow the right one? */
  readonly right: boolean;
  /** It belongs to no flow at all. */
  readonly stranger: boolean;
}

/** The curve of bots of many sizes taken together. */
const USUAL: Calibration = { slope: 11, offset: -3.8 };
/** How many trials the usual curve counts for. */
const FAITH = 30;
/** Share of utterances that are about something else, when a bot is in use. */
const STRANGERS = 1 / 3;

/** Newton's method on the penalised likelihood: two unknowns, a handful of rounds. */
export function calibrate(trials: readonly Trial[]): Calibration {
  const strangers = trials.filter(({ stranger }) => stranger).length;
  const own = trials.length - strangers;
  const weight = strangers === 0 ? 0 : (own * STRANGERS) / (1 - STRANGERS) / strangers;
  let { slope, offset } = USUAL;
  for (let round = 0; round < 20; round++) {
    let g0 = (offset - USUAL.offset) * PRIOR.offset;
    let g1 = (slope - USUAL.slope) * PRIOR.slope;
    let h00: number = PRIOR.offset;
    let h01 = 0;
    let h11: number = PRIOR.slope;
    for (const { raw, right, stranger } of trials) {
      const times = stranger ? weight : 1;
      const p = 1 / (1 + Math.exp(-(offset + slope * raw)));
      const error = times * (p - (right ? 1 : 0));
      const curve = times * p * (1 - p);
      g0 += error;
      g1 += error * raw;
      h00 += curve;
      h01 += curve * raw;
      h11 += curve * raw * raw;
    }
    const determinant = h00 * h11 - h01 * h01;
    const stepOffset = (h11 * g0 - h01 * g1) / determinant;
    const stepSlope = (h00 * g1 - h01 * g0) / determinant;
    offset -= stepOffset;
    slope -= stepSlope;
    if (Math.abs(stepOffset) + Math.abs(stepSlope) < 1e-6) break;
  }
  // More likeness is never less likely right.
  return slope > 0 ? { slope, offset } : USUAL;
}

/** How firmly the usual curve holds: as if `FAITH` trials had been seen, each worth p(1-p) ≈ 0.1. */
const PRIOR = { offset: FAITH * 0.1, slope: FAITH * 0.1 * 0.3 } as const;
