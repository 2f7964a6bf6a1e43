/**
 * Identifiers, from the author's own pattern: `^[A-Z]{2}[0-9]{6}$` is heard in "my order is ab 123456", "ＡＢ－１２３４５６", "订单号ab123456".
 *
 * Nearly every such pattern is a plain row of characters, classes and counts. It is matched by hand against runs of letters and digits,
 * whatever case they are in and however they are spaced, and the canonical spelling is built from the pattern. Any other pattern
 * goes to the linear-time engine, with the runs as they were typed.
 */
import { RE2JS } from 're2js';
import type { Said, Word } from '../said.ts';
import { isHan } from '../said.ts';
import { type Extract, type Found, only } from './found.ts';

export const extractPattern: Extract = (said, slot) => {
  if (slot.pattern === undefined) return undefined;
  const matcher = matcherFor(slot.pattern);
  return only(said, matcher.find(said));
};

interface Matcher {
  find(said: Said): Found[];
}

/** Runs of an identifier: "ab 12 34 56" has four. */
const MOST_RUNS = 6;
const LONGEST = 64;
const MATCHERS = new Map<string, Matcher>();

function matcherFor(pattern: string): Matcher {
  const known = MATCHERS.get(pattern);
  if (known !== undefined) return known;
  const row = readRow(pattern);
  const matcher = row === undefined ? engineMatcher(pattern) : rowMatcher(row);
  // Patterns come from the catalogue, so there are few; the bound is against a caller that makes them up.
  if (MATCHERS.size > 10_000) MATCHERS.clear();
  MATCHERS.set(pattern, matcher);
  return matcher;
}

/** One place of the row: which characters may stand there, and how often. */
interface Place {
  readonly test: (code: number) => boolean;
  readonly min: number;
  readonly max: number;
  /** A character such as `-` that people leave out: put in for them. */
  readonly separator?: string;
}

function rowMatcher(row: readonly Place[]): Matcher {
  const places = row.filter((place) => place.separator === undefined);
  const min = places.reduce((sum, place) => sum + place.min, 0);
  const max = places.reduce((sum, place) => sum + place.max, 0);
  return {
    find(said) {
      const runs = said.words.filter((word) => !isHan(word.text.charCodeAt(0)));
      const found: Found[] = [];
      for (let first = 0; first < runs.length; first++) {
        const match = matchFrom(said, row, runs, first, min, Math.min(max, LONGEST));
        if (match === undefined) continue;
        found.push(match.found);
        first = match.last;
      }
      return found;
    },
  };
}

function matchFrom(
  said: Said,
  row: readonly Place[],
  runs: readonly Word[],
  first: number,
  min: number,
  max: number,
): { found: Found; last: number } | undefined {
  let joined = '';
  for (let last = first; last < runs.length && last < first + MOST_RUNS; last++) {
    const run = runs[last];
    const start = runs[first];
    if (run === undefined || start === undefined) return undefined;
    if (last > first && !areJoined(said.text, runs[last - 1], run)) return undefined;
    if (last > first && runs[last - 1] === start && SMALL_WORDS.has(start.text) && isLower(said, start))
      return undefined;
    joined += run.text;
    if (joined.length > max) return undefined;
    if (joined.length < min) continue;
    const value = spell(row, joined);
    if (value !== undefined)
      return { found: { value, confidence: last === first ? 1 : 0.97, from: start.from, to: run.to }, last };
  }
  return undefined;
}

/** Words that two letters of an identifier must not be taken from: "my order is 123456". */
const SMALL_WORDS = new Set(
  'is it to no of my at on in an as by or so up us we me he be do go if am nr id ok a i the for and are was not its new one any'.split(
    ' ',
  ),
);

function isLower(said: Said, word: Word): boolean {
  const { from, to } = said.span(word.from, word.to);
  const typed = said.original.substring(from, to);
  return typed !== typed.toUpperCase();
}

/** Only spaces and dashes between the two. */
function areJoined(text: string, a: Word | undefined, b: Word): boolean {
  if (a === undefined || b.from - a.to > 3) return false;
  for (let i = a.to; i < b.from; i++) if (!' -_./#:\t'.includes(text.charAt(i))) return false;
  return true;
}

