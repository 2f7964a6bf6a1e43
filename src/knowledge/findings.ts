import { sentencesOf } from './chunk.ts';
import { instructionIn } from './instruction.ts';
import type { Passage } from './passage.ts';
import { fold, wordsOf } from './words.ts';

/** Something about the documents that their authors should look at. */
export type Finding =
  /** It was valid until before now, and is not said any more. */
  | { readonly kind: 'stale'; readonly passage: Passage; readonly until: number }
  /** Two sentences say the same with different numbers. */
  | { readonly kind: 'contradiction'; readonly one: Said; readonly other: Said }
  /** It gives orders to a model. */
  | ({ readonly kind: 'instructs' } & Said);

export interface Said {
  readonly passage: Passage;
  readonly sentence: string;
}

/** Looks through everything that is known. Sentences are compared where they share a rare word, so its cost stays near their number. */
export function findingsIn(passages: readonly Passage[], now: number): Finding[] {
  const stale = passages.flatMap((passage): Finding[] =>
    passage.until !== undefined && passage.until <= now ? [{ kind: 'stale', passage, until: passage.until }] : [],
  );
  const live = passages.filter(({ until }) => until === undefined || until > now);
  return [...oncePerDocument(stale), ...contradictions(live), ...instructions(live)];
}

function oncePerDocument(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    if (finding.kind !== 'stale') return true;
    const key = `${finding.passage.set}\n${finding.passage.document}\n${finding.until}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Also of what is not valid yet: it will be. At most one a passage, since its author will look at all of it. */
function instructions(passages: readonly Passage[]): Finding[] {
  return passages
    .flatMap((passage): Finding[] => {
      const sentence = instructionIn(passage);
      return sentence === undefined ? [] : [{ kind: 'instructs', passage, sentence }];
    })
    .slice(0, MOST);
}

interface Claim extends Said {
  /** Its words without the numbers. */
  readonly words: ReadonlySet<string>;
  readonly numbers: readonly string[];
}

function contradictions(passages: readonly Passage[]): Finding[] {
  const claims = passages.flatMap(claimsOf);
  const having = Map.groupBy(
    claims.flatMap((claim) => [...claim.words].map((word) => ({ word, claim }))),
    ({ word }) => word,
  );
  const found: Finding[] = [];
  const done = new Set<Claim>();
  for (const claim of claims) {
    done.add(claim);
    const rarest = [...claim.words].toSorted((a, b) => (having.get(a)?.length ?? 0) - (having.get(b)?.length ?? 0));
    const near = new Set(
      rarest
        .slice(0, RARE)
        .flatMap((word) => (having.get(word) ?? []).slice(0, MANY))
        .map((one) => one.claim),
    );
    for (const other of near) {
      if (done.has(other) || !contradicts(claim, other)) continue;
      found.push({ kind: 'contradiction', one: saidIn(claim), other: saidIn(other) });
      if (found.length === MOST) return found;
    }
  }
  return found;
}

function claimsOf(passage: Passage): Claim[] {
  return sentencesOf(passage.text).flatMap((sentence): Claim[] => {
    const numbers = numbersOf(sentence);
    if (numbers.length === 0) return [];
    const words = new Set(wordsOf(sentence).filter((word) => !/\d/.test(word) && !(word in WRITTEN)));
    return words.size < FEW ? [] : [{ passage, sentence, numbers, words }];
  });
}

function contradicts(one: Claim, other: Claim): boolean {
  const a = one.passage;
  const b = other.passage;
  if (a.locale !== b.locale && a.locale !== '*' && b.locale !== '*') return false;
  if ((a.from ?? -Infinity) >= (b.until ?? Infinity) || (b.from ?? -Infinity) >= (a.until ?? Infinity)) return false;
  if (one.numbers.join() === other.numbers.join()) return false;
  if (a.set === b.set && a.document === b.document && a.heading !== b.heading) return false;
  const shared = [...one.words].filter((word) => other.words.has(word)).length;
  return shared / (one.words.size + other.words.size - shared) >= ALIKE;
}

function saidIn({ passage, sentence }: Claim): Said {
  return { passage, sentence };
}

/** In rising order, so that “14 or 30 days” is “30 or 14 days”. */
function numbersOf(sentence: string): string[] {
  const text = fold(sentence).replace(/(?<=\d)[ ,](?=\d{3}\b)/g, '');
  const digits = text.match(/\d+(?:[.:]\d+)*/g) ?? [];
  const written = (text.match(/[a-z]+/g) ?? []).flatMap((word) => WRITTEN[word] ?? []);
  return [...digits, ...written].toSorted();
}

const WRITTEN: Readonly<Record<string, string>> = {
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  ten: '10',
  twelve: '12',
  fourteen: '14',
  twenty: '20',
  thirty: '30',
  sixty: '60',
  ninety: '90',
};

/** Fewer words say too little to contradict. */
const FEW = 3;
/** Share of words in common from which two sentences say the same. */
const ALIKE = 0.8;
/** Words of a claim that others are looked up by, and how many others each. */
const RARE = 3;
const MANY = 50;
/** More than these nobody reads. */
const MOST = 100;
