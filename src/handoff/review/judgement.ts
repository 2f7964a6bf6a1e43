/** What an agent makes of a draft. */
export type Judgement =
  /** It is right: it goes out, as `text` where she has changed it. Of one that was said: `text` is what should have been said. */
  | { readonly verdict: 'sent'; readonly text?: string; readonly reason?: Reason; readonly note?: string }
  | {
      readonly verdict: 'rejected';
      readonly reason: Reason;
      /** What would have been right. */
      readonly text?: string;
      /** Of `wrong_intent`: what she meant. */
      readonly flow?: string;
      readonly note?: string;
    };

/** Why a draft is changed or rejected: it says what is to be mended, and where. */
export const REASONS = [
  'wrong_fact',
  'stale_source',
  'missing_source',
  'wrong_intent',
  'missing_step',
  'tone',
  'unsafe',
  'not_needed',
] as const;
export type Reason = (typeof REASONS)[number];

export function isReason(text: string): text is Reason {
  return (REASONS as readonly string[]).includes(text);
}
