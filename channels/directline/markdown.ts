import { isWeb } from '#channel';

/**
 * Our markdown subset as markdown that means the same to any client. Web Chat and others read all of CommonMark, so whatever is not
 * ours is escaped: a customer's `![x](https://…)` must not load a picture, her `# 1` must not become a heading, nor `<b>` a tag.
 */
export function toMarkdown(text: string): string {
  const lines = text.split('\n');
  return lines.map((given, index) => `${written(given)}${between(given, lines[index + 1])}`).join('\n');
}

const ITEM = /^([ \t]{0,8})[-*][ \t]+(\S.*)$/;

function written(given: string): string {
  const [, indent = '', item] = ITEM.exec(given) ?? [];
  return item === undefined ? line(given.trimStart()) : `${indent}- ${inline(item)}`;
}

/** In markdown a line feed alone is a space: two spaces before it make it a break, and only an empty line ends a list. */
function between(given: string, next: string | undefined): string {
  if (next === undefined || next.trim() === '' || given.trim() === '') return '';
  if (!ITEM.test(given)) return '  ';
  return ITEM.test(next) ? '' : '\n';
}

/** In this order: an escaped character, code, bold, italic, a labelled link. Every repetition is bounded: time is linear. */
const MARKUP =
  /\\([\\*`[\]])|`([^`\n]{1,400})`|\*\*(?=\S)([^\n]{1,400}?\S?)\*\*(?!\*)|\*(?=[^\s*])([^*\n]{1,400})\*|\[([^[\]\n]{1,400})\]\((\S{1,2000}?)\)|(https?:\/\/[^\s<>"'()[\]\\*`]{1,2000})/g;

function inline(text: string): string {
  let written = '';
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    written += before(match, escaped(text.slice(end, match.index))) + one(match);
    end = match.index + match[0].length;
  }
  return written + escaped(text.slice(end));
}

/** A `!` that stands before a link would make a picture of it. */
function before([whole]: RegExpExecArray, words: string): string {
  return whole.startsWith('[') && words.endsWith('!') ? `${words.slice(0, -1)}\\!` : words;
}

function one([whole, literal, code, bold, italic, label, url, bare]: RegExpExecArray): string {
  if (literal !== undefined) return `\\${literal}`;
  if (code !== undefined) return `\`${code}\``;
  if (bold !== undefined) return `**${inline(bold)}**`;
  if (italic !== undefined) return `*${inline(italic)}*`;
  // Clients make links of bare addresses by themselves.
  if (bare !== undefined) return bare;
  return label !== undefined && url !== undefined && isWeb(url)
    ? `[${escaped(label)}](${target(url)})`
    : escaped(whole);
}

/** What would be markup, and nothing else, since some clients show a text as it is. */
const MARKS =
  /[\\`[]|(?<=\S)\*|\*(?=\S)|(?<![\p{L}\p{N}])_(?=\S)|(?<=\S)_(?![\p{L}\p{N}])|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|~(?=~)|(?<=~)~/gu;

function escaped(text: string): string {
  return text.replaceAll(MARKS, '\\$&');
}

/** At the beginning of a line: a heading, a quotation, a list of another kind, a rule, the underline of a heading, a table's second row. */
const OPENERS = /^(?:#(?=#{0,5}(?:\s|$))|>|\+(?=\s)|=(?=[=\s]*$)|[-|:](?=[-|:\s]*$))/;
const NUMBER = /^(\d{1,9})([.)])(?=\s|$)/;

function line(text: string): string {
  const number = NUMBER.exec(text);
  // A list would be numbered anew, and "3." be read as "1.".
  if (number !== null) return `${number[1]}\\${number[2]}${inline(text.slice(number[0].length))}`;
  return OPENERS.test(text) ? `\\${text[0]}${inline(text.slice(1))}` : inline(text);
}

function target(url: string): string {
  return new URL(url).href.replaceAll(/[()<>\\]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
