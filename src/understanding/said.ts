/**
 * What was said, made comparable: compatibility forms and full width folded (NFKC), lower case, invisible characters gone (zero width,
 * bidi, tags: an attacker's, or a copy-paste's), Latin look-alikes and traditional characters folded. For matching only: what the
 * customer wrote is never changed, and every place can be traced back to it.
 */
import { SIMPLIFIED } from './simplified.ts';
import type { Span } from './understanding.ts';

/** Only so much of an utterance is analysed, in UTF-16 units: nobody says an order number after two pages. */
export const ANALYSED = 2_000;

export interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export class Said {
  readonly original: string;
  /** Normalised. */
  readonly text: string;
  readonly #offsets: Uint16Array | undefined;
  #key: string | undefined;
  #words: readonly Word[] | undefined;

  constructor(original: string) {
    this.original = original.length > ANALYSED ? original.slice(0, ANALYSED) : original;
    if (isPlain(this.original)) {
      this.text = this.original.toLowerCase();
    } else {
      const folded = fold(this.original);
      this.text = folded.text;
      this.#offsets = folded.offsets;
    }
  }

  /** Words only, with single spaces between them: equal for "Yes, please!" and "yes please". */
  get key(): string {
    this.#key ??= keyOf(this.text);
    return this.#key;
  }

  /** Runs of letters and digits, and each Han character for itself. */
  get words(): readonly Word[] {
    this.#words ??= wordsOf(this.text);
    return this.#words;
  }

  /** A range of `text` as a range of the utterance. */
  span(from: number, to: number): Span {
    if (this.#offsets === undefined) return { from, to };
    return { from: this.#offsets[from] ?? 0, to: this.#offsets[to] ?? this.original.length };
  }
}

/** The key of a phrase or a label, as `Said.key` would be. */
export function keyFor(text: string): string {
  return new Said(text).key;
}

export function isHan(code: number): boolean {
  return (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff) || code === 0x3007;
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7e || (code < 0x20 && code !== 0x0a && code !== 0x09 && code !== 0x0d)) return false;
  }
  return true;
}

/** Where `fold` collects offsets before their number is known. */
const scratch = new Uint16Array(ANALYSED * 2 + 32);

function fold(original: string): { text: string; offsets: Uint16Array } {
  // One ligature such as U+FDFA becomes 18 characters; the cap keeps a hostile text from growing.
  const offsets = scratch;
  let text = '';
  let at = 0;
  while (at < original.length && text.length < ANALYSED * 2) {
    const code = original.codePointAt(at) ?? 0;
    const width = code > 0xffff ? 2 : 1;
    const piece = foldOne(code, original.substring(at, at + width));
    for (let i = 0; i < piece.length; i++) offsets[text.length + i] = at;
    text += piece;
    at += width;
  }
  offsets[text.length] = original.length;
  return { text, offsets: offsets.slice(0, text.length + 1) };
}

function foldOne(code: number, character: string): string {
  if (code >= 0x20 && code < 0x7f) return character.toLowerCase();
  if (isHan(code)) return SIMPLIFIED.get(character) ?? (code >= 0xf900 ? character.normalize('NFKC') : character);
  if (isInvisible(code)) return code === 0x0a || code === 0x0d || code === 0x09 ? ' ' : '';
  const twin = TWINS.get(character);
  if (twin !== undefined) return twin;
  const lower = character.normalize('NFKC').toLowerCase();
  const first = lower.charCodeAt(0);
  const folded = first >= 0xc0 && first <= 0x1eff ? stripMarks(lower) : lower;
  return TWINS.get(folded) ?? folded;
}

/** Accents matter to a reader, not to a match: "café", "cafe". Only Latin: elsewhere a mark makes another letter. */
function stripMarks(letters: string): string {
  const code = letters.charCodeAt(0);
  const latin = code <= 0x24f || code >= 0x1e00;
  return latin ? letters.normalize('NFD').replace(/[\u0300-\u036f]/g, '') : letters;
}

function isInvisible(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    code === 0xad ||
    (code >= 0x300 && code <= 0x36f) ||
    code === 0x61c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0x20d0 && code <= 0x20ff) ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    // Skin tones: a thumb is a thumb.
    (code >= 0x1f3fb && code <= 0x1f3ff) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}

/** Typographic variants, and Cyrillic and Greek letters that look Latin. */
const TWINS: ReadonlyMap<string, string> = new Map([
  ...Array.from('‘’ʼ`´′', (c) => [c, "'"] as const),
  ...Array.from('“”„″「」『』《》', (c) => [c, '"'] as const),
  ...Array.from('‐‑‒–—―−', (c) => [c, '-'] as const),
  ['…', '...'],
  ...Array.from('。、', (c, i) => [c, i === 0 ? '.' : ','] as const),
  ...pairs('авсеікмнорѕтухԁԛԝ', 'abceikmhopstyxdqw'),
  ...pairs('αβεικνορτυχ', 'abeikvoptux'),
  ...pairs('АВСЕІКМНОРЅТУХ', 'abceikmhopstyx'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'abezhikmnoptyx'),
]);

function pairs(from: string, to: string): (readonly [string, string])[] {
  return Array.from(from, (c, i) => [c, to[i] ?? c] as const);
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 0xc0 && !isSign(code));
}

/** Punctuation, spaces, currencies and symbols beyond ASCII. */
function isSign(code: number): boolean {
  return (code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x3020 && code !== 0x3007) || code === 0xd7;
}

function keyOf(text: string): string {
  let key = '';
  let gap = false;
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    if (isLetter(code) || code === 39) {
      if (start < 0) start = i;
    } else {
      if (start >= 0) {
        const part = text.substring(start, i);
        key += gap && key !== '' ? ` ${part}` : part;
        start = -1;
      }
      gap = true;
    }
  }
  return key.includes("'") ? key.replaceAll("'", '') : key;
}

function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    const han = isHan(code);
    const letter = !han && (isLetter(code) || (code === 39 && start >= 0));
    if (!letter && start >= 0) {
      words.push({ text: text.substring(start, i).replaceAll("'", ''), from: start, to: i });
      start = -1;
    }
    if (letter && start < 0) start = i;
    if (han) words.push({ text: text.charAt(i), from: i, to: i + 1 });
  }
  return words;
}
