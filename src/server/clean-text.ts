import type { Answers } from '../form.ts';

/**
 * A customer's words without what only machines see: they are read by a bot, by an agent's desk and in logs, and nothing in them
 * may hide, reorder or ring there. Visible text stays as written, in composed form (NFC); line breaks become `\n`.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(LINE_BREAKS, '\n')
    .replace(CONTROLS, '')
    .replace(INVISIBLE, '')
    .replace(IDLE_JOINERS, '')
    .replace(IDLE_SELECTORS, '')
    .trim();
}

/** What she filled in, field by field. */
export function cleanValues(values: Answers): Answers {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, cleanText(text)] as const));
}

const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/gu;

/** C0 and C1 controls, ANSI's ESC among them, but not tab and line feed. */
const CONTROLS = /[^\P{Cc}\t\n]/gu;

/**
 * What Unicode itself calls ignorable: bidirectional controls ("Trojan Source": text that reads in another order than it is),
 * zero-width spaces, Hangul fillers, the tag characters and rare variation selectors that smuggle instructions to models; and
 * the interlinear marks. Joiners and the common variation selectors are looked at below.
 */
const INVISIBLE = /[[\p{DI}\uFFF9-\uFFFB]--[\u200C\u200D\uFE00-\uFE0F]]/gv;

/** A joiner has work to do inside an emoji and in scripts that are shaped by it (Persian, Indic); elsewhere it only hides. */
const IDLE_JOINERS =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|\p{scx=Arab}|\p{scx=Syrc}|\p{scx=Mong}|\p{scx=Deva}|\p{scx=Beng}|\p{scx=Guru}|\p{scx=Gujr}|\p{scx=Orya}|\p{scx=Taml}|\p{scx=Telu}|\p{scx=Knda}|\p{scx=Mlym}|\p{scx=Sinh}|\p{scx=Khmr}|\p{scx=Mymr})[\u200C\u200D]/gu;

/** One variation selector picks the look of the character before it; a row of them picks nothing and carries data. */
const IDLE_SELECTORS = /(?<=^|\s|[\uFE00-\uFE0F])[\uFE00-\uFE0F]+/gu;
