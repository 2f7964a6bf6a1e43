import { randomInt } from 'node:crypto';

/** Letters and digits that nobody takes for one another, read aloud or off a screen: without I, L, O, 0 and 1. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const LENGTH = 8;
const SHAPE = /^([A-HJKMNP-Z2-9]{4})([-\u2010-\u2015\u2212 ]?)([A-HJKMNP-Z2-9]{4})$/;

/**
 * A code that continues a conversation, as it is shown: `K7QM-4XRT`. One of 8·10¹¹, good for ten minutes: at the rate that guesses are
 * looked at, a live one is found once in a hundred million tries of that length.
 */
export function newCode(): string {
  for (;;) {
    const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    if (isMixed(code)) return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
  }
}

/** Six digits, for an address to be proven by: typed where the eye can still hold them. */
export function newNumber(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** What looks like a code. */
export interface ToldCode {
  /** As it is kept: capital letters, without its dash. */
  readonly code: string;
  /** Written as we show it: then it is meant to be one. Without the dash it may be an order number. */
  readonly marked: boolean;
}

/** Is that a code, and nothing else? Nearly everything that is written is not, which its length tells. */
export function readCode(text: string): ToldCode | undefined {
  if (text.length < LENGTH || text.length > LONGEST) return undefined;
  const [, first, dash, second] = SHAPE.exec(text.normalize('NFKC').trim().toUpperCase()) ?? [];
  if (first === undefined || second === undefined || !isMixed(first + second)) return undefined;
  return { code: first + second, marked: dash !== '' && dash !== ' ' };
}

/** With a dash and a few blanks around. */
const LONGEST = 16;

/** No word of any language is one, and no telephone number. */
function isMixed(code: string): boolean {
  return /\d/.test(code) && /[A-Z]/.test(code);
}

/** As it is kept. */
export function plainCode(shown: string): string {
  return shown.replace('-', '');
}
