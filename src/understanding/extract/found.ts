import type { Json } from '../../type.ts';
import type { Said } from '../said.ts';
import type { Context, SlotView } from '../understanding.ts';

/** A value heard in an utterance, at a range of its normalised text. */
export interface Found {
  readonly value: Json;
  /** 0 to 1. From `SURE` on it may be taken from a sentence that was about something else. */
  readonly confidence: number;
  readonly from: number;
  readonly to: number;
}

/** Hears a value of one type, or nothing. Time is linear in the utterance, and nothing is thrown. */
export type Extract = (said: Said, slot: SlotView, context: Context) => Found | undefined;

export const SURE = 0.9;

export function whole(said: Said, value: Json, confidence = 1): Found {
  return { value, confidence, from: 0, to: said.text.length };
}

/** The one value that was meant: several different ones are as good as none, unless the others were denied ("not AB1 but AB2"). */
export function only(said: Said, found: readonly Found[]): Found | undefined {
  const meant = found.filter((one) => !isDenied(said, one.from));
  const [first] = meant;
  if (first === undefined) return undefined;
  const told = JSON.stringify(first.value);
  return meant.every((one) => JSON.stringify(one.value) === told) ? first : undefined;
}

const DENIAL =
  /(?:\b(?:not|isn't|isnt|instead of|rather than|except|without|but not)(?: (?:the|a|an|my))?|不是|不要|而不是|并非|别|除了)[ ,:]*$/;

/** Does a denial stand right before this place? */
export function isDenied(said: Said, from: number): boolean {
  return from > 0 && DENIAL.test(said.text.substring(Math.max(0, from - 24), from));
}
