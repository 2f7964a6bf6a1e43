/**
 * What customers wrote, as text that cannot hide or turn anything around: what only machines see is shown as nothing. It becomes text
 * nodes and never markup; this is for the eyes of agents, who decide by it.
 */
export function plain(text: string): string {
  return text.replace(UNSEEN, '').toWellFormed();
}

/** All that Unicode calls ignorable (bidirectional controls, zero-width characters, tags) and controls, but for what scripts and emoji need. */
const UNSEEN = /[[\p{DI}\p{Cc}\uFFF9-\uFFFB]--[\t\n\u200C\u200D\uFE00-\uFE0F]]/gv;

/** Where a link may lead: another web page, or a file of our own. Anything else is no link. */
export function linkOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (/^\/chat\/files\/[\w.-]+$/.test(url)) return url;
  if (!URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** Pictures are shown from our own store only: another address would learn who looks at it. */
export function pictureOf(url: string | undefined): string | undefined {
  const path = url !== undefined && URL.canParse(url) ? new URL(url).pathname : url;
  return path !== undefined && /^\/chat\/files\/[\w.-]+$/.test(path) ? path : undefined;
}
