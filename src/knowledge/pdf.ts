import { createHash } from 'node:crypto';
import { ParleyError } from '../errors.ts';
import { PAGE_END } from './pages.ts';

/** What a PDF says. */
export interface Pdf {
  /** Of its metadata, where that names one. */
  readonly title?: string;
  /** Its pages' text, in order, parted by {@link PAGE_END}. */
  readonly text: string;
}

/** Bytes; pages. */
export const PDF_BYTES = 20 * 1024 * 1024;
export const PDF_PAGES = 500;
/** Milliseconds for one file. */
const PATIENCE = 30_000;

/**
 * The text of a PDF, page by page. Its reader is loaded only where there is one. The same bytes are read once in a process.
 * @throws `knowledge.unreadable` for what is protected, broken, too large, or has no text (a scan), with what to do about it
 */
export async function readPdf(bytes: Uint8Array, name: string): Promise<Pdf> {
  if (bytes.byteLength > PDF_BYTES) throw tooLarge(name, `${megabytes(bytes.byteLength)} MB`);
  const hash = createHash('sha256').update(bytes).digest('base64url');
  const known = read.get(hash);
  if (known !== undefined) return known;
  const pdf = await pdfIn(bytes, name);
  if (read.size >= REMEMBERED) read.clear();
  read.set(hash, pdf);
  return pdf;
}

const read = new Map<string, Pdf>();
const REMEMBERED = 64;

async function pdfIn(bytes: Uint8Array, name: string): Promise<Pdf> {
  const { extractText, getDocumentProxy, getMeta } = await import('unpdf');
  // The reader keeps what it is given, so it gets a copy. It says nothing on the console, and evaluates no script of the file.
  const document = await open(() => getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 }), name);
  try {
    if (document.numPages > PDF_PAGES) throw tooLarge(name, `${document.numPages} pages`);
    const { text: pages } = await open(() => inTime(extractText(document, { mergePages: false }), name), name);
    if (pages.every((page) => page.trim() === '')) throw withoutText(name, pages.length);
    const { info } = await open(() => getMeta(document), name);
    const title = titleIn(info);
    const text = pages.map((page) => page.replaceAll(PAGE_END, ' ')).join(PAGE_END);
    return { text, ...(title !== undefined && { title }) };
  } finally {
    await document.loadingTask.destroy();
  }
}

async function open<T>(work: () => Promise<T>, name: string): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ParleyError) throw cause;
    const isProtected = cause instanceof Error && cause.name === 'PasswordException';
    throw unreadable(
      name,
      isProtected ? 'it is protected by a password' : 'it is damaged, or no PDF at all',
      isProtected ? 'Save it without a password.' : 'Open it in a PDF viewer and save it anew.',
      cause,
    );
  }
}

async function inTime<T>(work: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unreadable(name, 'reading it takes too long', SPLIT)), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Programs write their own name, or the file's, where the author has given no title. */
function titleIn(info: unknown): string | undefined {
  const title = typeof info === 'object' && info !== null && 'Title' in info ? info.Title : undefined;
  if (typeof title !== 'string') return undefined;
  const bare = title.trim().slice(0, 200);
  return bare === '' || /^untitled|^microsoft word - |\.(docx?|pdf|indd|pptx?)$/i.test(bare) ? undefined : bare;
}

function withoutText(name: string, pages: number): ParleyError {
  return unreadable(
    name,
    `none of its ${pages} pages has text: it is a scan`,
    'Let a program recognise its text (OCR), or write it as Markdown.',
  );
}

function tooLarge(name: string, size: string): ParleyError {
  return unreadable(name, `it has ${size}; ${megabytes(PDF_BYTES)} MB and ${PDF_PAGES} pages are the most`, SPLIT);
}

const SPLIT = 'Cut it into several files.';

function unreadable(name: string, why: string, hint: string, cause?: unknown): ParleyError {
  return new ParleyError('knowledge.unreadable', `${name} cannot be read: ${why}.`, { hint, cause });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
