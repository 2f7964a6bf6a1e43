/**
 * What somebody else wrote, as a piece of data in a prompt: a customer's words, a passage, an order's note, a file's name. It is JSON, so that
 * nothing in it can look like the end of it; and the signs that nobody sees, in which orders to models are hidden, are left out.
 * It makes an order in it no less readable: what keeps that from harm is that a model's answer can do nothing by itself.
 */
export function quote(pieces: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(pieces, (_, value: unknown) => (typeof value === 'string' ? visible(value) : value), 1);
}

function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(UNSEEN, (sign) => (KEPT.has(sign) ? sign : ''))
    .slice(0, LONGEST);
}

/** What Unicode lets no one see: controls, zero-width and direction signs, fillers, the tag characters, variation selectors. */
const UNSEEN = /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;
const KEPT = new Set(['\t', '\n', '\r']);
/** Characters of one piece. */
const LONGEST = 16_000;
