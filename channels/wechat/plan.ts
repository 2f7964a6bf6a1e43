import type { Message, Part, PlanContext } from '#channel';
import { splitBytes } from '../tencent/split.ts';
import { articleOf, cardInWords, imageInWords, linkTo, pictureOf } from './card.ts';
import { inText, MOST_ENTRIES, menuOf, numbered } from './menu.ts';
import type { WechatSettings } from './settings.ts';
import { templateOf } from './template.ts';
import { harmless, LINK, wordsOf } from './words.ts';

/** Bytes of a text in UTF-8, links and all. */
export const TEXT_LIMIT = 2_048;

/** Words, or what deserves a message of its own. */
type Bubble = { readonly words: string } | { readonly part: Part };
type Context = PlanContext<WechatSettings>;

/**
 * All that one turn says, in its order, in as few messages as it can be, because WeChat counts them: texts are put together, the choices
 * are the menu of the last one, pictures and cards stand on their own as long as there are messages left for them. The last message that a
 * window allows is kept for whoever comes after this turn: the word that a colleague takes over.
 */
export function plan(messages: readonly Message[], context: Context): readonly Part[] {
  if (context.template) return messages.map((message) => templateOf(message, context.settings));
  const open = messages.findLast(({ choices = [] }) => choices.length > 0);
  const say = (sparing: boolean) =>
    partsOf(
      messages.flatMap((message) => bubblesOf(message, message === open, sparing, context)),
      open,
      context,
    );
  const spoken = say(false);
  const most = context.remaining === undefined ? Number.POSITIVE_INFINITY : Math.max(1, context.remaining - 1);
  return spoken.length <= most ? spoken : say(true);
}

/**
 * The text, what it introduces, and what belongs to that. A question stands where she looks last, over its choices, since a menu cannot
 * be without it. `sparing`: everything is words.
 */
function bubblesOf(message: Message, isOpen: boolean, sparing: boolean, context: Context): Bubble[] {
  const { text, card, carousel = [], image, file, links = [], choices = [] } = message;
  const picture = image && (sparing ? undefined : pictureOf(image, context));
  const article = card && (sparing ? undefined : articleOf(card, context));
  const said = [
    { words: wordsOf(text) },
    ...(image === undefined
      ? []
      : [picture === undefined ? { words: imageInWords(image, context) } : { part: picture }]),
    ...(card === undefined ? [] : [article === undefined ? { words: cardInWords(card, context) } : { part: article }]),
    ...carousel.map((each) => ({ words: cardInWords(each, context) })),
    ...links.map(({ title, url }) => ({ words: linkTo(title, url, context) })),
    ...(file === undefined ? [] : [{ words: `📎 ${linkTo(file.name, file.url, context)}` }]),
    // An older question's choices are not open any more: they are only words.
    ...(isOpen ? [] : choices.map(({ label }) => ({ words: `• ${harmless(label)}` }))),
  ];
  return isOpen ? said.toSorted((one, other) => Number('words' in one) - Number('words' in other)) : said;
}

/** Words that stand side by side are one text; the choices go with the last. */
function partsOf(bubbles: readonly Bubble[], open: Message | undefined, context: Context): readonly Part[] {
  const parts: Part[] = [];
  let words: string[] = [];
  const speak = () => {
    parts.push(...splitBytes(paragraphs(words), TEXT_LIMIT, LINK).map(text));
    words = [];
  };
  for (const bubble of bubbles) {
    if ('words' in bubble) words.push(bubble.words);
    else {
      speak();
      parts.push(bubble.part);
    }
  }
  if (open === undefined) speak();
  return open === undefined ? parts : [...parts, ...asked(paragraphs(words), open, context)];
}

/** A menu where it fits, else links in the text, else numbers. As a menu it fits only if it would as links, too: see `send`. */
function asked(words: string, { choices = [], multiple = false }: Message, context: Context): readonly Part[] {
  const { locale, settings } = context;
  const inNumbers = () =>
    splitBytes(paragraphs([words, numbered(choices, multiple, locale)]), TEXT_LIMIT, LINK).map(text);
  if (multiple || settings.menus === 'numbers') return inNumbers();
  const menu = menuOf('', choices, locale);
  if (Buffer.byteLength(inText(menu)) > TEXT_LIMIT) return inNumbers();
  const pieces = splitBytes(words, TEXT_LIMIT, LINK);
  const last = menuOf(pieces.at(-1) ?? '', choices, locale);
  const fits = Buffer.byteLength(inText(last)) <= TEXT_LIMIT;
  const shown = fits ? last : menu;
  const before = fits ? pieces.slice(0, -1) : pieces;
  const isNative = settings.menus === 'native' && choices.length <= MOST_ENTRIES;
  return [...before.map(text), isNative ? { msgtype: 'msgmenu', msgmenu: shown } : text(inText(shown))];
}

function text(content: string): Part {
  return { msgtype: 'text', text: { content } };
}

function paragraphs(blocks: readonly string[]): string {
  return blocks
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .join('\n\n');
}
