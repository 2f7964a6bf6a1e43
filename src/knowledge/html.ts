import type { Block } from './block.ts';

/**
 * The words of an HTML page: headings and lines. What is not for reading (scripts, styles) or stands on every page (menus, footers) is
 * left out. It reads once from front to back and builds no tree, so that no page is too crooked for it or costs more than its length.
 */
export function readHtml(html: string): { blocks: Block[]; title: string | undefined; locale: string | undefined } {
  const blocks: Block[] = [];
  let title: string | undefined;
  let locale: string | undefined;
  let words = '';
  let heading = 0;
  const end = () => {
    const text = words.replace(/\s+/g, ' ').trim();
    words = '';
    if (text === '' || text === BULLET) return;
    if (heading > 0) blocks.push({ kind: 'heading', level: heading, text });
    else blocks.push({ kind: 'text', text });
  };
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    const text = html.slice(at, open < 0 ? html.length : open);
    words += decode(text);
    if (open < 0) break;
    const tag = tagAt(html, open);
    if (tag === undefined) {
      words += '<';
      at = open + 1;
      continue;
    }
    at = tag.end;
    const { name, closes, attributes } = tag;
    if (name === 'html') locale = /\blang\s*=\s*["']?([\w-]+)/i.exec(attributes)?.[1];
    if (!closes && UNREAD.has(name)) {
      const after = endOf(html, name, at);
      if (name === 'title') title = decode(html.slice(at, after.from)).replace(/\s+/g, ' ').trim();
      at = after.to;
    } else if (BREAKS.test(name)) {
      end();
      heading = !closes && /^h[1-6]$/.test(name) ? Number(name.slice(1)) : 0;
      if (!closes && name === 'li') words = `${BULLET} `;
      if (/^(p|ul|ol|table|section|article|div|blockquote)$/.test(name)) blocks.push({ kind: 'text', text: '' });
    } else if (/^t[dh]$/.test(name) && closes) words += ' ';
  }
  end();
  return { blocks, title, locale };
}

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  readonly attributes: string;
  /** Where the text after it begins. */
  readonly end: number;
}

function tagAt(html: string, open: number): Tag | undefined {
  if (html.startsWith('<!--', open)) {
    const close = html.indexOf('-->', open + 4);
    return { name: '', closes: false, attributes: '', end: close < 0 ? html.length : close + 3 };
  }
  const first = html.charAt(open + 1);
  if (!/[a-z/!?]/i.test(first)) return undefined;
  const end = tagEnd(html, open);
  const body = html.slice(open + 1, end - 1);
  const [, slash, name = ''] = /^(\/?)([a-z][a-z0-9-]*)/i.exec(body) ?? [];
  return { name: name.toLowerCase(), closes: slash === '/', attributes: body.slice(name.length), end };
}

/** A `>` inside a quoted attribute does not end the tag. */
function tagEnd(html: string, open: number): number {
  let quote = '';
  for (let at = open + 1; at < html.length; at++) {
    const char = html.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if ((char === '"' || char === "'") && html.charAt(at - 1) === '=') quote = char;
    else if (char === '>') return at + 1;
  }
  return html.length;
}

function endOf(html: string, name: string, from: number): { from: number; to: number } {
  const close = new RegExp(`</${name}\\s*>`, 'gi');
  close.lastIndex = from;
  const match = close.exec(html);
  return match === null
    ? { from: html.length, to: html.length }
    : { from: match.index, to: match.index + match[0].length };
}

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

const BULLET = '•';
const UNREAD = new Set(
  'script style noscript template svg math head title nav footer header aside form iframe object select textarea button'
    .split(' ')
    // A head holds the title, which is looked at.
    .filter((name) => name !== 'head'),
);
const BREAKS =
  /^(p|div|br|hr|li|ul|ol|dl|dt|dd|table|tr|section|article|main|blockquote|pre|figure|figcaption|details|summary|h[1-6])$/;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
  euro: '€',
  pound: '£',
  yen: '¥',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  times: '×',
  middot: '·',
  bull: '•',
};
