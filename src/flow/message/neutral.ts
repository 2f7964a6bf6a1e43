/**
 * Makes a value safe to stand inside a sentence. What a customer typed is text, never format; but control characters can
 * forge a line and bidirectional overrides can turn the words around it, so a name could make "refund 5" read as another
 * sum. Controls go; right-to-left words are isolated, so that they order only themselves.
 */
export function neutral(value: string, lines: 'one' | 'many' = 'one'): string {
  if (PLAIN.test(value)) return value;
  const kept = value.replace(DIRECTION, '').replace(lines === 'one' ? CONTROL : CONTROL_BUT_LINES, ' ');
  return RIGHT_TO_LEFT.test(kept) ? `${ISOLATE}${kept}${END_ISOLATE}` : kept;
}

const PLAIN = /^[ -~\u00A0-\u02FF\u2010-\u2015\u3000-\u9FFF\uAC00-\uD7A3\uFF00-\uFFEF]*$/;
/** Marks, embeddings, overrides, isolates, and the invisible tag characters. */
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu;
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;
const CONTROL_BUT_LINES = /(?!\n)[\p{Cc}\u2028\u2029]+/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF]/;
const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';
