import type { Message, Part } from '#channel';

/** UTF-16 units of one bubble: long enough for any answer, short enough to be read and sent as one frame. */
export const TEXT_LIMIT = 8_000;

/**
 * The widget renders every part of a message by itself, so a message is a part. Only text too long for one bubble is split;
 * what belongs to the message (choices, cards) comes with its last piece, where the customer is when she has read it.
 */
export function plan(messages: readonly Message[]): readonly Part[] {
  return messages.flatMap((message) => {
    const pieces = split(message.text);
    const last = pieces.pop() ?? '';
    return [...pieces.map((text) => ({ text })), { ...message, text: last }];
  });
}

/** Cuts at the last border before the limit that a reader would choose: a paragraph, a line, a sentence, a word. */
function split(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > TEXT_LIMIT) {
    const at = borderIn(rest.slice(0, TEXT_LIMIT));
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...pieces, rest];
}

/** From the best to the worst. */
const BORDERS = [/\n\s*\n/gu, /\n/gu, /[.!?]\s|[。！？]/gu, /\s/gu];

/** Where to cut; in text without any border, between two characters and never inside one. */
function borderIn(head: string): number {
  for (const border of BORDERS) {
    const found = [...head.matchAll(border)].at(-1);
    // A border far ahead would leave a scrap; a worse one further on reads better.
    if (found !== undefined && found.index > head.length / 2) return found.index + found[0].length;
  }
  const lastUnit = head.charCodeAt(head.length - 1);
  const splitsPair = lastUnit >= 0xd800 && lastUnit <= 0xdbff;
  return head.length - (splitsPair ? 1 : 0);
}
