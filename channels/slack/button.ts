import { isWeb, type Message, type Run } from '#channel';
import type { Block } from './block.ts';
import { plainText } from './mrkdwn.ts';

export type Link = NonNullable<Message['links']>[number];

/** Of one block: https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export const MOST_BUTTONS = 25;
/** Slack says that a button's text "may truncate with ~30 characters"; a Han character is as wide as two. */
const COLUMNS = 30;
/** Characters of a button's address: https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const ADDRESS = 3_000;

/** Can a button show it whole? */
export function fits(label: string): boolean {
  return columnsOf(label) <= COLUMNS;
}

/** Rows of buttons that open an address. */
export function linksOf(links: readonly Link[], id: string): readonly Block[] {
  const rows = Array.from({ length: Math.ceil(links.length / MOST_BUTTONS) }, (_, row) =>
    links.slice(row * MOST_BUTTONS, (row + 1) * MOST_BUTTONS),
  );
  return rows.map((row, at) => ({
    type: 'actions',
    block_id: `${id}.${at}`,
    elements: row.map(({ title, url }, index) => ({
      type: 'button',
      action_id: `link.${index}`,
      text: plainText(title),
      url: new URL(url).href,
    })),
  }));
}

export function isButton({ title, url }: Link): boolean {
  return isWeb(url) && url.length <= ADDRESS && title.trim() !== '' && fits(title);
}

export function linkInWords({ title, url }: Link): Run[] {
  return isWeb(url) ? [{ text: '\n' }, { text: title, url }] : [{ text: `\n${title}: ${url}` }];
}

function columnsOf(label: string): number {
  if (ASCII.test(label)) return label.length;
  return [...new Intl.Segmenter().segment(label)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}

const ASCII = /^[ -~]*$/;
const WIDE = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;
