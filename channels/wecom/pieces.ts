import { absolute, isWeb, type Message, type PlanContext } from '#channel';
import { plain } from '../tencent/plain.ts';

type Card = NonNullable<Message['card']>;
type Image = NonNullable<Message['image']>;
export type Link = NonNullable<Message['links']>[number];

/** A file in the web that is uploaded when it is sent; where it cannot be had by then, its words are sent in its place. */
export interface Outside {
  readonly url: string;
  /** It is ours: its address may be one of our own network. */
  readonly own: boolean;
  readonly name: string;
  readonly words: string;
}

/** What only a message of its own can show. */
export type Separate =
  | { readonly msgtype: 'image' | 'file'; readonly outside: Outside }
  | {
      readonly msgtype: 'link';
      readonly link: { readonly title: string; readonly desc: string; readonly url: string };
      readonly outside: Outside;
    };

/** A piece of what is said: in words, with what it links to; or as a message of its own, and the links that are left then. */
export interface Piece {
  readonly words: string;
  readonly links: readonly Link[];
  readonly separate?: { readonly part: Separate; readonly links: readonly Link[] };
}

/** In the order in which a reader wants them. A carousel would cost a message for each of its cards, so it is words. */
export function piecesOf(message: Message, context: PlanContext): readonly Piece[] {
  const { text, links = [], image, file, card, carousel = [] } = message;
  return [
    { words: plain(text), links: reachable(links, context) },
    ...(image === undefined ? [] : [picture(image, context)]),
    ...(card === undefined ? [] : cardPieces(card, context)),
    ...carousel.map(
      (each): Piece => ({ words: withPicture(each, context), links: linksOf(each, context, carousel.length > 1) }),
    ),
    ...(file === undefined ? [] : [paper(file, context)]),
  ];
}

function picture(image: Image, context: PlanContext): Piece {
  const outside = outsideOf(image.url, 'picture', image.alt, context);
  if (outside === undefined || !isPicture(outside.url)) return { words: namedIn(image, context), links: [] };
  return { words: outside.words, links: [], separate: { part: { msgtype: 'image', outside }, links: [] } };
}

function paper({ url, name }: NonNullable<Message['file']>, context: PlanContext): Piece {
  const outside = outsideOf(url, name, name, context);
  if (outside === undefined) return { words: `[${name}]`, links: [] };
  return { words: outside.words, links: [], separate: { part: { msgtype: 'file', outside }, links: [] } };
}

/** Bytes: WeCom cuts off what is longer, without saying so (https://developer.work.weixin.qq.com/document/path/94677). */
const TITLE_LIMIT = 128;
const DESCRIPTION_LIMIT = 512;
export const ADDRESS_LIMIT = 2_048;

/** A card with a picture and somewhere to go is WeCom's own kind of card; another is a picture, if it has one, and words. */
function cardPieces(card: Card, context: PlanContext): Piece[] {
  const { title, image } = card;
  const links = linksOf(card, context);
  const [first, ...more] = links;
  // The whole card is the link: what is behind it stands at its end.
  const desc = lines([bodyOf(card), ...(first === undefined ? [] : [`${first.title} ›`])]);
  const outside = image && outsideOf(image.url, 'picture', image.alt, context);
  const fits =
    Buffer.byteLength(title) <= TITLE_LIMIT &&
    Buffer.byteLength(desc) <= DESCRIPTION_LIMIT &&
    Buffer.byteLength(first?.url ?? '') <= ADDRESS_LIMIT;
  if (first !== undefined && isWeb(first.url) && outside !== undefined && isPicture(outside.url) && fits) {
    const words = [inWords(card), `${first.title}: ${first.url}`].join('\n');
    const part = { msgtype: 'link', link: { title, desc, url: first.url }, outside: { ...outside, words } } as const;
    return [{ words: withPicture(card, context), links, separate: { part, links: more } }];
  }
  return [...(image ? [picture(image, context)] : []), { words: inWords(card), links }];
}

/** Of several cards, each link says whose it is. */
function linksOf({ title: whose, links = [] }: Card, context: PlanContext, several = false): readonly Link[] {
  const named = several ? links.map(({ title, url }) => ({ title: `${whose}: ${title}`, url })) : links;
  return reachable(named, context);
}

function reachable(links: readonly Link[], context: PlanContext): readonly Link[] {
  return links.map(({ title, url }) => ({ title, url: absolute(url, context.publicUrl) ?? url }));
}

function withPicture(card: Card, context: PlanContext): string {
  return card.image === undefined ? inWords(card) : `${inWords(card)}\n${namedIn(card.image, context)}`;
}

function inWords(card: Card): string {
  return lines([card.title, bodyOf(card)]);
}

function bodyOf({ text = '', fields = [] }: Card): string {
  const rows = fields.map(({ name, value }) => `${name}: ${value}`);
  return lines([plain(text), ...rows]);
}

function lines(all: readonly string[]): string {
  return all.filter((line) => line !== '').join('\n');
}

function namedIn({ url, alt }: Image, context: PlanContext): string {
  return outsideOf(url, 'picture', alt, context)?.words ?? `[${alt}]`;
}

/** `undefined`: nobody can reach it. */
function outsideOf(url: string, name: string, alt: string, context: PlanContext): Outside | undefined {
  const address = absolute(url, context.publicUrl);
  if (address === undefined) return undefined;
  const own = context.publicUrl !== undefined && new URL(address).origin === new URL(context.publicUrl).origin;
  return { url: address, own, name, words: alt === '' ? address : `${alt}: ${address}` };
}

/** WeCom takes JPEG and PNG. An address without any ending may be either: its bytes will tell. */
function isPicture(url: string): boolean {
  return !/\.(?:svgz?|gif|webp|avif|heic|bmp|tiff?)$/i.test(new URL(url).pathname);
}
