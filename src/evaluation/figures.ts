/** What a run over a suite comes to, in figures. Shares are 0 to 1. */
import type { Heard } from './listen.ts';

export interface Figures {
  readonly utterances: number;
  /** The closest flow is the right one, whatever the threshold: share of what belongs to a flow. */
  readonly accuracy: number;
  /** Mean over the flows of the F1 of the closest flow. */
  readonly macroF1: number;
  /** What would have happened to what belongs to a flow. The four make 1. */
  readonly own: { readonly right: number; readonly asked: number; readonly wrong: number; readonly refused: number };
  readonly outside: Outside | undefined;
  /** Most frequent first. */
  readonly confused: readonly { readonly flow: string; readonly takenFor: string; readonly times: number }[];
}

/** What belongs to no flow. */
export interface Outside {
  readonly utterances: number;
  readonly refused: number;
  /** How well confidence tells the two apart: the chance that one of a flow has more of it than one of none. */
  readonly auroc: number;
  /** What other thresholds would do. */
  readonly curve: readonly { readonly threshold: number; readonly right: number; readonly refused: number }[];
}

/** Pairs that are worth showing. */
const PAIRS = 10;
const THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

export function figuresOf(heard: readonly Heard[]): Figures {
  const own = heard.filter(({ flow }) => flow !== undefined);
  const others = heard.filter(({ flow }) => flow === undefined);
  return {
    utterances: heard.length,
    accuracy: share(own, isClosest),
    macroF1: macroF1(heard),
    own: {
      right: share(own, isRight),
      asked: share(own, isAskedRightly),
      wrong: share(own, (each) => each.became !== 'refused' && !isRight(each) && !isAskedRightly(each)),
      refused: share(own, ({ became }) => became === 'refused'),
    },
    outside: others.length === 0 ? undefined : outside(own, others),
    confused: confused(own),
  };
}

/** The closest flow is the one that is meant. */
export function isClosest({ flow, closest }: Heard): boolean {
  return closest?.flow === flow;
}

/** The flow that is meant was started. */
export function isRight({ flow, became, flows }: Heard): boolean {
  return became === 'started' && flows[0] === flow;
}

/** The customer was asked which she means, and could pick the right one. */
function isAskedRightly({ flow, became, flows }: Heard): boolean {
  return became === 'asked' && flow !== undefined && flows.includes(flow);
}

function share(heard: readonly Heard[], is: (each: Heard) => boolean): number {
  return heard.length === 0 ? 0 : heard.filter(is).length / heard.length;
}

function macroF1(heard: readonly Heard[]): number {
  const flows = [...new Set(heard.flatMap(({ flow }) => flow ?? []))];
  const own = heard.filter(({ flow }) => flow !== undefined);
  const scores = flows.map((name) => {
    const meant = own.filter(({ flow }) => flow === name);
    const taken = own.filter(({ closest }) => closest?.flow === name);
    return (2 * meant.filter(isClosest).length) / Math.max(1, meant.length + taken.length);
  });
  return scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
}

function outside(own: readonly Heard[], others: readonly Heard[]): Outside {
  const reaches = (threshold: number) => (each: Heard) => confidence(each) >= threshold;
  return {
    utterances: others.length,
    refused: share(others, ({ became }) => became === 'refused'),
    auroc: auroc(own.map(confidence), others.map(confidence)),
    curve: THRESHOLDS.map((threshold) => ({
      threshold,
      right: share(own, (each) => isClosest(each) && reaches(threshold)(each)),
      refused: 1 - share(others, reaches(threshold)),
    })),
  };
}

function confidence({ closest }: Heard): number {
  return closest?.confidence ?? 0;
}

/** By ranks, ties shared: the Mann-Whitney statistic. */
export function auroc(higher: readonly number[], lower: readonly number[]): number {
  const all = [...higher.map((value) => ({ value, high: true })), ...lower.map((value) => ({ value, high: false }))];
  all.sort((a, b) => a.value - b.value);
  let sum = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (all[i]?.high) sum += rank;
    from = to;
  }
  return (sum - (higher.length * (higher.length + 1)) / 2) / (higher.length * lower.length || 1);
}

function confused(own: readonly Heard[]): Figures['confused'] {
  const wrong = own.filter((each) => !isClosest(each) && each.closest !== undefined);
  const pairs = Map.groupBy(wrong, ({ flow, closest }) => `${flow} ${closest?.flow}`);
  return [...pairs.values()]
    .map((each) => ({ flow: each[0]?.flow ?? '', takenFor: each[0]?.closest?.flow ?? '', times: each.length }))
    .sort((a, b) => b.times - a.times)
    .slice(0, PAIRS);
}
