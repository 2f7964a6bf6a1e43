import { isWeb } from './address.ts';

/**
 * Our markdown subset as markdown that means the same to any client. Web Chat and others read all of CommonMark, so whatever is not
 * ours is escaped: a customer's `![x](https://…)` must not load a picture, her `# 1` must not become a heading, nor `<b>` a tag.
 */
export function toMarkdown(text: string): string {
  const lines = text.split('\n');
  return lines
    .map((line, index) => {
      const [, indent = '', bullet, rest = ''] = /^([ \t]{0,8})([-*][ \t]+(?=\S))?(.*)$/.exec(line) ?? [];
      const written = `${bullet === undefined ? '' : `${indent}- `}${inline(bullet === undefined ? atStart(line.trimStart()) : rest)}`;
      const next = lines[index + 1];
      // In markdown a line feed alone is a space: two spaces before it make it a break.
      return next === undefined || next.trim() === '' || written === '' ? written : `${written}  `;
    })
    .join('\n');
}

/** In this order: an escaped character, code, bold, italic, a labelled link. Every repetition is bounded: time is linear. */
const MARKUP =
  /\\([\\*`[\]])|`([^`\n]{1,400})`|\*\*(?=\S)([^\n]{1,400}?\S?)\*\*(?!\*)|\*(?=[^\s*])([^*\n]{1,400})\*|\[([^[\]\n]{1,400})\]\((\S{1,2000}?)\)|(https?:\/\/[^\s<>"'()[\]\\*`]{1,2000})/g;

function inline(text: string): string {
  let written = '';
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    written += escaped(text.slice(end, match.index)) + one(match);
    end = match.index + match[0].length;
  }
  return written + escaped(text.slice(end));
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

/** What opens a block at the beginning of a line: a heading, a quotation, another kind of list, a rule, the underline of a heading. */
function atStart(line: string): string {
  return line.replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2').replace(/^([#>+=~|-])/, '\\$1');
}

/** Already escaped at the beginning of a line is not escaped twice. */
function escaped(text: string): string {
  return text.replaceAll(/\\[#>+=~|.)-]|[\\`*_{}[\]<>!~|&]/g, (mark) => (mark.length > 1 ? mark : `\\${mark}`));
}

function target(url: string): string {
  return new URL(url).href.replaceAll(/[()<>\\]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
