import { parse } from 'yaml';
import type { Block } from './block.ts';

/**
 * Markdown, as far as help pages use it: headings, paragraphs, lists, quotes, tables, code. Words stay, marks go; links and pictures
 * leave their words. Works line by line, in linear time.
 */
export function readMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text
    .replaceAll('\u0000', '')
    .replace(COMMENT, (_, also: string | undefined) => (also === undefined ? '' : `${ALSO}${oneLine(also)}`))
    .split('\n');
  let fence: string | undefined;
  for (const [at, line] of lines.entries()) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || line.trim().startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      continue;
    }
    if (fence !== undefined) {
      blocks.push({ kind: 'text', text: line });
      continue;
    }
    if (line.startsWith(ALSO)) {
      blocks.push({ kind: 'also', text: line.slice(ALSO.length) });
      continue;
    }
    const heading = headingAt(lines, at);
    if (heading !== undefined) blocks.push(heading);
    else if (!isMark(line)) blocks.push({ kind: 'text', text: lineOf(line) });
  }
  return blocks;
}

/** `<!-- also: how many days, return period -->` notes other ways to ask; any other comment is nobody's but its author's. */
const COMMENT = /<!--(?:\s*also:([\s\S]*?))?(?:-->|$)|<!--[\s\S]*?(?:-->|$)/g;
const ALSO = '\u0000also:';

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The YAML between `---` lines at the top of a file, if it has some. @throws what the YAML parser throws */
export function splitFrontMatter(text: string): { matter: unknown; body: string } {
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(text);
  if (match === null || match.index !== 0) return { matter: {}, body: text };
  return { matter: parse(match[1] ?? '', { maxAliasCount: 10 }) ?? {}, body: text.slice(match[0].length) };
}

function headingAt(lines: readonly string[], at: number): Block | undefined {
  const line = lines[at] ?? '';
  const [, marks, words] = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/.exec(line) ?? [];
  if (marks !== undefined) return { kind: 'heading', level: marks.length, text: inline(words ?? '') };
  const under = /^ {0,3}(=+|--+)[ \t]*$/.exec(lines[at + 1] ?? '')?.[1];
  const stands = line.trim() !== '' && !/^ {0,3}([-*+>|]|\d+[.)])/.test(line) && (lines[at - 1] ?? '').trim() === '';
  if (under === undefined || !stands) return undefined;
  return { kind: 'heading', level: under.startsWith('=') ? 1 : 2, text: inline(line) };
}

/** Underlines of headings, rules, tables' dashes, definitions of links. */
function isMark(line: string): boolean {
  return (
    /^ {0,3}(=+|([-*_])[ \t]*(?:\2[ \t]*)*)$/.test(line) ||
    /^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$/.test(line) ||
    /^ {0,3}\[[^\]]+\]:[ \t]/.test(line)
  );
}

function lineOf(line: string): string {
  const bare = line.replace(/^[ \t]*(?:>[ \t]?)+/, '').trimEnd();
  const [, item] = /^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(.*)$/.exec(bare) ?? [];
  if (item !== undefined) return `• ${inline(item)}`;
  if (/^[ \t]*\|.*\|[ \t]*$/.test(bare)) {
    const cells = bare.trim().slice(1, -1).split('|');
    return cells.map((cell) => inline(cell.trim())).join(' · ');
  }
  return inline(bare.trim());
}

function inline(text: string): string {
  return text
    .replace(/!\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1')
    .replace(/\[([^\]]+)\](?:\([^)\s]*(?:\s+"[^"]*")?\)|\[[^\]]*\])/g, '$1')
    .replace(/<(https?:[^>\s]+)>/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/(?<![\w*])[*_](?=\S)([^*_]+?)(?<=\S)[*_](?![\w*])/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+.!|>~-])/g, '$1');
}
