/** Set phrases: one look-up for the whole utterance, after politeness is stripped from its ends and one typo is forgiven. */
import { EN } from './phrases/en.ts';
import type { ChitchatTopic, Phrases } from './phrases/phrases.ts';
import { ZH } from './phrases/zh.ts';
import { keyFor } from './said.ts';

export type Meaning =
  | { readonly means: 'yes' | 'no' | 'unsure' | 'cancel' | 'dismiss' | 'skip' | 'repeat' | 'human' | 'stop' }
  | { readonly means: 'language'; readonly language: string }
  | { readonly means: ChitchatTopic };

const LOCALES: readonly Phrases[] = [EN, ZH];
const PLAIN = ['yes', 'no', 'unsure', 'cancel', 'dismiss', 'skip', 'repeat', 'human', 'stop'] as const;
/** A phrase longer than this is no set phrase. */
const LONGEST = 60;
/** Longer phrases are told by their likeness, if at all: each letter costs a look-up. */
const LONGEST_MISTYPED = 24;
/** Shorter words have too many neighbours. */
const FORGIVING = 6;

const MEANINGS = new Map<string, Meaning[]>();
const BEFORE = new Set<string>();
const AFTER = new Set<string>();
const NEIGHBOURS = new Map<string, string>();

for (const locale of LOCALES) {
  for (const words of locale.before) BEFORE.add(words);
  for (const words of locale.after) AFTER.add(words);
  for (const means of PLAIN) for (const phrase of locale[means]) add(phrase, { means });
  for (const [topic, phrases] of Object.entries(locale.chitchat))
    for (const phrase of phrases) add(phrase, { means: topic as ChitchatTopic });
  for (const [language, phrases] of Object.entries(locale.language))
    for (const phrase of phrases) add(phrase, { means: 'language', language });
}

function add(phrase: string, meaning: Meaning): void {
  const key = keyFor(phrase) || phrase;
  const all = MEANINGS.get(key);
  if (all === undefined) MEANINGS.set(key, [meaning]);
  else all.push(meaning);
  if (key.length >= FORGIVING && isAscii(key)) for (const near of deletions(key)) NEIGHBOURS.set(near, key);
}

/** As `meanings`, only word for word: one look-up. */
export function exactMeanings(key: string): readonly Meaning[] {
  return MEANINGS.get(key) ?? [];
}

/** What the utterance as a whole means; "ok" means several things, and the situation decides. */
export function meanings(key: string): readonly Meaning[] {
  if (key === '' || key.length > LONGEST) return [];
  const exact = MEANINGS.get(key);
  if (exact !== undefined) return exact;
  const bare = unwrap(key);
  if (bare !== key) {
    const found = MEANINGS.get(bare);
    if (found !== undefined) return found;
  }
  return bare.includes(' not ') ? (MEANINGS.get(contracted(bare)) ?? []) : forgiving(bare);
}

/** "i do not have one" → "i dont have one", as the tables write it. */
function contracted(key: string): string {
  return key.replaceAll(/\b(do|does|did|is|are|was) not\b/g, '$1nt');
}

/** "could you please … for me, thanks" → "…". */
export function unwrap(key: string): string {
  let bare = key;
  for (let turn = 0; turn < 4; turn++) {
    const shorter = unwrapEnd(unwrapStart(bare));
    if (shorter === bare) break;
    bare = shorter;
  }
  return bare;
}

function unwrapStart(key: string): string {
  for (let length = Math.min(20, key.length - 1); length >= 1; length--) {
    const isWordEnd = key.charCodeAt(length) === SPACE;
    // Politeness in Chinese runs into what follows.
    if (!isWordEnd && key.charCodeAt(length - 1) <= 0x7e) continue;
    if (BEFORE.has(key.substring(0, length))) return key.substring(isWordEnd ? length + 1 : length);
  }
  return key;
}

function unwrapEnd(key: string): string {
  for (let start = Math.max(1, key.length - 12); start < key.length; start++) {
    const isWordStart = key.charCodeAt(start - 1) === SPACE;
    if (!isWordStart && key.charCodeAt(start) <= 0x7e) continue;
    if (AFTER.has(key.substring(start))) return key.substring(0, isWordStart ? start - 1 : start);
  }
  return key;
}

const SPACE = 32;

/** One letter too many, too few, wrong or swapped. Symmetric deletion: both sides minus one letter meet in the index. */
function forgiving(key: string): readonly Meaning[] {
  if (key.length < FORGIVING - 1 || key.length > LONGEST_MISTYPED || !isAscii(key)) return [];
  const direct = NEIGHBOURS.get(key);
  if (direct !== undefined) return MEANINGS.get(direct) ?? [];
  for (const near of deletions(key)) {
    const exact = MEANINGS.get(near);
    if (exact !== undefined && near.length >= FORGIVING) return exact;
    const neighbour = NEIGHBOURS.get(near);
    if (neighbour !== undefined && near.length >= FORGIVING - 1 && isOneTypo(key, neighbour))
      return MEANINGS.get(neighbour) ?? [];
  }
  return [];
}

function deletions(key: string): string[] {
  return Array.from(key, (_, i) => key.substring(0, i) + key.substring(i + 1));
}

/** Is `a` one insertion, deletion, substitution or swap of neighbours away from `b`, or the same? */
export function isOneTypo(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  let endA = a.length;
  let endB = b.length;
  while (endA > i && endB > i && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  const left = endA - i;
  const right = endB - i;
  if (left <= 1 && right <= 1) return true;
  return left === 2 && right === 2 && a.charAt(i) === b.charAt(i + 1) && a.charAt(i + 1) === b.charAt(i);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false;
  return true;
}
