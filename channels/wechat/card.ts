import { absolute, type Message, type Part, type PlanContext } from '#channel';
import { harmless, link, plainOf, wordsOf } from './words.ts';

type Card = NonNullable<Message['card']>;
type Image = NonNullable<Message['image']>;
type Context = Pick<PlanContext, 'publicUrl'>;

/** Our own picture is uploaded; another's is shown by an article, whose picture WeChat fetches itself. `undefined`: it is in words. */
export function pictureOf({ url, alt }: Image, context: Context): Part | undefined {
  const address = absolute(url, context.publicUrl);
  if (address === undefined || !isPicture(address)) return undefined;
  if (isOurs(address, context)) return { msgtype: 'image', image: { source: address, alt } };
  return news({ title: alt === '' ? address : alt, description: '', url: address, picurl: address });
}

export function imageInWords({ url, alt }: Image, context: Context): string {
  const address = absolute(url, context.publicUrl);
  return address === undefined ? `[${harmless(alt)}]` : link(alt === '' ? address : alt, address);
}

/** One article: title, words, a picture, and one address behind it all. `undefined`: there is none, or more than one. */
export function articleOf(
  { title, text = '', fields = [], links = [], image }: Card,
  context: Context,
): Part | undefined {
  const picurl = image && absolute(image.url, context.publicUrl);
  const addresses = links.map(({ url }) => absolute(url, context.publicUrl));
  const url = links.length === 0 ? picurl : addresses[0];
  if (url === undefined || addresses.length > 1) return undefined;
  const description = lines([
    plainOf(text),
    ...fields.map(({ name, value }) => `${name}: ${value}`),
    ...(image === undefined || picurl !== undefined ? [] : [`[${image.alt}]`]),
    // The whole article is the link: what is behind it stands at its end.
    ...links.map(({ title: label }) => `${label} ›`),
  ]);
  return news({ title, description, url, ...(picurl === undefined ? {} : { picurl }) });
}

export function cardInWords({ title, text = '', fields = [], links = [], image }: Card, context: Context): string {
  return lines([
    harmless(title),
    wordsOf(text),
    ...fields.map(({ name, value }) => harmless(`${name}: ${value}`)),
    ...(image === undefined ? [] : [imageInWords(image, context)]),
    ...links.map(({ title: label, url }) => linkTo(label, url, context)),
  ]);
}

type Article = { title: string; description: string; url: string; picurl?: string };

function news(article: Article): Part {
  return { msgtype: 'news', news: { articles: [article] } };
}

export function linkTo(title: string, url: string, context: Context): string {
  const address = absolute(url, context.publicUrl);
  return address === undefined ? harmless(`${title}: ${url}`) : link(title, address);
}

function isOurs(address: string, { publicUrl }: Context): boolean {
  return publicUrl !== undefined && new URL(address).origin === new URL(publicUrl).origin;
}

/** WeChat shows no vector graphics. */
function isPicture(address: string): boolean {
  return !/\.svgz?$/i.test(new URL(address).pathname);
}

function lines(all: readonly string[]): string {
  return all.filter((line) => line !== '').join('\n');
}
