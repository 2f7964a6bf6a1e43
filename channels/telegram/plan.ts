import {
  isWeb,
  type Message,
  type Part,
  type PlanContext,
  piecesOf,
  type Run,
  runsOf,
  sliceOf,
  wordsOf,
} from '#channel';
import { type Button, offerOf } from './keyboard.ts';
import { toHtml } from './markup.ts';

/** UTF-16 units after the markup is taken away (https://core.telegram.org/bots/api#sendmessage, #sendphoto). */
export const TEXT_LIMIT = 4096;
const CAPTION_LIMIT = 1024;
/** Pictures of one album. */
const ALBUM = 10;

type Card = NonNullable<Message['card']>;
type Rows = readonly (readonly Button[])[];

interface Picture {
  readonly url: string;
  /** Whose it is: its words are the caption. */
  readonly card?: Card;
  readonly caption: readonly Run[];
}

/** Pictures and files first, then the words with the buttons: what is asked stands where she looks last. */
export function plan(messages: readonly Message[], { locale }: PlanContext): readonly Part[] {
  return messages.flatMap((message) => partsOf(message, locale));
}

function partsOf(message: Message, locale: string): readonly Part[] {
  const cards = [...(message.card ? [message.card] : []), ...(message.carousel ?? [])];
  const offer = offerOf(message, linksOf(message, cards), locale);
  const { pictures, unseen } = picturesOf(message, cards);
  const text = runsOf(message.text);
  const rest = [
    ...cards.filter((card) => !pictures.some((picture) => picture.card === card)).map(inWords),
    ...unseen,
    trimStart(offer.words),
  ];
  const [only] = pictures;
  if (only !== undefined && pictures.length === 1 && message.file === undefined) {
    const caption = paragraphs([text, only.caption, ...rest]);
    if (wordsOf(caption).length <= CAPTION_LIMIT) return [photo(only.url, caption, offer.rows)];
  }
  return [...album(pictures), ...documents(message), ...texts(paragraphs([text, ...rest]), offer.rows)];
}

/** Pictures that Telegram can fetch, and the names of those it cannot. */
function picturesOf({ image }: Message, cards: readonly Card[]): { pictures: Picture[]; unseen: Run[][] } {
  const images = [
    ...(image === undefined ? [] : [{ image, caption: [] as readonly Run[] }]),
    ...cards.flatMap((card) => (card.image === undefined ? [] : [{ image: card.image, card, caption: inWords(card) }])),
  ];
  const shown = images.filter((each) => isPicture(each.image.url) && wordsOf(each.caption).length <= CAPTION_LIMIT);
  return {
    pictures: shown.map(({ image: { url }, ...picture }) => ({ url, ...picture })),
    unseen: images
      .filter((each) => !shown.includes(each))
      .map(({ image: { url, alt } }) => [isWeb(url) ? { text: alt, url } : { text: `[${alt}]` }]),
  };
}

/** Telegram fetches pictures itself; it knows no vector graphics and cannot reach an address of our own machine's. */
function isPicture(url: string): boolean {
  return isWeb(url) && new URL(url).hostname.includes('.') && !/\.svgz?$/i.test(new URL(url).pathname);
}

function inWords({ title, text, fields = [] }: Card): readonly Run[] {
  const rows = fields.map(({ name, value }): Run => ({ text: `\n${name}: ${value}` }));
  return [{ text: title, style: 'bold' }, ...(text === undefined ? [] : [{ text: '\n' }, ...runsOf(text)]), ...rows];
}

/** Of several cards, each link says whose it is. */
function linksOf({ links = [], file }: Message, cards: readonly Card[]): { title: string; url: string }[] {
  const ofCards = cards.flatMap(({ title: whose, links: own = [] }) =>
    own.map(({ title, url }) => ({ title: cards.length > 1 ? `${whose}: ${title}` : title, url })),
  );
  const ofFile = file === undefined || isDocument(file.url) ? [] : [{ title: `📎 ${file.name}`, url: file.url }];
  return [...links, ...ofCards, ...ofFile];
}

/** By its address, Telegram takes only these (https://core.telegram.org/bots/api#sending-files); other files are linked. */
function isDocument(url: string): boolean {
  return isPicture(url) && /\.(pdf|zip|gif)$/i.test(new URL(url).pathname);
}

function documents({ file }: Message): Part[] {
  if (file === undefined || !isDocument(file.url)) return [];
  return [{ method: 'sendDocument', document: file.url, caption: file.name }];
}

function album(pictures: readonly Picture[]): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pictures.length; at += ALBUM) {
    const [first, ...more] = pictures.slice(at, at + ALBUM);
    if (first === undefined) continue;
    // An album has at least two.
    if (more.length === 0) parts.push(photo(first.url, first.caption, []));
    else {
      const media = [first, ...more].map(({ url, caption }) => ({ type: 'photo', media: url, ...captionOf(caption) }));
      parts.push({ method: 'sendMediaGroup', media });
    }
  }
  return parts;
}

function photo(url: string, caption: readonly Run[], rows: Rows): Part {
  return { method: 'sendPhoto', photo: url, ...captionOf(caption), ...markupOf(rows) };
}

function captionOf(caption: readonly Run[]): Part {
  return caption.length === 0 ? {} : { caption: toHtml(caption), parse_mode: 'HTML' };
}

/** Too long for one message: cut where a reader would; the buttons come with the last piece. */
function texts(words: readonly Run[], rows: Rows): Part[] {
  const pieces = piecesOf(wordsOf(words), () => TEXT_LIMIT).map(([from, to]) => toHtml(sliceOf(words, from, to)));
  // Buttons cannot stand alone.
  if (pieces.length === 0 && rows.length > 0) pieces.push('👇');
  return pieces.map((text, index) => ({
    method: 'sendMessage',
    text,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    ...(index === pieces.length - 1 ? markupOf(rows) : {}),
  }));
}

function markupOf(rows: Rows): Part {
  return rows.length === 0 ? {} : { reply_markup: { inline_keyboard: rows } };
}

function paragraphs(blocks: readonly (readonly Run[])[]): readonly Run[] {
  return blocks
    .filter((block) => wordsOf(block).trim() !== '')
    .flatMap((block, index) => (index === 0 ? block : [{ text: '\n\n' }, ...block]));
}

function trimStart([first, ...more]: readonly Run[]): readonly Run[] {
  return first === undefined
    ? []
    : [{ ...first, text: first.text.trimStart() }, ...more].filter(({ text }) => text !== '');
}
