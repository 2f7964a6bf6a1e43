import type { FlowView } from '../understanding/embedded.ts';
import type { Utterance } from './suite.ts';

/** Flows that are made of nothing but labelled utterances; what belongs to no flow teaches nothing. @param shots at most so many of each flow, evenly drawn */
export function flowsFrom(utterances: readonly Utterance[], shots = Number.POSITIVE_INFINITY): FlowView[] {
  const byFlow = Map.groupBy(utterances, ({ flow }) => flow);
  return [...byFlow].flatMap(([flow, own]) => {
    if (flow === undefined) return [];
    const step = Math.max(1, Math.floor(own.length / shots));
    const taught = own.filter((_, i) => i % step === 0).slice(0, shots);
    const examples = Object.fromEntries(
      [...Map.groupBy(taught, ({ locale }) => locale)].map(([locale, each]) => [locale, each.map(({ text }) => text)]),
    );
    return [{ name: flow, description: '', examples }];
  });
}

/** Utterances of the suite that are taught as examples, letter for letter: they prove nothing. */
export function alreadyTaught(flows: readonly FlowView[], utterances: readonly Utterance[]): Utterance[] {
  const taught = new Set(flows.flatMap(({ examples }) => Object.values(examples).flat()));
  return utterances.filter(({ text }) => taught.has(text));
}
