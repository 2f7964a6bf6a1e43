import { isWeb } from '#channel';
/**
 * Markdown as WeChat shows it in a text: plain words, and links as `<a href>`, the only markup that it reads
 * (https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage).
 */
export function wordsOf(markdown: string): string {
  return inline(markdown.replaceAll(/^([ \t]{0,8})[-*][ \t]+(?=\S)/gm, '$1• '));
}

/** Without links, for what shows none: an article's description, a template's field. */
export function plainOf(markdown: string): string {
  return wordsOf(markdown).replaceAll(/<a href="[^"]*">([^<]*)<\/a>/g, '$1');
}

/** In this order: an escaped character, code, bold, italic, a labelled link. Every repetition is bounded: time is linear. */
const MARKUP =
  /\\([\\*`[\]])|`([^`\n]{1,400})`|\*\*(?=\S)([^\n]{1,400}?\S?)\*\*(?!\*)|\*(?=[^\s*])([^*\n]{1,400})\*|\[([^[\]\n]{1,400})\]\((\S{1,2000}?)\)/g;

function inline(text: string): string {
  let words = '';
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    words += harmless(text.slice(end, match.index)) + read(match);
    end = match.index + match[0].length;
  }
  return words + harmless(text.slice(end));
}

function read([whole, literal, code, bold, italic, label, url]: RegExpExecArray): string {
  if (label !== undefined && url !== undefined) return isWeb(url) ? link(label, url) : harmless(whole);
  return bold === undefined && italic === undefined ? harmless(literal ?? code ?? '') : inline(bold ?? italic ?? '');
}

/** A link that can be tapped. One that would fill half a message is written out. */
export function link(label: string, url: string): string {
  const address = new URL(url).href;
  if (address.length > LONGEST_LINK) return `${harmless(label)}: ${address}`;
  return `<a href="${address.replaceAll('"', '%22')}">${harmless(label)}</a>`;
}

const LONGEST_LINK = 1_000;

/** What {@link link} writes, and a choice as a link: it must not be cut in two. */
export const LINK = /<a href="[^"]{1,1500}">[^<]{0,800}<\/a>/g;

/** A text that came from anybody (a name, a note on an order) must not become a link: its `<` is written wide. */
export function harmless(text: string): string {
  return text.replaceAll(/<(?=\s*\/?\s*a\b)/gi, '＜');
}
