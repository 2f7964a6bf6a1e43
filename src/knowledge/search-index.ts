import type { Passage } from './passage.ts';
import { isLight, isSlip, kindsAsked, piecesOf, wordsOf } from './words.ts';

/**
 * Full-text search in memory (BM25): for each word a list of the passages that have it. A document is added or taken out in the time
 * that its own words take, and the next question sees it.
 *
 * A number is given to each passage, in rising order, so that lists only grow at their ends. What is taken out leaves its numbers
 * behind, marked dead, until a quarter of all are; then everything is numbered anew.
 */
export class SearchIndex {
  #passages: (Passage | undefined)[] = [];
  /** Weighted length of each passage, in words. */
  #lengths = new Float32Array(64);
  #total = 0;
  #live = 0;
  #documents = new Map<string, { readonly first: number; readonly count: number }>();
  #postings = new Map<string, Postings>();
  /** Words by their pieces: what is misspelt, or inflected beyond the stem, is found by likeness. */
  #spellings = new Map<string, string[]>();
  #scores = new Float32Array(64);

  /** Passages that can be found. */
  get size(): number {
    return this.#live;
  }

  /** Puts a document's passages in place of those it had. */
  put(key: string, passages: readonly Passage[]): void {
    this.remove(key);
    if (passages.length === 0) return;
    this.#documents.set(key, { first: this.#passages.length, count: passages.length });
    for (const passage of passages) this.#add(passage);
  }

  /** `false`: it had none. */
  remove(key: string): boolean {
    const own = this.#documents.get(key);
    if (own === undefined) return false;
    this.#documents.delete(key);
    for (let number = own.first; number < own.first + own.count; number++) {
      this.#passages[number] = undefined;
      this.#total -= this.#lengths[number] ?? 0;
    }
    this.#live -= own.count;
    if (this.#passages.length > FEW && this.#live < this.#passages.length * LIVING) this.#renumber();
    return true;
  }

  passages(): Passage[] {
    return this.#passages.filter((passage) => passage !== undefined);
  }

  /** The passages likest to the question among those that `mayRead` lets through, best first. */
  search(question: string, mayRead: (passage: Passage) => boolean, limit: number): Found[] {
    const wanted = this.#wanted(question);
    if (wanted.length === 0 || this.#live === 0) return [];
    const touched: number[] = [];
    // The rarest first: what most passages have then need only be looked up in those that are candidates already.
    const rarest = wanted.toSorted((a, b) => countOf(a) - countOf(b));
    for (const { weight, spellings } of rarest) this.#score(weight, spellings, touched);
    const best = new Best(limit);
    for (const number of touched) {
      const score = this.#scores[number] ?? 0;
      const passage = this.#passages[number];
      if (passage !== undefined && best.wants(score) && mayRead(passage)) best.take({ passage, score });
      this.#scores[number] = 0;
    }
    return best.all();
  }

  /** What the question is about: each of its words, with the spellings that passages have, and how much it tells them apart. */
  about(question: string): readonly Wanted[] {
    return this.#wanted(question);
  }

  #add(passage: Passage): void {
    const number = this.#passages.length;
    this.#passages.push(passage);
    this.#live += 1;
    if (number >= this.#lengths.length) this.#grow();
    const counts = countsOf(passage);
    let length = 0;
    for (const [word, count] of counts) {
      length += count;
      let postings = this.#postings.get(word);
      if (postings === undefined) {
        postings = new Postings();
        this.#postings.set(word, postings);
        this.#spell(word);
      }
      postings.push(number, Math.min(255, Math.round(count * GRAIN)));
    }
    this.#lengths[number] = length;
    this.#total += length;
  }

  #grow(): void {
    const size = this.#lengths.length * 2;
    const lengths = new Float32Array(size);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
    this.#scores = new Float32Array(size);
  }

  #spell(word: string): void {
    if (!isSpelt(word)) return;
    for (const piece of new Set(piecesOf(word))) {
      const words = this.#spellings.get(piece);
      if (words === undefined) this.#spellings.set(piece, [word]);
      else words.push(word);
    }
  }

