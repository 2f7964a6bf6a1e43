/**
 * The markdown that messages may carry (`**bold**`, `*italic*`, `` `code` ``, links, lists) as a tree, which the view turns into
 * nodes one by one. No HTML string exists at any point, so there is nothing to sanitize: `<script>` is eight letters of text.
 */
export type Markup =
  | string
  | { readonly tag: 'p' | 'ul' | 'ol' | 'li' | 'b' | 'i' | 'code'; readonly children: readonly Markup[] }
  | { readonly tag: 'a'; readonly url: string; readonly children: readonly Markup[] };

/** Longer texts are shown as they are: nobody writes them by hand, and parsing stays bounded whatever arrives. */
const LONGEST = 20_000;

/** Never throws; what is not markup stays text. Time grows linearly with the text: every repetition below has a bound. */
export function parseMarkdown(text: string): readonly Markup[] {
  if (text.length > LONGEST) return [text];
  const blocks: { tag: 'p' | 'ul' | 'ol'; lines: string[] }[] = [];
  let tag: 'p' | 'ul' | 'ol' | undefined;
  for (const line of text.split('\n')) {
    const [, number, item] = /^\s{0,8}(?:[-*•]|(\d{1,3})[.)])\s+(\S.*)$/.exec(line) ?? [];
    const before = tag;
    tag = item ? (number ? 'ol' : 'ul') : line.trim() ? 'p' : undefined;
    if (tag && tag !== before) blocks.push({ tag, lines: [] });
    if (tag) blocks.at(-1)?.lines.push(item ?? line);
  }
  return blocks.map(({ tag, lines }) => ({
    tag,
    children:
      tag === 'p'
        ? parseInline(lines.join('\n').trim())
        : lines.map((line) => ({ tag: 'li' as const, children: parseInline(line) })),
  }));
}

/** In this order: an escaped character, code, bold, italic, a labelled link, a bare address without the full stop after it. */
const MARKUP =
  /\\([\\*`[\]])|`([^`\n]{1,400})`|\*\*(?=\S)([^\n]{1,400}?\S?)\*\*(?!\*)|\*(?=[^\s*])([^*\n]{1,400})\*|\[([^[\]\n]{1,400})\]\((\S{1,2000}?)\)|https?:\/\/[^\s<>"'，。！？；、（）]{0,2000}[^\s<>"'，。！？；、（）.,;:!?)*]/g;

function parseInline(text: string): readonly Markup[] {
  const found: Markup[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    found.push(text.slice(end, match.index), markup(match));
    end = match.index + match[0].length;
  }
  return [...found, text.slice(end)].filter(Boolean);
}

function markup([whole, escaped, code, bold, italic, label, target]: RegExpExecArray): Markup {
  if (escaped) return escaped;
  if (code) return { tag: 'code', children: [code] };
  if (bold) return { tag: 'b', children: parseInline(bold) };
  if (italic) return { tag: 'i', children: parseInline(italic) };
  const url = safeUrl(target ?? whole);
  return url ? { tag: 'a', url, children: [label ?? whole] } : whole;
}

/**
 * The address if following it is harmless: http or https, nothing else (no `javascript:`, `data:`, `blob:`). With a `base`, the
 * server's own relative addresses are allowed too.
 */
export function safeUrl(url: unknown, base?: string): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url, base)) return undefined;
  const parsed = new URL(url, base);
  return /^https?:$/.test(parsed.protocol) ? parsed.href : undefined;
}
