import { z } from 'zod';
import { instantAt } from '../time-zone.ts';

/**
 * What is said of a document beside its text: in the front matter of a file, in the columns of a table, in the body of a push. Keys that
 * are not ours are left alone: other programs write front matter too.
 */
export const FactsSource = z.object({
  title: z.string().optional(),
  url: z.string().optional(),
  locale: z.string().optional(),
  lang: z.string().optional(),
  version: z.union([z.string(), z.number()]).optional(),
  valid_from: z.union([z.string(), z.date()]).optional(),
  valid_until: z.union([z.string(), z.date()]).optional(),
  audience: z.union([z.string(), z.array(z.string())]).optional(),
});

/** The same, ready for use. */
export interface Facts {
  readonly title?: string;
  readonly url?: string;
  readonly locale?: string;
  readonly version?: string;
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly until?: number;
  readonly audience?: readonly string[];
}

/** @returns what was understood, and what was not in words for its author */
export function readFacts(source: unknown, timezone: string): { facts: Facts; mistakes: readonly string[] } {
  const parsed = FactsSource.safeParse(source);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return { facts: {}, mistakes };
  }
  const { title, url, locale, lang, version, valid_from, valid_until, audience } = parsed.data;
  const mistakes: string[] = [];
  const instant = (name: string, written: string | Date | undefined, end: boolean) => {
    if (written === undefined || written === '') return undefined;
    const at = instantOf(written, timezone, end);
    if (at === undefined) mistakes.push(`${name}: ${String(written)} is no day such as 2026-12-31.`);
    return at;
  };
  const from = instant('valid_from', valid_from, false);
  const until = instant('valid_until', valid_until, true);
  const groups = (typeof audience === 'string' ? audience.split(',') : (audience ?? []))
    .map((group) => group.trim())
    .filter((group) => group !== '');
  const language = locale || lang;
  return {
    facts: {
      ...(title && { title }),
      ...(url && { url }),
      ...(language && { locale: language }),
      ...(version !== undefined && version !== '' && { version: String(version) }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      ...(groups.length > 0 && { audience: groups }),
    },
    mistakes,
  };
}

/** A day begins at midnight where the business is, and what is valid until a day is valid on that day. */
function instantOf(written: string | Date, timezone: string, end: boolean): number | undefined {
  const text = written instanceof Date ? written.toISOString().slice(0, 10) : written.trim();
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const day = Date.parse(`${text}T00:00:00Z`);
    return Number.isNaN(day) ? undefined : instantAt(day + (end ? DAY : 0), timezone);
  }
  const instant = Date.parse(text);
  return /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(instant) ? instant : undefined;
}

const DAY = 24 * 60 * 60_000;