  /** Each word of the question once, with its weight (how rare it is) and the spellings of it that passages have. */
  #wanted(question: string): Wanted[] {
    return [...new Set([...wordsOf(question), ...kindsAsked(question)])].map((word) => {
      const own = this.#postings.get(word);
      const alike = own !== undefined && own.count > 1 ? [] : this.#alike(word);
      const exact: Spelling[] = own === undefined ? [] : [{ word, likeness: 1, postings: own }];
      const spellings = [...exact, ...alike];
      const known = exact.length > 0 ? own?.count : spellings[0]?.postings.count;
      const weight = this.#rarity(known ?? 0) * (isLight(word) ? FAINT : word.length === 1 ? SINGLE : 1);
      return { weight, spellings };
    });
  }

  #rarity(count: number): number {
    return Math.log(1 + (this.#live - Math.min(count, this.#live) + 0.5) / (count + 0.5));
  }

  /** Known words that share most pieces with this one. */
  #alike(word: string): Spelling[] {
    if (!isSpelt(word)) return [];
    const pieces = new Set(piecesOf(word));
    const shared = new Map<string, number>();
    for (const piece of pieces)
      for (const known of this.#spellings.get(piece) ?? []) shared.set(known, (shared.get(known) ?? 0) + 1);
    return [...shared]
      .filter(([known]) => known !== word)
      .map(([known, count]) => {
        const alike = (2 * count) / (pieces.size + known.length - 1);
        return { known, likeness: alike < SLIP && isSlip(word, known) ? SLIP : alike };
      })
      .filter(({ likeness }) => likeness >= ALIKE)
      .toSorted((a, b) => b.likeness - a.likeness)
      .slice(0, VARIANTS)
      .flatMap(({ known, likeness }) => {
        const postings = this.#postings.get(known);
        return postings === undefined ? [] : [{ word: known, likeness, postings }];
      });
  }

  /** Adds one word's part to every passage that has it. Several spellings of it count once, as the likest. */
  #score(weight: number, spellings: readonly Spelling[], touched: number[]): void {
    const average = this.#total / Math.max(1, this.#live);
    const scores = this.#scores;
    const lengths = this.#lengths;
    const seen = spellings.length > 1 ? new Set<number>() : undefined;
    const isCommon = touched.length >= ENOUGH && spellings.some(({ postings }) => postings.count > LONG);
    const candidates = isCommon ? touched.length : 0;
    for (const { likeness, postings } of spellings) {
      const { numbers, counts, count } = postings;
      // A few candidates are looked up in the list; where there are many, the list is walked and the others left out.
      const isLookedUp = isCommon && candidates * LOOK_UP < count;
      for (let step = 0; step < (isLookedUp ? candidates : count); step++) {
        const at = isLookedUp ? postings.find(touched[step] ?? 0) : step;
        if (at < 0) continue;
        const number = numbers[at] ?? 0;
        const score = scores[number] ?? 0;
        if (score === 0) {
          if (isCommon) continue;
          touched.push(number);
        }
        if (seen?.has(number)) continue;
        seen?.add(number);
        const often = (counts[at] ?? 0) / GRAIN;
        const norm = SATURATION * (1 - LENGTH + (LENGTH * (lengths[number] ?? 0)) / average);
        scores[number] = score + weight * likeness * ((often * (SATURATION + 1)) / (often + norm));
      }
    }
  }

  /** Gives the living consecutive numbers again. No text is looked at: lists are rewritten, and words that nothing has go. */
  #renumber(): void {
    const renamed = new Int32Array(this.#passages.length).fill(-1);
    const passages: Passage[] = [];
    for (const [number, passage] of this.#passages.entries()) {
      if (passage === undefined) continue;
      renamed[number] = passages.length;
      this.#lengths[passages.length] = this.#lengths[number] ?? 0;
      passages.push(passage);
    }
    this.#passages = passages;
    this.#documents = new Map(
      [...this.#documents].map(([key, { first, count }]) => [key, { first: renamed[first] ?? 0, count }]),
    );
    for (const [word, postings] of this.#postings) if (!postings.rename(renamed)) this.#postings.delete(word);
    this.#spellings = new Map();
    for (const word of this.#postings.keys()) this.#spell(word);
  }
}

export interface Found {
  readonly passage: Passage;
  readonly score: number;
}

export interface Wanted {
  /** How rare the word is: what it tells. */
  readonly weight: number;
  /** Empty: no passage has it. */
  readonly spellings: readonly Spelling[];
}

interface Spelling {
  readonly word: string;
  readonly likeness: number;
  readonly postings: Postings;
}

/** Share of numbers in use below which all are given anew; and how many are too few to bother. */
const LIVING = 0.75;
const FEW = 1_000;
/** A word that so many passages have finds none by itself, where rarer ones have found so many. */
const LONG = 2_000;
const ENOUGH = 30;
/** Steps of one look-up. */
const LOOK_UP = 16;
/** The usual constants of BM25: how soon repetition stops counting, and how much length does. */
const SATURATION = 1.2;
const LENGTH = 0.75;
/** A title and headings tell what a passage is about. */
const TITLE = 0.5;
const HEADING = 2;
/** Counts are kept in eighths. */
const GRAIN = 8;
const FAINT = 0.3;
/** A single Chinese character tells less than a pair. */
const SINGLE = 0.4;
/** Share of pieces from which a spelling is taken for another's. */
const ALIKE = 0.5;
/** How sure a slip of the finger is one. */
const SLIP = 0.8;
const VARIANTS = 3;

function countOf({ spellings }: Wanted): number {
  return spellings.reduce((sum, { postings }) => sum + postings.count, 0);
}

function isSpelt(word: string): boolean {
  return word.length >= 4 && /^[a-z]/.test(word);
}

function countsOf({ title, heading, also = '', text }: Passage): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (words: readonly string[], weight: number) => {
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + weight);
  };
  count(wordsOf(title), TITLE);
  count([...wordsOf(heading), ...kindsAsked(heading)], HEADING);
  count([...wordsOf(also), ...kindsAsked(also)], HEADING);
  count(wordsOf(text), 1);
  return counts;
}

