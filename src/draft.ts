import type { Link, Message } from './message.ts';

/** What the bot would say to a question, with everything that it rests upon: for whoever judges it before it is said, or afterwards. */
export interface Draft {
  /** Her words. */
  readonly question: string;
  /** What she would read, without its source. */
  readonly text: string;
  readonly locale: string;
  readonly source: Source;
  /** What else might answer it, the likeliest first. */
  readonly others: readonly Alternative[];
  /** Calibrated, 0 to 1: how much of the question it speaks of. */
  readonly confidence: number;
  /** Each of its sentences: does it stand in its source? */
  readonly grounding: readonly boolean[];
  /** The flow whose step it is: `repair.knowledge` for a question in the middle of anything. */
  readonly flow: string;
  readonly versions: Versions;
  /** Fingerprint of the state in which it was asked. */
  readonly context: string;
}

/** Another text from another source. */
export interface Alternative {
  readonly text: string;
  readonly source: Source;
  readonly confidence: number;
}

/** Where it stands. */
export interface Source {
  readonly set: string;
  readonly document: string;
  readonly title: string;
  readonly url?: string;
  readonly page?: number;
  /** The passage, as far as it is needed to judge by. */
  readonly passage: string;
  /** What tells the customer of it, below the answer, in her language. */
  readonly cited: string;
  readonly link?: Link;
}

/** By what it was made, so that a judgement is about that and nothing later. */
export interface Versions {
  /** Hash of the flow. */
  readonly flow: string;
  /** Hash of the passage. */
  readonly knowledge: string;
  /** The model that wrote it, and the hash of what it was told; absent: nobody did, the words are the document's own. */
  readonly model?: string;
  readonly prompt?: string;
}

/**
 * Who has a say in what the bot answers.
 *
 * - `auto`: it answers.
 * - `auto+sample`: it answers, and some of its answers are judged afterwards.
 * - `approve`: a human sends, changes or rejects each answer before the customer reads it.
 * - `suggest`: only humans answer; it tells them what it would say.
 * - `off`: it neither answers nor tells.
 */
export const REVIEW_MODES = ['auto', 'auto+sample', 'approve', 'suggest', 'off'] as const;
export type ReviewMode = (typeof REVIEW_MODES)[number];

/** How much harm a wrong answer does. */
export const RISKS = ['low', 'normal', 'high'] as const;
export type Risk = (typeof RISKS)[number];

/** Why an answer that was given is judged afterwards. */
export type SampleReason = 'random' | 'uncertain' | 'ungrounded' | 'escalated' | 'thumbs_down' | 'recontact';

/** The rules of review, as a turn needs them. */
export interface Reviewing {
  modeOf(draft: Pick<Draft, 'flow' | 'source'>): ReviewMode;
  /** Is an answer that is given now to be judged, and why? `key` decides, and nothing else: the same one always comes out the same. */
  samples(draft: Draft, key: string): SampleReason | undefined;
}

/** An answer as she reads it, with its source below it. */
export function citing(text: string, { cited, link }: Pick<Source, 'cited' | 'link'>): Message {
  const whole = `${text}\n\n${cited}`;
  return link === undefined ? { text: whole } : { text: whole, links: [link] };
}
