/** When would a model be asked, and is what it is not asked about understood rightly? From this the threshold is chosen, on words that nothing was learnt from. */
import type { SecondOpinion } from '../understanding/understanding.ts';
import { isRight } from './figures.ts';
import { type Heard, type Measurable, STRANGER } from './listen.ts';

export interface Doubts {
  /** What other thresholds would do: the share that a model is asked about, and of the rest the share that is understood rightly. */
  readonly curve: readonly { readonly below: number; readonly asked: number; readonly right: number }[];
  /** The lowest at which nearly all is right that a model is not asked about; `undefined`: none. */
  readonly advised: number | undefined;
  /** The one that holds. */
  readonly below: number;
}

const THRESHOLDS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Share of what is acted upon without a model that should be right. */
const ENOUGH = 0.95;

export function doubtsOf({ understand }: Measurable, { doubt, below }: SecondOpinion, heard: readonly Heard[]): Doubts {
  const judged = heard.map((each) => {
    const context = { ...STRANGER, locale: each.locale };
    const commands = understand(each.text, context);
    const isFine = each.flow === undefined ? each.became === 'refused' : isRight(each);
    return {
      isFine,
      isAlways: doubt(each.text, context, commands, 0) !== undefined,
      faint: doubt(each.text, context, commands, Number.POSITIVE_INFINITY)?.confidence ?? 1,
    };
  });
  const curve = THRESHOLDS.map((threshold) => {
    const sure = judged.filter(({ isAlways, faint }) => !isAlways && faint >= threshold);
    return {
      below: threshold,
      asked: 1 - sure.length / Math.max(1, judged.length),
      right: sure.filter(({ isFine }) => isFine).length / Math.max(1, sure.length),
    };
  });
  return { curve, advised: curve.find(({ right }) => right >= ENOUGH)?.below, below };
}
