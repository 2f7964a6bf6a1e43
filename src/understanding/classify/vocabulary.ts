/** The features of the training texts, numbered: an open-addressed table from hash to number, and what each is worth. */
export interface Vocabulary {
  readonly size: number;
  /** The table: a hash and its number beside it; a hash of 0 is an empty slot. */
  readonly hashes: Int32Array;
  readonly numbers: Int32Array;
  /** By number. 0: no training text has it. */
  readonly worth: Float32Array;
  /** What a feature that no training text has would be worth. */
  readonly rare: number;
}

/** Texts as numbered features, one after the other: text `i` is `starts[i]` to `starts[i + 1]` of the other two. */
export interface Corpus {
  readonly starts: Int32Array;
  readonly ids: Int32Array;
  /** 1 + log of how often the text has it. */
  readonly counts: Float32Array;
}

const EMPTY = 0;

/** Numbers the features of all texts; what they are worth is not known yet. */
export function number(bags: readonly Int32Array[]): {
  corpus: Corpus;
  table: Pick<Vocabulary, 'hashes' | 'numbers' | 'size'>;
} {
  const total = bags.reduce((sum, bag) => sum + bag.length, 0);
  const table = { hashes: new Int32Array(slotsFor(total)), numbers: new Int32Array(slotsFor(total)) };
  const starts = new Int32Array(bags.length + 1);
  const ids = new Int32Array(total);
  const counts = new Float32Array(total);
  const seats = new Int32Array(total);
  let size = 0;
  let at = 0;
  for (const [text, bag] of bags.entries()) {
    const start = at;
    for (let i = 0; i < bag.length; i++) {
      const hash = bag[i] as number;
      const slot = slotOf(table.hashes, hash);
      if (table.hashes[slot] === EMPTY) {
        table.hashes[slot] = hash;
        table.numbers[slot] = size++;
      }
      const id = table.numbers[slot] as number;
      // The seat of an earlier text lies before the start of this one.
      const seat = seats[id] as number;
      if (seat > start && ids[seat - 1] === id) counts[seat - 1] = (counts[seat - 1] as number) + 1;
      else {
        ids[at] = id;
        counts[at++] = 1;
        seats[id] = at;
      }
    }
    starts[text + 1] = at;
  }
  for (let i = 0; i < at; i++) counts[i] = 1 + Math.log(counts[i] as number);
  const corpus = { starts, ids: ids.slice(0, at), counts: counts.slice(0, at) };
  return { corpus, table: { ...narrowed(table.hashes, table.numbers, size), size } };
}

/** The same table with room for just these: most features repeat. */
function narrowed(
  wide: Int32Array,
  wideNumbers: Int32Array,
  size: number,
): { hashes: Int32Array; numbers: Int32Array } {
  const hashes = new Int32Array(slotsFor(size));
  const numbers = new Int32Array(hashes.length);
  for (let i = 0; i < wide.length; i++) {
    const hash = wide[i] as number;
    if (hash === EMPTY) continue;
    const slot = slotOf(hashes, hash);
    hashes[slot] = hash;
    numbers[slot] = wideNumbers[i] as number;
  }
  return { hashes, numbers };
}

/** A power of two, at most two thirds full. */
function slotsFor(count: number): number {
  let slots = 64;
  while (slots < count * 1.5) slots *= 2;
  return slots;
}

/** Where the hash is, or would be. */
function slotOf(hashes: Int32Array, hash: number): number {
  const mask = hashes.length - 1;
  let slot = Math.imul(hash, 0x9e3779b1) >>> Math.clz32(mask);
  while (hashes[slot] !== EMPTY && hashes[slot] !== hash) slot = (slot + 1) & mask;
  return slot;
}

/** The number of a feature; -1 where no training text has it. */
export function numberOf({ hashes, numbers, worth }: Vocabulary, hash: number): number {
  const slot = slotOf(hashes, hash);
  if (hashes[slot] === EMPTY) return -1;
  const id = numbers[slot] as number;
  return worth[id] === 0 ? -1 : id;
}

/** What features are worth where only the `members` are known. */
export function worthOf(corpus: Corpus, members: Int32Array, size: number): Pick<Vocabulary, 'worth' | 'rare'> {
  const worth = new Float32Array(size);
  for (const text of members) {
    const end = corpus.starts[text + 1] as number;
    for (let at = corpus.starts[text] as number; at < end; at++) {
      const id = corpus.ids[at] as number;
      worth[id] = (worth[id] as number) + 1;
    }
  }
  for (let id = 0; id < size; id++) if (worth[id] !== 0) worth[id] = rarity(worth[id] as number, members.length);
  return { worth, rare: rarity(0, members.length) };
}

/** The root of the usual idf: at its full strength, few examples trust rare features too much (measured: docs/understanding.md). */
function rarity(having: number, texts: number): number {
  return Math.sqrt(Math.log((1 + texts) / (1 + having)) + 1);
}
