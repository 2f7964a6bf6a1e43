import type { Draft, Reviewing, ReviewMode, Risk } from '../../draft.ts';
import { reasonToSample, type Sampling } from './sampling.ts';

/** Who has a say in what the bot answers, as `parley.yaml` and the flows have it. */
export interface ReviewRules {
  /** Where nothing else is said. */
  readonly mode: ReviewMode;
  /** By flow; an intent is a flow here. `knowledge` is the one of questions in the middle of anything. */
  readonly flows: Readonly<Record<string, ReviewMode>>;
  /** By the knowledge set that answers: what a question is about. */
  readonly sets: Readonly<Record<string, ReviewMode>>;
  /** By how much harm a wrong answer does. */
  readonly risk: Readonly<Partial<Record<Risk, ReviewMode>>>;
  readonly sampling: Sampling;
}

/** What a flow says of itself. */
export interface FlowRisk {
  readonly risk: Risk;
  readonly review?: ReviewMode;
}

/** What may not go wrong is at least approved. */
const LEAST: ReviewMode = 'approve';

/** The freest first. */
const STRICTNESS: Readonly<Record<ReviewMode, number>> = {
  auto: 0,
  'auto+sample': 1,
  approve: 2,
  suggest: 3,
  off: 4,
};

export function stricter(one: ReviewMode, other: ReviewMode): ReviewMode {
  return STRICTNESS[other] > STRICTNESS[one] ? other : one;
}

/** Does a human always see it before the customer does? */
export function isFree(mode: ReviewMode): boolean {
  return STRICTNESS[mode] < STRICTNESS[LEAST];
}

/**
 * The strictest of all that is said about an answer; where nothing is, the default. High risk is never free, whatever is said.
 */
export function modeFor(rules: ReviewRules, { flow, set }: Subject, { risk, review }: FlowRisk): ReviewMode {
  const said = [review, own(rules.flows, flow), own(rules.sets, set), rules.risk[risk]].filter(
    (one) => one !== undefined,
  );
  const mode = said.length === 0 ? rules.mode : said.reduce(stricter);
  return risk === 'high' ? stricter(mode, LEAST) : mode;
}

/** What is judged and freed as one: the answers of a flow from a knowledge set. */
export interface Subject {
  readonly flow: string;
  readonly set: string;
}

/** As people name it: `knowledge/help`. */
export function subjectOf({ flow, source }: Pick<Draft, 'flow' | 'source'>): string {
  return `${plainName(flow)}/${source.set}`;
}

/** Repair flows are named as their files are. */
export function plainName(flow: string): string {
  return flow.replace(/^repair\./, '');
}

/**
 * The rules as a turn has them.
 * @param isFreed has an owner signed that these are answered without being asked, and nothing has happened since?
 */
export function reviewingBy(
  rules: ReviewRules,
  riskOf: (flow: string) => FlowRisk,
  isFreed: (subject: string) => boolean,
): Reviewing {
  return {
    modeOf(draft) {
      const { flow, source } = draft;
      const about = riskOf(flow);
      const mode = modeFor(rules, { flow: plainName(flow), set: source.set }, about);
      return mode === 'approve' && about.risk !== 'high' && isFreed(subjectOf(draft)) ? 'auto+sample' : mode;
    },
    samples: (draft, key) => reasonToSample(draft, key, rules.sampling),
  };
}

function own(modes: Readonly<Record<string, ReviewMode>>, name: string): ReviewMode | undefined {
  return Object.hasOwn(modes, name) ? modes[name] : undefined;
}
