import type { ReviewSummary } from './book.ts';
import type { Standing } from './promotion.ts';

/** What owners may do with what has come of the reviews. */
export interface Owners {
  /** May she? */
  isOne(agent: string): boolean;
  summary(): Promise<ReviewSummary>;
  /**
   * The document that was proposed is known from now on: the next question is answered from it.
   * @throws ParleyError `review.unknown_proposal`, `review.no_set`, `review.not_owner`
   */
  approve(proposal: string, by: string): Promise<void>;
  /** @throws ParleyError `review.unknown_proposal`, `review.not_owner` */
  decline(proposal: string, by: string): Promise<void>;
  /**
   * The bot answers these by itself from now on.
   * @param subject `knowledge/help`
   * @throws ParleyError `review.not_ready`, `review.high_risk`, `review.unknown_subject`, `review.not_owner`
   */
  promote(subject: string, by: string): Promise<Standing>;
  /** They are approved again. @throws ParleyError `review.not_owner` */
  demote(subject: string, by: string): Promise<void>;
}
