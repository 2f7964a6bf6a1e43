import { type Message, type Part, type PlanContext, piecesOf, type Run, wordsOf } from '#channel';
import type { Block } from './block.ts';
import { cardBlocks, cardInWords, imageInWords, pictureOf } from './card.ts';
import { type Outside, outsideOf } from './file.ts';
import { packed } from './form.ts';
import { offerOf } from './keyboard.ts';
import { linkedRunsOf } from './markup.ts';
import { escaped } from './mrkdwn.ts';
import { sections } from './section.ts';

/** Blocks of one message (https://docs.slack.dev/reference/block-kit/blocks). */
const MOST_BLOCKS = 50;
/** Characters of all blocks of one message: undocumented, `msg_blocks_too_long` was met at 13,200 (slackapi/bolt-js#2509). */
export const TEXT_LIMIT = 12_000;
/** Of the words for notifications and screen readers, which the blocks say again. */
const FALLBACK = 3_000;

type Context = PlanContext;

/** A text, its picture, its cards, its links, and what is asked last. As few messages as Slack's limits allow. */
export function plan(messages: readonly Message[], context: Context): readonly Part[] {
  return messages.flatMap((message) => partsOf(message, context));
}

function partsOf(message: Message, { locale, publicUrl }: Context): readonly Part[] {
  const { image, file, links = [], carousel = [], card } = message;
  const cards = [...(card === undefined ? [] : [card]), ...carousel];
  const picture = image && pictureOf(image, publicUrl);
  const described = image !== undefined && picture === undefined ? imageInWords(image) : [];
  const paper = file && outsideOf(file, publicUrl);
  const named = file === undefined || paper !== undefined ? [] : [{ text: `[${file.name}]` }];
  const offer = offerOf(message, links, locale);
  const said = [...saidBy(message, locale), described, named];
  const words = paragraphs(paper === undefined ? [...said, offer.words] : said);
  const shown = [
    ...(paper === undefined ? [] : sections(paragraphs([offer.words]))),
    ...(picture === undefined ? [] : [picture]),
    ...cards.flatMap((each, index) => [
      ...(index === 0 ? [] : [{ type: 'divider' }]),
      ...cardBlocks(each, `card${index}`, publicUrl),
    ]),
    ...offer.blocks,
  ];
  const read = [wordsOf(words), ...cards.map(cardInWords)].filter((text) => text !== '').join('\n\n');
  const summary = fallback(read, message);
  if (paper === undefined) return posts([...sections(words), ...shown], summary);
  return [...withFile(posts(sections(words), summary), paper, summary), ...posts(shown, '…')];
}

/** What is said comes with the file; what is asked stands below it, where it can be answered. */
function withFile(spoken: readonly Part[], file: Outside, summary: string): readonly Part[] {
  return [...spoken.slice(0, -1), { ...(spoken.at(-1) ?? post([], summary)), file }];
}

function posts(blocks: readonly Block[], summary: string): readonly Part[] {
  return inPacks(blocks).map((pack, index) => post(pack, index === 0 ? summary : '…'));
}

/** A form is called by its name: what it asks stands in it. */
function saidBy({ text, form }: Message, locale: string): readonly (readonly Run[])[] {
  if (form === undefined || packed(form, locale) === undefined) return [linkedRunsOf(text)];
  return [[{ text: form.title, style: 'bold' }], linkedRunsOf(form.text ?? '')];
}

/** Nothing of it is unfurled or looked through for names. */
function post(blocks: readonly Block[], text: string): Part {
  return { text, blocks, mrkdwn: false, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false };
}

/** Of a message without words, what it offers. */
function fallback(read: string, { choices = [], image, file, links = [] }: Message): string {
  const offered = [
    image?.alt ?? '',
    file?.name ?? '',
    ...links.map(({ title }) => title),
    ...choices.map(({ label }) => label),
  ];
  const words = read || offered.filter((each) => each !== '').join(', ') || '…';
  const [[from, to] = [0, 0]] = piecesOf(words, () => FALLBACK);
  return escaped(words.slice(from, to));
}

/** Messages as full as they may be, in order. */
function inPacks(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const packs: Block[][] = [];
  let size = 0;
  for (const block of blocks) {
    const own = JSON.stringify(block).length;
    const last = packs.at(-1);
    if (last === undefined || last.length === MOST_BLOCKS || size + own > TEXT_LIMIT) {
      packs.push([block]);
      size = own;
    } else {
      last.push(block);
      size += own;
    }
  }
  return packs;
}

function paragraphs(blocks: readonly (readonly Run[])[]): readonly Run[] {
  return blocks
    .filter((block) => wordsOf(block).trim() !== '')
    .flatMap((block, index) => (index === 0 ? trimStart(block) : [{ text: '\n\n' }, ...trimStart(block)]));
}

function trimStart([first, ...more]: readonly Run[]): readonly Run[] {
  if (first === undefined) return [];
  const text = first.text.trimStart();
  return text === '' ? trimStart(more) : [{ ...first, text }, ...more];
}
