import { isWeb, type Message, type Run, wordsOf } from '#channel';
import type { Block } from './block.ts';
import { isButton, linkInWords, linksOf } from './button.ts';
import { linkedRunsOf } from './markup.ts';
import { mrkdwn } from './mrkdwn.ts';
import { sections } from './section.ts';

export type Card = NonNullable<Message['card']>;
type Image = NonNullable<Message['image']>;

/** https://docs.slack.dev/reference/block-kit/blocks/section-block, …/image-block */
const MOST_FIELDS = 10;
const FIELD = 2_000;
const ADDRESS = 3_000;
const ALT = 2_000;

/** Words beside their picture, facts in two columns, links as buttons below. Several cards stand under each other. */
export function cardBlocks(card: Card, id: string, publicUrl: string | undefined): readonly Block[] {
  const { title, text, image, fields = [], links = [] } = card;
  const picture = image && pictureOf(image, publicUrl);
  const facts = fields.map(({ name, value }): readonly Run[] => [
    { text: name, style: 'bold' },
    { text: `\n${value}` },
  ]);
  const narrow = facts.filter((fact) => mrkdwn(fact).text.length <= FIELD);
  const wide = facts.filter((fact) => !narrow.includes(fact)).flatMap((fact) => [{ text: '\n' }, ...fact]);
  const described = image !== undefined && picture === undefined ? imageInWords(image) : [];
  const words: readonly Run[] = [
    { text: title, style: 'bold' },
    ...(text === undefined ? [] : [{ text: '\n' }, ...linkedRunsOf(text)]),
    ...wide,
    ...described,
    ...links.filter((link) => !isButton(link)).flatMap(linkInWords),
  ];
  const [first, ...more] = sections(words);
  return [
    ...(first === undefined ? [] : [picture === undefined ? first : { ...first, accessory: picture }]),
    ...more,
    ...columns(narrow),
    ...linksOf(links.filter(isButton), id),
  ];
}

function columns(facts: readonly (readonly Run[])[]): readonly Block[] {
  return Array.from({ length: Math.ceil(facts.length / MOST_FIELDS) }, (_, at) => ({
    type: 'section',
    fields: facts.slice(at * MOST_FIELDS, (at + 1) * MOST_FIELDS).map(mrkdwn),
  }));
}

/** `undefined`: Slack could not fetch it, and would refuse the whole message for it. It knows PNG, JPEG and GIF. */
export function pictureOf({ url, alt }: Image, publicUrl: string | undefined): Block | undefined {
  const address = URL.canParse(url, publicUrl) ? new URL(url, publicUrl) : undefined;
  if (address?.protocol !== 'https:' || !address.hostname.includes('.') || /^[\d.]+$/.test(address.hostname))
    return undefined;
  if (/\.(svgz?|webp|avif|heic|bmp|tiff?)$/i.test(address.pathname) || address.href.length > ADDRESS) return undefined;
  return { type: 'image', image_url: address.href, alt_text: (alt.trim() || '…').slice(0, ALT) };
}

export function imageInWords({ url, alt }: Image): readonly Run[] {
  return [{ text: '\n' }, isWeb(url) ? { text: alt, url } : { text: `[${alt}]` }];
}

/** What is read of a card where no blocks are: in a notification, by a screen reader. */
export function cardInWords({ title, text, fields = [] }: Card): string {
  const facts = fields.map(({ name, value }) => `${name}: ${value}`);
  return [title, ...(text === undefined ? [] : [wordsOf(linkedRunsOf(text))]), ...facts].join('\n');
}
