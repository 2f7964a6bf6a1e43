import { isWeb, type Message } from '#channel';
import { ADDRESS_LIMIT, type Link } from './pieces.ts';

/** https://developer.work.weixin.qq.com/document/path/94677#菜单消息 */
export type MenuItem =
  | { readonly type: 'click'; readonly click: { readonly id: string; readonly content: string } }
  | { readonly type: 'view'; readonly view: { readonly url: string; readonly content: string } };

/** What is offered: as items of a menu where they can be, in words where they cannot. */
export interface Offer {
  readonly list: readonly MenuItem[];
  readonly words: string;
}

export const MOST_ITEMS = 10;
/** Bytes of UTF-8, like the others. */
export const HEAD_LIMIT = 1_024;
export const CONTENT_LIMIT = 128;
const ID_LIMIT = 64;

/** Links first, then choices: what is asked stands where she looks last. A choice's token is the id of its item, and comes back with it. */
export function offerOf(links: readonly Link[], asking: Message | undefined, locale: string): Offer {
  const { choices = [], multiple = false } = asking ?? {};
  const asItems = !multiple && choices.length <= MOST_ITEMS && choices.every(isItem);
  const chosen = asItems ? choices.map(({ token, label }) => click(token, label)) : [];
  const viewed = links.filter(isView).slice(0, MOST_ITEMS - chosen.length);
  const named = links.filter((link) => !viewed.includes(link)).map(({ title, url }) => `${title}: ${url}`);
  const numbered = asItems ? '' : inNumbers(choices, multiple, locale);
  return {
    list: [...viewed.map(view), ...chosen],
    words: [named.join('\n'), numbered].filter((block) => block !== '').join('\n\n'),
  };
}

type Choice = NonNullable<Message['choices']>[number];

function isItem({ token, label }: Choice): boolean {
  return label !== '' && Buffer.byteLength(label) <= CONTENT_LIMIT && Buffer.byteLength(token) <= ID_LIMIT;
}

function isView({ title, url }: Link): boolean {
  return (
    isWeb(url) && title !== '' && Buffer.byteLength(title) <= CONTENT_LIMIT && Buffer.byteLength(url) <= ADDRESS_LIMIT
  );
}

function click(id: string, content: string): MenuItem {
  return { type: 'click', click: { id, content } };
}

function view({ title: content, url }: Link): MenuItem {
  return { type: 'view', view: { url, content } };
}

const ONE = { en: 'Reply with a number.', zh: '请回复编号。' };
const SEVERAL = { en: 'Reply with one or more numbers, such as 1, 3.', zh: '可多选，请回复编号，如 1、3。' };

function inNumbers(choices: readonly Choice[], multiple: boolean, locale: string): string {
  const hint = multiple ? SEVERAL : ONE;
  const lines = choices.map(({ label }, index) => `${index + 1}. ${label}`);
  return [...lines, locale.startsWith('zh') ? hint.zh : hint.en].join('\n');
}
