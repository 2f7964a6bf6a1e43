import { type ExportFormat, exportTranscript } from '../handoff/export.ts';
import type { AuditRow } from '../store/audit.ts';
import type { ReviewRow } from '../store/review.ts';
import type { Store } from '../store/store.ts';

/** What an operator may read of what was said and done, whether the deployment runs or not. */
export interface Records {
  /** Rows of the audit log after this one, oldest first. */
  audit(after: number, limit: number): Promise<readonly AuditRow[]>;
  /** What was made of the bot's drafts, after this row, oldest first. */
  reviews(after: number, limit: number): Promise<readonly ReviewRow[]>;
  /** A conversation as a file; `undefined`: there is none of that id. That it was read is audited. */
  transcript(conversation: string, how: TranscriptFormat): Promise<string | undefined>;
}

export interface TranscriptFormat {
  readonly format: ExportFormat;
  /** As at the desk. */
  readonly masked: boolean;
}

export function recordsOf(store: Store, clock: { now(): number } = Date): Records {
  return {
    audit: (after, limit) => store.desk.audit(after, limit),
    reviews: (after, limit) => store.desk.reviews(after, limit),
    async transcript(conversation, { format, masked }) {
      const text = await exportTranscript(conversation, { format, masked }, store);
      if (text === undefined) return undefined;
      const data = { format, masked };
      await store.desk.audited({ at: clock.now(), what: 'exported', by: 'operator', conversation, data });
      return text;
    },
  };
}
