import type { Message, Part, PlanContext } from '#channel';
import { splitBytes } from '../tencent/split.ts';
import { WINDOW } from './events.ts';
import { HEAD_LIMIT, type MenuItem, offerOf } from './menu.ts';
import { type Piece, piecesOf, type Separate } from './pieces.ts';

/** Bytes of UTF-8 (https://developer.work.weixin.qq.com/document/path/94677). */
export const TEXT_LIMIT = 2_048;

/** One call of `kf/send_msg`, but for files that are still somewhere in the web: they are uploaded when it is made. */
export type WecomPart =
  | { readonly msgtype: 'text'; readonly text: { readonly content: string } }
  | {
      readonly msgtype: 'msgmenu';
      readonly msgmenu: { readonly head_content?: string; readonly list: readonly MenuItem[] };
    }
  | Separate;

/**
 * All that a turn says in as few messages as can be, because five are all there are: pictures and files first, as many as the window
 * has room for, then all words as one text, with everything that is offered as one menu under its end.
 */
export function plan(messages: readonly Message[], context: PlanContext): readonly Part[] {
  const { remaining = WINDOW.messages, locale } = context;
  const pieces = messages.flatMap((message) => piecesOf(message, context));
  const separable = pieces.flatMap(({ separate }) => separate ?? []);
  // What gets no message of its own is put into words, and more words may need more messages.
  for (let count = separable.length; ; count--) {
    const shown = separable.slice(0, count);
    const words = inWords(pieces, new Set(shown), messages, locale);
    if (count === 0 || count + words.length <= remaining) return [...shown.map(({ part }) => part), ...words];
  }
}

function inWords(
  pieces: readonly Piece[],
  shown: ReadonlySet<Piece['separate']>,
  messages: readonly Message[],
  locale: string,
): WecomPart[] {
  const left = pieces.map(({ separate, ...piece }) =>
    shown.has(separate) ? { words: '', links: separate?.links ?? [] } : piece,
  );
  const links = left.flatMap((piece) => piece.links);
  const offer = offerOf(
    links,
    messages.findLast(({ choices = [] }) => choices.length > 0),
    locale,
  );
  const text = [...left.map(({ words }) => words), offer.words]
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .join('\n\n');
  if (offer.list.length === 0) return splitBytes(text, TEXT_LIMIT, ADDRESS).map(textPart);
  const [head, ...before] = headed(text).toReversed();
  const menu = { ...(head === undefined ? {} : { head_content: head }), list: offer.list };
  return [...before.toReversed().map(textPart), { msgtype: 'msgmenu', msgmenu: menu }];
}

/** A menu's head holds half as much as a text: the end of a long text becomes the head, what stands before it goes in full texts. */
function headed(text: string): readonly string[] {
  const head = splitBytes(text, HEAD_LIMIT, ADDRESS).at(-1) ?? '';
  const before = text.slice(0, text.length - head.length).trimEnd();
  return [...splitBytes(before, TEXT_LIMIT, ADDRESS), ...(head === '' ? [] : [head])];
}

/** Cut in two, it would lead nowhere. */
const ADDRESS = /https?:\/\/\S+/g;

function textPart(content: string): WecomPart {
  return { msgtype: 'text', text: { content } };
}
