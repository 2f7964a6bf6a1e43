import { withoutMarkup } from '#channel';
import { encodingOf } from './segments.ts';

/**
 * A text as a phone shows it: no markup, and with typewriter punctuation where that alone makes it GSM-7. One curly quote would make
 * an English message more than twice as dear; a Chinese one is UCS-2 anyway and keeps its own.
 */
export function plain(markdown: string): string {
  const text = withoutMarkup(markdown);
  if (encodingOf(text) === 'GSM-7') return text;
  const typed = text.replaceAll(FINE, (found) => TYPED.get(found) ?? found);
  return encodingOf(typed) === 'GSM-7' ? typed : text;
}

const TYPED = new Map([
  ...pairs('‘’‚‛′', "'"),
  ...pairs('“”„‟″«»', '"'),
  ...pairs('‐‑‒–—―−', '-'),
  ...pairs('\u00a0\u2002\u2003\u2009\u202f\t', ' '),
  ...pairs('\u200b\u200e\u200f\u2060\ufeff', ''),
  ['…', '...'],
  ['•', '-'],
  ['×', 'x'],
  ['→', '->'],
] as const);

const FINE = new RegExp(`[${[...TYPED.keys()].join('')}]`, 'gu');

function pairs(letters: string, typed: string): [string, string][] {
  return [...letters].map((letter) => [letter, typed]);
}
