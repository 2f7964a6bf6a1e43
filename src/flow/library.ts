import type { ActionSignature } from '../action.ts';
import type { Capabilities } from '../channel.ts';
import type { Type } from '../type.ts';
import type { Header } from './program.ts';

/** What a flow may refer to beyond itself: all known before any flow is compiled. */
export interface Library {
  readonly actions: ReadonlyMap<string, ActionSignature>;
  /** Named object types of `connectors.yaml`. */
  readonly types: ReadonlyMap<string, Type>;
  readonly flows: ReadonlyMap<string, Header>;
  /** Languages of the deployment; the first is the default. */
  readonly locales: readonly string[];
  /** The channels that are switched on: labels must fit each. */
  readonly channels: readonly { readonly name: string; readonly can: Capabilities }[];
  /** Names of the knowledge sets; absent where nothing is said of knowledge. */
  readonly knowledge?: ReadonlySet<string>;
  /** Is there a model for `llm` steps? Without one their `on_fail` is what happens. */
  readonly model?: boolean;
  /** Is there one that writes answers? Without one, documents are quoted. */
  readonly writes?: boolean;
}

export const OUTCOMES = ['resolved', 'refused', 'declined', 'not_found', 'abandoned', 'escalated', 'expired'] as const;

/** The repair patterns: what a customer or the world may do that is not an answer. Each is a flow of its own under `flows/repair/`. */
export const PATTERNS: Readonly<Record<string, Readonly<Record<string, Type>>>> = {
  session_start: { greet: { kind: 'boolean' }, flows: { kind: 'list', of: { kind: 'string' } } },
  digression_resume: { flow: { kind: 'string' } },
  correction: { slot: { kind: 'string' }, value: { kind: 'string' }, written: { kind: 'boolean' } },
  cancel: { flow: { kind: 'string' } },
  clarify: { flows: { kind: 'list', of: { kind: 'string' } } },
  skip: {},
  repeat: {},
  chitchat: { topic: { kind: 'string' } },
  cannot_handle: { times: { kind: 'integer' }, busy: { kind: 'boolean' }, given_up: { kind: 'boolean' } },
  knowledge: { query: { kind: 'text' }, asked: { kind: 'boolean' } },
  error: { reason: { kind: 'string' } },
  handoff: { reason: { kind: 'string' } },
  human_returned: { outcome: { kind: 'string' } },
  inactivity: {},
  completed: { flow: { kind: 'string' }, outcome: { kind: 'string' } },
  csat: { flow: { kind: 'string' }, outcome: { kind: 'string' } },
  language_switch: { locale: { kind: 'string' } },
  upset: {},
  unsafe: { danger: { kind: 'enum', values: ['self_harm', 'threat', 'emergency'] } },
  version_changed: { flow: { kind: 'string' } },
};

/** Repair flows live in the same table as the business's flows, under a name these cannot have. */
export const repairName = (pattern: string): string => `repair.${pattern}`;
