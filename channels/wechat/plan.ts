import { type Message, ParleyError, type Part, type PlanContext } from '#channel';
import { splitBytes } from '../tencent/split.ts';
import { inText, MOST_ENTRIES, menuOf, numbered } from './menu.ts';
import type { WechatSettings } from './settings.ts';
import { harmless, isWeb, LINK, link, wordsOf } from './words.ts';

/** Bytes of a text in UTF-8, links and all. */
export const TEXT_LIMIT = 2_048;

/** Words, or what deserves a message of its own, with the words for when there are not enough messages left. */
type Bubble = { readonly words: string; readonly part?: Part };
type Card = NonNullable<Message['card']>;
type Image = NonNullable<Message['image']>;
type Context = PlanContext<WechatSettings>;

/**
 * All that one turn says in as few messages as it can be, because WeChat counts them: texts are put together, the choices are the
 * menu of the last one, pictures and cards stand on their own as long as there are messages left for them. The last message that a
 * window allows is kept for whoever comes after this turn: the word that a colleague takes over.
 */
export function plan(messages: readonly Message[], context: Context): readonly Part[] {
  if (context.template) return messages.map((message) => template(message, context.settings));
  const open = messages.findLast(({ choices = [] }) => choices.length > 0);
  const bubbles = messages.flatMap((message) => bubblesOf(message, message === open, context));
  const spoken = partsOf(bubbles, open, context);
  const most = context.remaining === undefined ? Number.POSITIVE_INFINITY : Math.max(1, context.remaining - 1);
  if (spoken.length <= most) return spoken;
  return partsOf(
    bubbles.map(({ words }) => ({ words })),
    open,
    context,
  );
}

/** Pictures and cards first, then the words: what is asked stands where she looks last. */
function bubblesOf(message: Message, isOpen: boolean, context: Context): Bubble[] {
  const { text, card, carousel = [], image, file, links = [], choices = [] } = message;
  const rest = [
    wordsOf(text),
    ...carousel.map((each) => cardInWords(each, context)),
    ...links.map(({ title, url }) => linkTo(title, url, context)),
    ...(file === undefined ? [] : [`📎 ${linkTo(file.name, file.url, context)}`]),
    // An older question's choices are not open any more: they are only words.
    ...(isOpen ? [] : choices.map(({ label }) => `• ${harmless(label)}`)),
  ];
  const bubbles = [
    ...(image === undefined ? [] : [picture(image, context)]),
    ...(card === undefined ? [] : [cardBubble(card, context)]),
    { words: paragraphs(rest) },
  ];
  return bubbles.filter(({ words, part }) => words !== '' || part !== undefined);
}

/** Our own picture is uploaded; another's is shown by an article, whose picture WeChat fetches itself. */
function picture({ url, alt }: Image, context: Context): Bubble {
  const address = absolute(url, context);
  if (address === undefined) return { words: `[${harmless(alt)}]` };
  const words = link(alt === '' ? address : alt, address);
  if (!isPicture(address)) return { words };
  if (isOurs(address, context)) return { words, part: { msgtype: 'image', image: { source: address, alt } } };
  return { words, part: news({ title: alt === '' ? address : alt, description: '', url: address, picurl: address }) };
}

/** One article: title, words, a picture, and one address behind it all. What has nothing behind it is words. */
function cardBubble(card: Card, context: Context): Bubble {
  const words = cardInWords(card, context);
  const { title, text = '', fields = [], links = [], image } = card;
  const picurl = image && absolute(image.url, context);
  const [first, ...more] = links.map(({ url }) => absolute(url, context));
  const url = first ?? picurl;
  // An article has one address: a card with several is easier to read in words.
  if (url === undefined || more.length > 0) return { words };
  const description = lines([wordsOf(text), ...fields.map(({ name, value }) => `${name}: ${value}`)]);
  return { words, part: news({ title, description, url, ...(picurl === undefined ? {} : { picurl }) }) };
}

function cardInWords({ title, text = '', fields = [], links = [], image }: Card, context: Context): string {
  const seen = image && picture(image, context).words;
  return lines([
    harmless(title),
    wordsOf(text),
    ...fields.map(({ name, value }) => harmless(`${name}: ${value}`)),
    ...(seen === undefined ? [] : [seen]),
    ...links.map(({ title: label, url }) => linkTo(label, url, context)),
  ]);
}

type Article = { title: string; description: string; url: string; picurl?: string };

function news(article: Article): Part {
  return { msgtype: 'news', news: { articles: [article] } };
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
    if (bubble.part === undefined) words.push(bubble.words);
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

/**
 * The only thing that may be sent when the window is closed. Its fields are filled with what the operator has chosen for each.
 * @throws `wechat.unknown_template`
 */
function template({ template: name = '', text, card, links = [] }: Message, { templates }: WechatSettings): Part {
  const known = Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (known === undefined)
    throw new ParleyError('wechat.unknown_template', `The WeChat account has no template "${name}".`, {
      hint: `Write its id at the platform into parley.yaml: templates: {${name}: {id: …}}`,
    });
  const values: Readonly<Record<string, string>> = {
    ...Object.fromEntries((card?.fields ?? []).map((field) => [field.name, field.value])),
    text: plainOf(text),
    title: card?.title ?? plainOf(text),
  };
  const data = Object.entries(known.data).map(([field, source]) => [field, { value: values[source] ?? '' }]);
  const url = [...links, ...(card?.links ?? [])].map((each) => each.url).find(isWeb);
  return { template_id: known.id, data: Object.fromEntries(data), ...(url === undefined ? {} : { url }) };
}

/** Templates show no links. */
function plainOf(markdown: string): string {
  return wordsOf(markdown).replaceAll(/<a href="[^"]*">([^<]*)<\/a>/g, '$1');
}

function linkTo(title: string, url: string, context: Context): string {
  const address = absolute(url, context);
  return address === undefined ? harmless(`${title}: ${url}`) : link(title, address);
}

/** `undefined`: nobody out there can reach it. */
function absolute(url: string, { publicUrl }: Context): string | undefined {
  if (isWeb(url)) return url;
  return publicUrl !== undefined && URL.canParse(url, publicUrl) && isWeb(new URL(url, publicUrl).href)
    ? new URL(url, publicUrl).href
    : undefined;
}

function isOurs(address: string, { publicUrl }: Context): boolean {
  return publicUrl !== undefined && new URL(address).origin === new URL(publicUrl).origin;
}

/** WeChat shows no vector graphics. */
function isPicture(address: string): boolean {
  return !/\.svgz?$/i.test(new URL(address).pathname);
}

function paragraphs(blocks: readonly string[]): string {
  return blocks
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .join('\n\n');
}

function lines(all: readonly string[]): string {
  return all.filter((line) => line !== '').join('\n');
}
