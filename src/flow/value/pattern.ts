import { RE2JS } from 're2js';
import { nativePattern } from './native-pattern.ts';

/** An author's regular expression, run in time linear in the text, whatever the pattern. */
export interface Pattern {
  readonly source: string;
  /** Is it found anywhere in the text? Anchor it with `^` and `$` to match the whole. */
  test(text: string): boolean;
}

/**
 * Compiles an author's pattern (RE2 syntax: no look-around, no back-references).
 *
 * A backtracking engine on a customer's text is an open door: `^(a+)+$` held JavaScript's for 20 s on 29 characters.
 * So patterns run on re2js, but for those simple enough to be proved free of backtracking, which the native engine
 * matches ten times faster.
 */
export function compilePattern(source: string): { readonly pattern: Pattern } | { readonly problem: string } {
  if (source.length > LONGEST) return { problem: `A pattern may have at most ${LONGEST} characters.` };
  const native = nativePattern(source);
  if (native !== undefined) return { pattern: { source, test: (text) => native.test(text) } };
  try {
    const linear = RE2JS.compile(source);
    return { pattern: { source, test: (text) => linear.test(text) } };
  } catch (error) {
    return { problem: `The pattern is not valid: ${reason(error)}.` };
  }
}

const LONGEST = 1_000;

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace('error parsing regexp: ', '');
}
