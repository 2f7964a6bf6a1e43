import { ParleyError } from '../errors.ts';
import { fetchPage, type Page, type Reach } from './outside.ts';
import { readPdf } from './pdf.ts';
import type { Document, Kind } from './reading.ts';

export interface Pages {
  readonly urls: readonly string[];
  readonly sitemap?: string;
}

export interface PagesRead {
  readonly documents: readonly Document[];
  /** Every address that is listed now; `undefined` when the list itself could not be read. */
  readonly listed: ReadonlySet<string> | undefined;
  readonly troubles: readonly { readonly url: string; readonly error: unknown }[];
}

/**
 * The pages of a list and of a sitemap, one after the other: a site is not to notice that it is read. A page that cannot be had is a
 * trouble of its own.
 */
export async function readPages({ urls, sitemap }: Pages, signal: AbortSignal, inside = false): Promise<PagesRead> {
  const hosts = new Set([...urls, ...(sitemap === undefined ? [] : [sitemap])].map((url) => new URL(url).host));
  const reach: Reach = { hosts, signal, inside };
  const documents: Document[] = [];
  const troubles: { url: string; error: unknown }[] = [];
  const attempt = async <T>(url: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      troubles.push({ url, error });
      return undefined;
    }
  };
  const mapped = sitemap === undefined ? [] : await attempt(sitemap, () => listOf(sitemap, reach));
  const all = [...new Set([...urls, ...(mapped ?? [])])].slice(0, MOST);
  for (const url of all) {
    const page = await attempt(url, () => fetchPage(url, reach));
    const document = page && (await attempt(url, () => documentOf(url, page)));
    if (document !== undefined) documents.push(document);
  }
  return { documents, troubles, listed: mapped === undefined ? undefined : new Set(all) };
}

/** Addresses of a sitemap, and of those that it lists (https://www.sitemaps.org/protocol.html). */
async function listOf(url: string, reach: Reach, depth = 0): Promise<string[]> {
  const text = new TextDecoder().decode((await fetchPage(url, reach)).bytes);
  const found = [...text.matchAll(/<loc>\s*(?:<!\[CDATA\[)?([^<\]]{1,2000})/g)]
    .map((match) => (match[1] ?? '').trim().replaceAll('&amp;', '&'))
    .filter((address) => URL.canParse(address))
    .slice(0, MOST);
  if (!/<sitemapindex[\s>]/.test(text)) return found;
  const lists: string[] = [];
  for (const inner of depth < 2 ? found : []) lists.push(...(await listOf(inner, reach, depth + 1)));
  return lists;
}

/** @throws `knowledge.refused` for what is no text, and what a PDF cannot be read for */
async function documentOf(id: string, page: Page): Promise<Document> {
  const { url } = page;
  if (page.type === 'application/pdf') {
    const { title, text } = await readPdf(page.bytes, url);
    return { id, kind: 'pages', text, facts: { url }, ...(title !== undefined && { fallback: { title } }) };
  }
  const kind = kindOf(page);
  if (kind === undefined) throw new ParleyError('knowledge.refused', `${url} is not read: it is ${page.type}.`);
  return { id, kind, text: new TextDecoder().decode(page.bytes), facts: { url } };
}

function kindOf({ type, url }: Page): Kind | undefined {
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (type === 'text/markdown') return 'markdown';
  if (type === 'text/plain') return /\.(md|markdown)$/i.test(new URL(url).pathname) ? 'markdown' : 'text';
  return undefined;
}

/** Pages of one set. */
const MOST = 5_000;
