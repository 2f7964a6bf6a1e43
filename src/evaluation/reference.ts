/**
 * What others have reached on the public sets, from their own publications: to be printed beside our figures, and nothing more. Accuracy of
 * the closest intent on the official test part, in percent. Our own runs are on the part they are given.
 */
import type { FlowView } from '../understanding/embedded.ts';

export interface Reference {
  readonly system: string;
  readonly accuracy: number;
  /** Share of the out-of-scope utterances that were refused, where it is told, in percent. */
  readonly refused?: number;
}

/** CLINC150: Larson et al., EMNLP 2019, threshold rule. Few examples: the table of github.com/jianguoz/Few-Shot-Intent-Detection. */
const SETS: readonly {
  readonly names: readonly string[];
  readonly flows: number;
  readonly full: readonly Reference[];
  readonly ten: readonly Reference[];
}[] = [
  {
    names: ['whisper_mode', 'pto_request_status'],
    flows: 150,
    full: [
      { system: 'Dialogflow', accuracy: 90.8, refused: 26.7 },
      { system: 'Rasa', accuracy: 90.9, refused: 31.2 },
      { system: 'MLP on USE', accuracy: 93.4, refused: 49.1 },
      { system: 'BERT', accuracy: 96.2, refused: 52.3 },
    ],
    ten: [
      { system: 'USE-large', accuracy: 90.9 },
      { system: 'RoBERTa', accuracy: 91.6 },
      { system: 'ConveRT', accuracy: 92.6 },
    ],
  },
  {
    names: ['edit_personal_details', 'card_swallowed'],
    flows: 77,
    full: [
      { system: 'USE', accuracy: 92.8 },
      { system: 'USE+ConveRT', accuracy: 93.4 },
      { system: 'BERT', accuracy: 93.7 },
    ],
    ten: [
      { system: 'ConveRT', accuracy: 83.3 },
      { system: 'USE-large', accuracy: 84.2 },
      { system: 'RoBERTa', accuracy: 84.3 },
    ],
  },
];

/** Of the set that these flows were learnt from, with about as many examples; none for a bot of one's own, or another number of examples. */
export function referencesFor(flows: readonly FlowView[]): readonly Reference[] {
  const names = new Set(flows.map(({ name }) => name));
  const set = SETS.find((one) => one.flows === flows.length && one.names.every((name) => names.has(name)));
  const most = Math.max(0, ...flows.map(({ examples }) => Object.values(examples).flat().length));
  if (set === undefined || most < 10) return [];
  return most === 10 ? set.ten : most >= 85 ? set.full : [];
}
