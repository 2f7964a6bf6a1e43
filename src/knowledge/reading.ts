import { extname } from 'node:path';
import { ParleyError } from '../errors.ts';
import { linkable, type MayLink } from '../links.ts';
import { type Block, type Part, partsOf } from './block.ts';
import { chunks } from './chunk.ts';
import { readCsv } from './csv.ts';
import { type Facts, readFacts } from './facts.ts';
import { readHtml } from './html.ts';
import { readMarkdown, splitFrontMatter } from './markdown.ts';
import { partsOfPages } from './pages.ts';
import type { Passage } from './passage.ts';
import { plain, plainLine } from './plain.ts';
import { isHan } from './words.ts';

/** How the documents of a set are read. */
export interface Manner {
  readonly set: string;
  /** Of the bot; the first is the default. */
  readonly locales: readonly string[];
  /** In which days begin and end. */
  readonly timezone: string;
  readonly mayLink: MayLink;
  /** Where relative addresses lead. */
  readonly base?: string;
  /** Of documents that do not say; default: by their characters. */
  readonly locale?: string;
}

/** A document as it came. */
export interface Document {
  /** A path, an address, or the id it was pushed under. */
  readonly id: string;
  readonly kind: Kind;
  readonly text: string;
  /** What is known of it beside what it says itself; this counts. */
  readonly facts?: Facts;
  /** What holds where neither says anything. */
  readonly fallback?: Facts;
}

export const KINDS = ['markdown', 'html', 'csv', 'text', 'pages'] as const;
export type Kind = (typeof KINDS)[number];

export interface Read {
  readonly passages: readonly Passage[];
  /** What its author should mend, in words. */
  readonly mistakes: readonly string[];
}

/** Characters. */
export const DOCUMENT_LIMIT = 2_000_000;

/** What a file is, by its name. @throws `knowledge.unsupported` for kinds that cannot be read */
export function kindOf(path: string): Kind {
  const kind = KIND_OF[extname(path).toLowerCase()];
  if (kind !== undefined) return kind;
  throw new ParleyError('knowledge.unsupported', `${path} cannot be read as knowledge.`, {
    hint: 'Files may be Markdown (.md), HTML (.html), tables (.csv, .tsv) or plain text (.txt) or PDF (.pdf). Export a Word file as one of these.',
  });
}

/** A document as passages: its parts under their headings, cut to pieces that answer one question each. */
export function readDocument(document: Document, manner: Manner): Read {
  if (document.text.length > DOCUMENT_LIMIT) {
    const mistake = `It is longer than ${DOCUMENT_LIMIT.toLocaleString('en')} characters: cut it into several.`;
    return { passages: [], mistakes: [mistake] };
  }
  try {
    return document.kind === 'csv' ? readTable(document, manner) : readText(document, manner);
  } catch (error) {
    return { passages: [], mistakes: [`Its front matter cannot be read: ${messageOf(error)}`] };
  }
}

function readText(document: Document, manner: Manner): Read {
  const { matter, body } =
    document.kind === 'html' ? { matter: {}, body: document.text } : splitFrontMatter(document.text);
  const { facts, mistakes } = readFacts(matter, manner.timezone);
  const { title, parts, locale } = contentOf(document.kind, body);
  const known: Facts = {
    ...document.fallback,
    ...(title !== undefined && { title }),
    ...(locale !== undefined && { locale }),
    ...facts,
    ...document.facts,
  };
  return { passages: passagesOf(document.id, known, parts, manner), mistakes };
}

function contentOf(kind: Kind, body: string): { title?: string; locale?: string; parts: readonly Part[] } {
  if (kind === 'pages') return { parts: partsOfPages(body) };
  if (kind === 'html') {
    const { blocks, title, locale } = readHtml(body);
    const found = partsOf(blocks);
    const name = found.title ?? title;
    return { parts: found.parts, ...(name && { title: name }), ...(locale && { locale }) };
  }
  const { title, parts } = partsOf(kind === 'markdown' ? readMarkdown(body) : [textBlock(body)]);
  return { parts, ...(title !== undefined && { title }) };
}

function textBlock(text: string): Block {
  return { kind: 'text', text: text.replace(/\r\n?/g, '\n') };
}

/** Each row is a question with its answer; it may say of itself what a file says in its front matter. */
function readTable(document: Document, manner: Manner): Read {
  const mistakes: string[] = [];
  const passages = readCsv(document.text).flatMap((row, at) => {
    const { answer, question } = row;
    const { text = answer ?? '', heading = question ?? '', also = '' } = row;
    if (text === '') {
      mistakes.push(`Row ${at + 2} has nothing under \`answer\` (or \`text\`).`);
      return [];
    }
    const read = readFacts(row, manner.timezone);
    mistakes.push(...read.mistakes.map((mistake) => `Row ${at + 2}: ${mistake}`));
    const facts = { ...document.fallback, ...read.facts, ...document.facts };
    return passagesOf(
      document.id,
      facts,
      [{ headings: heading === '' ? [] : [heading], text, ...(also !== '' && { also }) }],
      manner,
    );
  });
  return { passages, mistakes };
}

function passagesOf(id: string, facts: Facts, parts: readonly Part[], manner: Manner): Passage[] {
  const { mayLink } = manner;
  const title = plainLine(facts.title ?? titleOf(id), mayLink);
  const url = facts.url === undefined ? undefined : linkable(absolute(facts.url, manner.base), mayLink);
  const cleaned = parts.map(({ headings, text, also, page }) => ({
    also,
    page,
    heading: headings.map((heading) => plainLine(heading, mayLink)).join(' › '),
    text: plain(text, mayLink),
  }));
  const locale = localeOf(facts.locale ?? manner.locale, manner.locales, cleaned.map(({ text }) => text).join('\n'));
  return cleaned.flatMap(({ heading, text, also, page }) =>
    chunks(text).map(
      (chunk): Passage => ({
        set: manner.set,
        document: id,
        title,
        heading,
        ...(also !== undefined && { also }),
        ...(page !== undefined && { page }),
        text: chunk,
        locale,
        ...(url !== undefined && { url }),
        ...(facts.version !== undefined && { version: facts.version }),
        ...(facts.from !== undefined && { from: facts.from }),
        ...(facts.until !== undefined && { until: facts.until }),
        ...(facts.audience !== undefined && { audience: facts.audience }),
      }),
    ),
  );
}

/** A path's last name without its ending: `returns-policy.zh.md` is “returns policy”. */
function titleOf(id: string): string {
  const name = id.split('/').findLast((part) => part !== '') ?? id;
  return name.replace(/(\.[a-z]{2}(-\w+)?)?\.\w{1,5}$/, '').replace(/[-_]+/g, ' ');
}

function absolute(url: string, base: string | undefined): string {
  return base !== undefined && URL.canParse(url, base) ? new URL(url, base).href : url;
}

/** The bot's language that it is written in: as declared, else by its characters. */
function localeOf(declared: string | undefined, locales: readonly string[], text: string): string {
  if (declared === '*') return '*';
  const language = (tag: string) => tag.toLowerCase().split('-')[0];
  const isChinese = (tag: string) => language(tag) === 'zh';
  const named = declared === undefined ? undefined : language(declared);
  const found =
    named === undefined
      ? locales.find((locale) => isChinese(locale) === isHan(text))
      : (locales.find((locale) => locale === declared) ?? locales.find((locale) => language(locale) === named));
  return found ?? declared ?? locales[0] ?? '*';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

const KIND_OF: Readonly<Record<string, Kind>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'text',
  '.pdf': 'pages',
};
