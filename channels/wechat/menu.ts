import type { Message } from '#channel';
import { harmless } from './words.ts';

/** `msgmenu` of a customer-service message: each entry is a line that can be tapped, and its id comes back with the tap. */
export type Menu = {
  readonly head_content: string;
  readonly list: readonly { readonly id: string; readonly content: string }[];
};

type Choices = NonNullable<Message['choices']>;

/** Entries of one menu. The platform tells no limit; more would be a screen of their own. */
export const MOST_ENTRIES = 10;

/** Menus that an operator makes in the console have ids of their own (`0`, `101`): ours say that they are ours. */
const OURS = 'p.';

export function menuOf(head: string, choices: Choices, locale: string): Menu {
  const list = choices.map(({ token, label }) => ({ id: OURS + token, content: label }));
  return { head_content: head === '' ? CHOOSE[languageOf(locale)] : head, list };
}

/** The token of the choice that was tapped; `undefined` for a menu of somebody else's. */
export function tokenIn(id: string): string | undefined {
  return id.startsWith(OURS) ? id.slice(OURS.length) : undefined;
}

/** The same menu in a text, which every account may send, and a passive reply may be: a tap says the label, with the id beside it. */
export function inText({ head_content: head, list }: Menu): string {
  return `${head}\n\n${list.map(({ id, content }) => tap(id, content)).join('\n')}`;
}

function tap(id: string, label: string): string {
  return `<a href="weixin://bizmsgmenu?msgmenucontent=${carried(label)}&msgmenuid=${carried(id)}">${harmless(label)}</a>`;
}

/** Only what would end the parameter or the attribute is escaped: Han characters stand for themselves, at a third of the bytes. */
function carried(text: string): string {
  return text.replaceAll(/[\s"%&#+<>]/g, encodeURIComponent);
}

/** For several choices at once, for more than a menu takes, and for apps that tap nothing. */
export function numbered(choices: Choices, multiple: boolean, locale: string): string {
  const lines = choices.map(({ label }, index) => `${index + 1}. ${harmless(label)}`);
  return [...lines, (multiple ? SEVERAL : ONE)[languageOf(locale)]].join('\n');
}

const CHOOSE = { en: 'Please choose:', zh: '请选择：' };
const ONE = { en: 'Reply with a number.', zh: '请回复编号。' };
const SEVERAL = { en: 'Reply with one or more numbers, such as 1, 3.', zh: '可多选，请回复编号，如 1、3。' };

function languageOf(locale: string): 'en' | 'zh' {
  return locale.startsWith('zh') ? 'zh' : 'en';
}
