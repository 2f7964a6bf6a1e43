/** What was reached once must not be lost: figures in a file beside the suites, kept in version control. */
import { z } from 'zod';
import { ParleyError } from '../errors.ts';
import type { Figures } from './figures.ts';

const Entry = z.object({ accuracy: z.number(), right: z.number(), wrong: z.number(), refused: z.number().optional() });
const Baseline = z.record(z.string(), Entry);
/** By suite. `right` and `wrong` of what belongs to a flow, `refused` of what belongs to none. */
export type Baseline = z.infer<typeof Baseline>;

/** Shares may differ by this much without being worse, unless told otherwise: half an utterance in two hundred. */
const TOLERANCE = 0.0025;

/** @throws `eval.baseline` */
export function readBaseline(text: string, file: string): Baseline {
  try {
    return Baseline.parse(JSON.parse(text));
  } catch (cause) {
    throw new ParleyError('eval.baseline', `${file} holds no baseline.`, {
      hint: 'Write it anew: parley eval --baseline <file> --update.',
      cause,
    });
  }
}

export function baselineOf(suites: ReadonlyMap<string, Figures>): Baseline {
  const short = (share: number) => Math.round(share * 1e4) / 1e4;
  return Object.fromEntries(
    [...suites].map(([suite, { accuracy, own, outside }]) => [
      suite,
      {
        accuracy: short(accuracy),
        right: short(own.right),
        wrong: short(own.wrong),
        ...(outside && { refused: short(outside.refused) }),
      },
    ]),
  );
}

export interface Regression {
  readonly suite: string;
  readonly figure: string;
  readonly was: number;
  readonly is: number;
}

/** What has become worse by more than `tolerance`, a share. A suite that the baseline does not know, or that was not run, is not. */
export function regressions(before: Baseline, after: Baseline, tolerance = TOLERANCE): Regression[] {
  return Object.entries(after).flatMap(([suite, now]) => {
    const then = before[suite];
    if (then === undefined) return [];
    return (['accuracy', 'right', 'wrong', 'refused'] as const).flatMap((figure) => {
      const was = then[figure];
      const is = now[figure];
      if (was === undefined || is === undefined) return [];
      const lost = figure === 'wrong' ? is - was : was - is;
      return lost > tolerance ? [{ suite, figure, was, is }] : [];
    });
  });
}
