import { absolute, type Message, type Part, type PlanContext } from '#channel';
import { plain } from './plain.ts';
import { sizeOf } from './segments.ts';
import { split } from './split.ts';

/**
 * What one call sends. `media` is a picture for phones that get MMS; the others get `body`, which says where it is. `segments`: the
 * price of `body`.
 */
export type SmsPart = { readonly body: string; readonly segments: number; readonly media?: string };

type Card = NonNullable<Message['card']>;
type Image = NonNullable<Message['image']>;

/** Everything is words here, in the order a reader wants them: pictures first, and what is asked last. */
export function plan(messages: readonly Message[], context: PlanContext): readonly Part[] {
  return messages.flatMap((message) => [
    ...imagesOf(message).map((image) => picture(image, context)),
    ...split(plain(wordsOf(message, context))).flatMap(text),
  ]);
}

function text(body: string): SmsPart[] {
  return body === '' ? [] : [{ body, segments: sizeOf(body).segments }];
}

/** An agent's picture has an address of ours: it is good where the world reaches us. */
function picture({ url, alt }: Image, { publicUrl }: PlanContext): SmsPart {
  const address = absolute(url, publicUrl);
  const body = plain(address === undefined ? `[${alt}]` : alt === '' ? address : `${alt}: ${address}`);
  return { body, segments: sizeOf(body).segments, ...(address === undefined ? {} : { media: address }) };
}

function imagesOf({ image, card, carousel = [] }: Message): readonly Image[] {
  return [image, card?.image, ...carousel.map((each) => each.image)].filter((each) => each !== undefined);
}

function wordsOf(
  { text, card, carousel = [], links = [], file, choices = [], multiple }: Message,
  { locale, publicUrl }: PlanContext,
) {
  return [
    text,
    ...(card === undefined ? [] : [cardOf(card)]),
    ...carousel.map(cardOf),
    linksOf([
      ...links,
      ...(file === undefined ? [] : [{ title: file.name, url: absolute(file.url, publicUrl) ?? file.url }]),
    ]),
    choicesOf(choices, multiple === true, locale),
  ]
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .join('\n\n');
}

function cardOf({ title, text = '', fields = [], links = [] }: Card): string {
  const rows = fields.map(({ name, value }) => `${name}: ${value}`);
  return [title, text, ...rows, linksOf(links)].filter((line) => line !== '').join('\n');
}

function linksOf(links: readonly { readonly title: string; readonly url: string }[]): string {
  return links.map(({ title, url }) => `${title}: ${url}`).join('\n');
}

function choicesOf(choices: NonNullable<Message['choices']>, multiple: boolean, locale: string): string {
  if (choices.length === 0) return '';
  const words = REPLY.find(([language]) => locale.startsWith(language))?.[1] ?? ENGLISH;
  const lines = choices.map(({ label }, index) => `${index + 1}. ${label}`);
  return [...lines, words(choices.length, multiple)].join('\n');
}

type Reply = (count: number, multiple: boolean) => string;

const ENGLISH: Reply = (count, multiple) => {
  if (multiple) return 'Reply with numbers, such as 1 3.';
  if (count === 1) return 'Reply 1.';
  return count === 2 ? 'Reply 1 or 2.' : `Reply 1 to ${count}.`;
};

const REPLY: readonly (readonly [language: string, words: Reply])[] = [
  [
    'zh',
    (count, multiple) => {
      if (multiple) return '可多选，请回复编号，如 1 3。';
      return count === 1 ? '请回复 1。' : `请回复 1 到 ${count}。`;
    },
  ],
  [
    'es',
    (count, multiple) => {
      if (multiple) return 'Responda con números, como 1 3.';
      return count === 1 ? 'Responda 1.' : `Responda 1 a ${count}.`;
    },
  ],
];