/** Which passages have a word, and how often: two arrays that grow at their ends. */
class Postings {
  numbers = new Uint32Array(4);
  counts = new Uint8Array(4);
  count = 0;

  push(number: number, often: number): void {
    if (this.count === this.numbers.length) {
      const numbers = new Uint32Array(this.count * 2);
      numbers.set(this.numbers);
      this.numbers = numbers;
      const counts = new Uint8Array(this.count * 2);
      counts.set(this.counts);
      this.counts = counts;
    }
    this.numbers[this.count] = number;
    this.counts[this.count] = often;
    this.count += 1;
  }

  /** Where a passage's number stands; -1: nowhere. */
  find(number: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.numbers[middle] ?? 0;
      if (found === number) return middle;
      if (found < number) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** `false`: nothing is left. */
  rename(renamed: Int32Array): boolean {
    let kept = 0;
    for (let at = 0; at < this.count; at++) {
      const number = renamed[this.numbers[at] ?? 0] ?? -1;
      if (number < 0) continue;
      this.numbers[kept] = number;
      this.counts[kept] = this.counts[at] ?? 0;
      kept += 1;
    }
    this.count = kept;
    return kept > 0;
  }
}

/** The best few, kept in order while they come in. */
class Best {
  readonly #limit: number;
  readonly #kept: Found[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  wants(score: number): boolean {
    return this.#kept.length < this.#limit || score > (this.#kept.at(-1)?.score ?? 0);
  }

  take(found: Found): void {
    const at = this.#kept.findIndex(({ score }) => found.score > score);
    this.#kept.splice(at < 0 ? this.#kept.length : at, 0, found);
    if (this.#kept.length > this.#limit) this.#kept.pop();
  }

  all(): Found[] {
    return this.#kept;
  }
}
