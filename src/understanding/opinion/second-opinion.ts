/** What the conversation knows of a model that may be asked: when it is, and what of its answer counts. Asking itself is an effect. */
import type { FlowView } from '../embedded.ts';
import type { SecondOpinion, Understanding } from '../understanding.ts';
import { doubtAbout } from './doubt.ts';
import { isSayable } from './prompt.ts';
import { weigh } from './weigh.ts';

export interface OpinionParts {
  /** The flows that free words may start. */
  readonly flows: readonly FlowView[];
  /** Confidence under which a flow is doubted, 0 to 1. */
  readonly below: number;
  /** Milliseconds. */
  readonly timeout: number;
}

/** @param embedded what is doubted; its `rank` tells of questions to documents, too */
export function secondOpinion(embedded: Understanding, { flows, below, timeout }: OpinionParts): SecondOpinion {
  const slots = new Map(flows.map((flow) => [flow.name, flow.slots?.filter(isSayable).length ?? 0]));
  return {
    ...{ timeout, below },
    doubt: (text, context, commands, other = below) =>
      doubtAbout(text, context, commands, {
        ranked: embedded.rank?.(text) ?? [],
        below: other,
        slotsOf: (flow) => slots.get(flow) ?? 0,
      }),
    weigh: (answer, text, context) => weigh(answer, text, context, flows),
  };
}
