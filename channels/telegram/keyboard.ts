import { isWeb, type Message, type Run } from '#channel';

/** https://core.telegram.org/bots/api#inlinekeyboardbutton */
export type Button =
  | { readonly text: string; readonly callback_data: string }
  | { readonly text: string; readonly url: string };

/** What is offered with a message: as buttons where they can be read, in words where they cannot. */
export interface Offer {
  readonly rows: readonly (readonly Button[])[];
  readonly words: readonly Run[];
}

type Link = NonNullable<Message['links']>[number];

/** Buttons of one message (https://core.telegram.org/bots/api, "Bot API limits"). */
export const MOST_BUTTONS = 100;
/** Columns of a label that a phone shows whole, by the number of buttons in its row; a longer one would end in "…". */
const COLUMNS: readonly (readonly [perRow: number, columns: number])[] = [
  [4, 5],
  [3, 9],
  [2, 15],
  [1, 34],
];

/** Choices first, then links. Several choices at once have no buttons here: she answers with their numbers. */
export function offerOf(message: Message, links: readonly Link[], locale: string): Offer {
  const choices = choicesOf(message, locale);
  const asButtons = links.filter(isButton).slice(0, MOST_BUTTONS - choices.rows.flat().length);
  const asWords = links.filter((link) => !asButtons.includes(link));
  return {
    rows: [...choices.rows, ...asButtons.map(({ title, url }) => [{ text: title, url }])],
    words: [...asWords.flatMap(linkInWords), ...choices.words],
  };
}

function choicesOf({ choices = [], multiple }: Message, locale: string): Offer {
  if (choices.length === 0) return { rows: [], words: [] };
  if (multiple || choices.length > MOST_BUTTONS) {
    const hint = multiple ? SEVERAL : ONE;
    return { rows: [], words: [numbered(choices), { text: `\n${locale.startsWith('zh') ? hint.zh : hint.en}` }] };
  }
  const perRow = rowLength(choices.map(({ label }) => label));
  if (perRow !== undefined) {
    const buttons = choices.map(({ token, label }) => ({ text: label, callback_data: token }));
    return { rows: inRows(buttons, perRow), words: [] };
  }
  // Too long for buttons: the words stand in the text, and the buttons carry their numbers.
  const buttons = choices.map(({ token }, index) => ({ text: String(index + 1), callback_data: token }));
  return { rows: inRows(buttons, 5), words: [numbered(choices)] };
}

const ONE = { en: 'Reply with a number.', zh: '请回复编号。' };
const SEVERAL = { en: 'Reply with one or more numbers, such as 1, 3.', zh: '可多选，请回复编号，如 1、3。' };

function numbered(choices: NonNullable<Message['choices']>): Run {
  return { text: choices.map(({ label }, index) => `\n${index + 1}. ${label}`).join('') };
}

/** How many fit side by side; `undefined`: not even one. */
function rowLength(labels: readonly string[]): number | undefined {
  const widest = Math.max(...labels.map(columnsOf));
  return COLUMNS.find(([perRow, columns]) => widest <= columns && perRow <= Math.max(1, labels.length))?.[0];
}

function inRows<T>(items: readonly T[], perRow: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / perRow) }, (_, row) =>
    items.slice(row * perRow, (row + 1) * perRow),
  );
}

/** A Han character or an emoji is as wide as two letters. */
function columnsOf(label: string): number {
  if (ASCII.test(label)) return label.length;
  return [...characters.segment(label)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}

const characters = new Intl.Segmenter();
const ASCII = /^[ -~]*$/;
const WIDE = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;

/** Telegram refuses a whole message for one button to a host without a dot, such as `localhost`. */
function isButton({ title, url }: Link): boolean {
  return isWeb(url) && new URL(url).hostname.includes('.') && columnsOf(title) <= 34;
}

function linkInWords({ title, url }: Link): Run[] {
  return isWeb(url) ? [{ text: '\n' }, { text: title, url }] : [{ text: `\n${title}: ${url}` }];
}
