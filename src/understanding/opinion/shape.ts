/** The only form in which a model may answer: a list of moves, of flows and slots that there are. */
import type { Type } from '../../type.ts';
import type { ChitchatTopic } from '../phrases/phrases.ts';

/** What a model may propose. `confirm` is among them so that a yes can be told from other words, and dropped: consent is hers to give. */
export const MOVES = [
  'start',
  'set',
  'correct',
  'confirm',
  'deny',
  'cancel',
  'clarify',
  'skip',
  'repeat',
  'ask',
  'chitchat',
  'human',
  'stop',
] as const;
export type Proposed = (typeof MOVES)[number];

export const TOPICS: readonly ChitchatTopic[] = [
  'greeting',
  'thanks',
  'bye',
  'who_are_you',
  'are_you_a_bot',
  'how_are_you',
  'acknowledge',
  'help',
];

/** Every field always stands there, unset where it says nothing: endpoints that hold a schema want it so, and small models keep to it. */
export function shapeOf(flows: readonly string[], slots: readonly string[]): Type {
  const oneOf = (values: readonly string[]): Type => ({
    kind: 'optional',
    of: values.length > 0 ? { kind: 'enum', values } : { kind: 'string' },
  });
  return {
    kind: 'object',
    name: 'Proposal',
    fields: {
      commands: {
        kind: 'list',
        of: {
          kind: 'object',
          name: 'Move',
          fields: {
            do: { kind: 'enum', values: MOVES },
            flow: oneOf(flows),
            slot: oneOf(slots),
            value: { kind: 'optional', of: { kind: 'string' } },
          },
        },
      },
    },
  };
}