/** The canonical spelling of the characters, if they fit the row. At most one place varies in length, so there is one way to lay them. */
function spell(row: readonly Place[], joined: string): string | undefined {
  const fixed = row.reduce(
    (sum, place) => sum + (place.separator === undefined && place.min === place.max ? place.min : 0),
    0,
  );
  const vary = joined.length - fixed;
  let spelt = '';
  let at = 0;
  for (const place of row) {
    if (place.separator !== undefined) {
      spelt += place.separator.repeat(place.min);
      continue;
    }
    const count = place.min === place.max ? place.min : vary;
    if (count < place.min || count > place.max) return undefined;
    for (const end = at + count; at < end; at++) {
      const code = inCase(place, joined.charCodeAt(at));
      if (code === undefined) return undefined;
      spelt += String.fromCharCode(code);
    }
  }
  return at === joined.length ? spelt : undefined;
}

function inCase(place: Place, code: number): number | undefined {
  if (place.test(code)) return code;
  if (code >= 97 && code <= 122 && place.test(code - 32)) return code - 32;
  return undefined;
}

/** The pattern as a row of places, or undefined when it says more than a row can. */
function readRow(pattern: string): readonly Place[] | undefined {
  const source = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const places: Place[] = [];
  let at = 0;
  while (at < source.length) {
    const atom =
      /^(?:\[([^\]\\^]+)\]|\\([dw])|\\([-.#/])|([A-Za-z0-9 \-#/_:]))(?:\{(\d{1,3})(,(\d{0,3}))?\}|([?*+]))?/.exec(
        source.slice(at),
      );
    if (atom === null) return undefined;
    const [text, set, shorthand, escaped, literal, least, range, most, sign] = atom;
    const test =
      set === undefined
        ? shorthand === undefined
          ? exactly(escaped ?? literal ?? '')
          : CLASSES[shorthand]
        : oneOf(set);
    if (test === undefined) return undefined;
    const [min, max] = counts(least, range, most, sign);
    const separator = escaped ?? literal;
    places.push(
      separator !== undefined && /[^A-Za-z0-9]/.test(separator) ? { test, min, max, separator } : { test, min, max },
    );
    at += text.length;
  }
  const varying = places.filter((place) => place.min !== place.max && place.separator === undefined).length;
  return places.length > 0 && varying <= 1 ? places : undefined;
}

function counts(least?: string, range?: string, most?: string, sign?: string): [number, number] {
  if (least !== undefined) return [Number(least), range === undefined ? Number(least) : most ? Number(most) : LONGEST];
  if (sign === '?') return [0, 1];
  if (sign === '*') return [0, LONGEST];
  if (sign === '+') return [1, LONGEST];
  return [1, 1];
}

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  d: (code) => code >= 48 && code <= 57,
  w: (code) => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95,
};

function exactly(character: string): (code: number) => boolean {
  return (code) => code === character.charCodeAt(0);
}

/** The inside of `[…]`: single characters and ranges. A dash inside a set would have to be typed: runs hold none, so it is ignored. */
function oneOf(set: string): (code: number) => boolean {
  const allowed = new Set<number>();
  for (let i = 0; i < set.length; i++) {
    const low = set.charCodeAt(i);
    const isRange = set.charAt(i + 1) === '-' && i + 2 < set.length;
    const high = isRange ? set.charCodeAt(i + 2) : low;
    for (let code = low; code <= high && code < 0x7f; code++) allowed.add(code);
    if (isRange) i += 2;
  }
  return (code) => allowed.has(code);
}

/** Any other pattern, on the text as typed, on pieces between spaces, and on their other cases. */
function engineMatcher(pattern: string): Matcher {
  const engine = compile(pattern);
  return {
    find(said) {
      const found: Found[] = [];
      const trimmed = said.original.trim();
      if (trimmed.length <= LONGEST && engine.test(trimmed))
        return [{ value: trimmed, confidence: 1, from: 0, to: said.text.length }];
      let tries = 0;
      for (const piece of said.text.matchAll(/[^\s,;!?()\u3400-\u9fff]{1,64}/g)) {
        if (++tries > 200) break;
        const from = piece.index;
        const core = piece[0].replace(/[.:'"]{1,3}$/, '');
        const { from: start, to: end } = said.span(from, from + core.length);
        const spelling = [said.original.substring(start, end), core.toUpperCase(), core].find((one) =>
          engine.test(one),
        );
        if (spelling !== undefined) found.push({ value: spelling, confidence: 0.95, from, to: from + core.length });
      }
      return found;
    },
  };
}

/** The flow check reports a pattern that does not compile with its line; here it simply matches nothing. */
function compile(pattern: string): { test(text: string): boolean } {
  try {
    const compiled = RE2JS.compile(pattern);
    return { test: (text) => compiled.matcher(text).matches() };
  } catch {
    return { test: () => false };
  }
}
