/** What people say again and again, in one language, all lower case and without punctuation. Matched whole, typos forgiven. */
export interface Phrases {
  /** Politeness around what is meant: stripped from both ends before a phrase is looked up. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly yes: readonly string[];
  readonly no: readonly string[];
  /** Neither: asks for another try instead of being taken for a yes. */
  readonly unsure: readonly string[];
  readonly cancel: readonly string[];
  /** Cancels a flow, and is mere politeness without one. */
  readonly dismiss: readonly string[];
  readonly skip: readonly string[];
  readonly repeat: readonly string[];
  readonly human: readonly string[];
  /** Wishes not to be written to again: the law says when (see the consent ledger), so only what is unmistakable. */
  readonly stop: readonly string[];
  readonly chitchat: Readonly<Record<ChitchatTopic, readonly string[]>>;
  /** Asks to go on in another language: its primary subtag. */
  readonly language: Readonly<Record<string, readonly string[]>>;
}

export type ChitchatTopic =
  | 'greeting'
  | 'thanks'
  | 'bye'
  | 'who_are_you'
  | 'are_you_a_bot'
  | 'how_are_you'
  | 'acknowledge'
  | 'help';
