/**
 * The markdown that messages may carry (`**bold**`, `*italic*`, `` `code` ``, links, lists) as a tree, which the view turns into
 * nodes one by one. No HTML string exists at any point, so there is nothing to sanitize: `<script>` is eight letters of text.
 */
export type Inline =
  | string
  | { readonly kind: 'bold'; readonly children: readonly Inline[] }
  | { readonly kind: 'italic'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] };

/** Longer texts are shown as they are: nobody writes them by hand, and parsing stays bounded whatever arrives. */
const LONGEST = 20_000;

/** Never throws; what is not markup stays text. Time grows linearly with the text: every repetition below has a bound. */
export function parseMarkdown(text: string): readonly Block[] {
  if (text.length > LONGEST) return [{ kind: 'paragraph', children: [text] }];
  const blocks: Block[] = [];
  let lines: string[] = [];
  let list: { kind: 'list'; ordered: boolean; items: (readonly Inline[])[] } | undefined;

  const endParagraph = () => {
    const paragraph = lines.join('\n').trim();
    if (paragraph) blocks.push({ kind: 'paragraph', children: parseInline(paragraph) });
    lines = [];
  };

  for (const line of text.split('\n')) {
    const item = /^\s{0,8}(?:[-*•]|(\d{1,3})[.)])\s+(\S.*)$/.exec(line);
    if (item) {
      endParagraph();
      const ordered = item[1] !== undefined;
      if (list?.ordered !== ordered) {
        list = { kind: 'list', ordered, items: [] };
        blocks.push(list);
      }
      list.items.push(parseInline(item[2] ?? ''));
    } else {
      list = undefined;
      if (line.trim()) lines.push(line);
      else endParagraph();
    }
  }
  endParagraph();
  return blocks;
}

const MARKUP = new RegExp(
  [
    /\\([\\*`[\]])/, // 1: an escaped character
    /`([^`\n]{1,400})`/, // 2: code
    /\*\*(?=\S)([^\n]{1,400}?)(?<=\S)\*\*(?!\*)/, // 3: bold
    /\*(?=[^\s*])([^*\n]{1,400}?)(?<=\S)\*/, // 4: italic
    /\[([^[\]\n]{1,400})\]\(([^\s()]{1,2000})\)/, // 5, 6: link
    /(https?:\/\/[^\s<>"'，。！？；、（）]{1,2000})/, // 7: bare address
  ]
    .map((part) => part.source)
    .join('|'),
  'g',
);

function parseInline(text: string): readonly Inline[] {
  const found: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    const [whole, escaped, code, bold, italic, label, target, bare] = match;
    const node =
      escaped ??
      (code !== undefined
        ? { kind: 'code' as const, text: code }
        : bold !== undefined
          ? { kind: 'bold' as const, children: parseInline(bold) }
          : italic !== undefined
            ? { kind: 'italic' as const, children: parseInline(italic) }
            : bare !== undefined
              ? bareLink(bare)
              : link(label ?? '', target ?? ''));
    if (node === undefined) continue;
    if (match.index > end) found.push(text.slice(end, match.index));
    found.push(...(Array.isArray(node) ? node : [node]));
    end = match.index + whole.length;
  }
  if (end < text.length) found.push(text.slice(end));
  return found;
}

function link(label: string, target: string): Inline | undefined {
  const url = safeUrl(target);
  return url === undefined ? undefined : { kind: 'link', url, children: [label] };
}

/** "See https://example.com/a." ends before the full stop. */
function bareLink(text: string): Inline[] | undefined {
  const address = text.replace(/[.,;:!?)\]*]{1,8}$/, '');
  const url = safeUrl(address);
  return url === undefined ? undefined : [{ kind: 'link', url, children: [address] }, text.slice(address.length)];
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
