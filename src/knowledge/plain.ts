import { type MayLink, withoutStrangeAddresses } from '../links.ts';

/**
 * What a source says, as text and nothing else: without what only machines see, without markup that an app would act on, without an
 * address that may not be linked to (apps make links of addresses by themselves). A hostile line in a document stays a line.
 */
export function plain(text: string, mayLink: MayLink): string {
  return withoutStrangeAddresses(visible(text), mayLink)
    .replace(/\]\(/g, '] (')
    .replace(/\*\*|__|`+|~~/g, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

/** The same for what is one line: titles, headings, file names. */
export function plainLine(text: string, mayLink: MayLink, limit = LINE): string {
  const line = plain(text, mayLink).replace(/\s+/g, ' ');
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}

const LINE = 120;

/** Controls, text that runs backwards, zero-width and tag characters: what hides instructions from the people who read a document. */
function visible(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '')
    .replace(/[[\p{DI}\uFFF9-\uFFFB]--[\u200C\u200D\uFE0F]]/gv, '');
}
