import type { Message, Part, PlanContext } from '#channel';
import { splitBytes } from '../tencent/split.ts';
import { WINDOW } from './events.ts';
import { HEAD_LIMIT, type MenuItem, type Offer, offerOf } from './menu.ts';
import { type Link, type Piece, piecesOf, type Separate } from './pieces.ts';

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
 * All that a turn says, in its order, in as few messages as can be, because five are all there are: words that stand side by side are
 * one text, pictures and files stand on their own, as many as the window has room for, and everything that is offered is one menu, under
 * the words that come last: in the message that asks, those are its own.
 */
export function plan(messages: readonly Message[], context: PlanContext): readonly Part[] {
  const { remaining = WINDOW.messages, locale } = context;
  const asking = messages.findLast(({ choices = [] }) => choices.length > 0);
  const said = messages.map((message) => ({ pieces: piecesOf(message, context), asks: message === asking }));
  const separable = said.flatMap(({ pieces }) => pieces.flatMap(({ separate }) => separate ?? []));
  // What gets no message of its own is put into words, and more words may need more messages.
  for (let count = separable.length; ; count--) {
    const shown = new Set<Piece['separate']>(separable.slice(0, count));
    const isShown = ({ separate }: Piece) => separate !== undefined && shown.has(separate);
    const pieces = said.flatMap(({ pieces, asks }) =>
      asks ? pieces.toSorted((one, other) => Number(isShown(other)) - Number(isShown(one))) : pieces,
    );
    const parts = inOrder(pieces, isShown, (links) => offerOf(links, asking, locale));
    if (count === 0 || parts.length <= remaining) return parts;
  }
}

/** @param isShown does it get a message of its own? */
function inOrder(
  pieces: readonly Piece[],
  isShown: (piece: Piece) => boolean,
  offerWith: (links: readonly Link[]) => Offer,
): WecomPart[] {
  const parts: WecomPart[] = [];
  const links: Link[] = [];
  let words: string[] = [];
  for (const piece of pieces) {
    const { separate } = piece;
    if (separate !== undefined && isShown(piece)) {
      parts.push(...splitBytes(paragraphs(words), TEXT_LIMIT, ADDRESS).map(textPart), separate.part);
      links.push(...separate.links);
      words = [];
    } else {
      words.push(piece.words);
      links.push(...piece.links);
    }
  }
  const offer = offerWith(links);
  return [...parts, ...offered(paragraphs([...words, offer.words]), offer.list)];
}

function offered(text: string, list: readonly MenuItem[]): WecomPart[] {
  if (list.length === 0) return splitBytes(text, TEXT_LIMIT, ADDRESS).map(textPart);
  const [head, ...before] = headed(text).toReversed();
  const menu = { ...(head === undefined ? {} : { head_content: head }), list };
  return [...before.toReversed().map(textPart), { msgtype: 'msgmenu', msgmenu: menu }];
}

function paragraphs(blocks: readonly string[]): string {
  return blocks
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .join('\n\n');
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
