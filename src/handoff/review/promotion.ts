/** What a judgement counts for whether the bot may answer by itself. */
export interface Mark {
  /** Sent without a word changed. */
  readonly clean: boolean;
  readonly unsafe: boolean;
}

export interface Standing {
  readonly reviews: number;
  readonly clean: number;
  /** Lower bound, at 95 %, of the share that is sent as it is. */
  readonly bound: number;
  readonly unsafe: number;
  /** Why it may not be promoted; `undefined`: it may. */
  readonly missing?: 'reviews' | 'bound' | 'unsafe';
}

/** Judgements that it takes. */
export const ENOUGH = 50;
/** What the lower bound must reach. */
export const BAR = 0.9;
/** Below this it is demoted: the bar less what 50 judgements say by chance, so that one bad day does not undo it. */
export const FLOOR = 0.8;

/**
 * May the bot answer this by itself? By all judgements since the last demotion: 50 of 50 may (.929), 59 of 60 may (.911), 48 of 50 may not
 * (.865); and never with an unsafe one among them.
 */
export function standingOf(marks: readonly Mark[]): Standing {
  const reviews = marks.length;
  const clean = marks.filter((mark) => mark.clean && !mark.unsafe).length;
  const unsafe = marks.filter((mark) => mark.unsafe).length;
  const bound = lowerBound(clean, reviews);
  const standing = { reviews, clean, bound, unsafe };
  if (unsafe > 0) return { ...standing, missing: 'unsafe' };
  if (reviews < ENOUGH) return { ...standing, missing: 'reviews' };
  return bound < BAR ? { ...standing, missing: 'bound' } : standing;
}

/**
 * Must it be approved again? At the first unsafe judgement, or when the last ones say that too many are changed.
 * @param marks since it was promoted and before, the last one last; only those that are no worse than all are by their choice
 */
export function mustDemote(marks: readonly Mark[]): boolean {
  if (marks.at(-1)?.unsafe) return true;
  const last = marks.slice(-ENOUGH);
  const clean = last.filter((mark) => mark.clean && !mark.unsafe).length;
  return last.length === ENOUGH && lowerBound(clean, last.length) < FLOOR;
}

/** Wilson's score interval (https://doi.org/10.1080/01621459.1927.10502953), its lower end. */
export function lowerBound(successes: number, trials: number): number {
  if (successes === 0) return 0;
  const share = successes / trials;
  const square = Z * Z;
  const centre = share + square / (2 * trials);
  const spread = Z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  return Math.max(0, (centre - spread) / (1 + square / trials));
}

/** Standard deviations of 95 %, two-sided. */
const Z = 1.959963984540054;
