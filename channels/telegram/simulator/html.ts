/** A piece of formatted text (https://core.telegram.org/bots/api#messageentity). Offsets are UTF-16 units. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
}

const TAGS: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  s: 'strikethrough',
  code: 'code',
  pre: 'pre',
  a: 'text_link',
};
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const TOKEN = /<(\/?)([a-z]+)(?:\s+href="([^"]*)")?\s*>|&(lt|gt|amp|quot|#\d{1,7});|[<&]|[^<&]+/g;

/** `parse_mode: HTML` as strictly as Telegram reads it. The text alone for what it would refuse is `undefined`. */
export function parseHtml(html: string): { text: string; entities: Entity[] } | undefined {
  let text = '';
  const entities: Entity[] = [];
  const open: { tag: string; offset: number; url: string | undefined }[] = [];
  for (const [whole, slash, tag, href, name] of html.matchAll(TOKEN)) {
    if (tag !== undefined) {
      const type = TAGS[tag];
      if (type === undefined) return undefined;
      if (slash === '') {
        open.push({ tag, offset: text.length, url: href === undefined ? undefined : unescaped(href) });
        continue;
      }
      const begun = open.pop();
      if (begun?.tag !== tag) return undefined;
      const { offset, url } = begun;
      entities.push({ type, offset, length: text.length - offset, ...(url === undefined ? {} : { url }) });
    } else if (name !== undefined) text += characterOf(name);
    else if (whole === '<') return undefined;
    else text += whole;
  }
  if (open.length > 0) return undefined;
  return { text, entities: entities.toSorted((a, b) => a.offset - b.offset) };
}

function unescaped(text: string): string {
  return text.replaceAll(/&(lt|gt|amp|quot|#\d{1,7});/g, (_, name: string) => characterOf(name));
}

function characterOf(name: string): string {
  return NAMED[name] ?? String.fromCodePoint(Number(name.slice(1)));
}
