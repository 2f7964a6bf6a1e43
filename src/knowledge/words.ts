/**
 * The words by which a text is found: English ones lightly stemmed, Chinese ones as single and paired characters (no segmenter: pairs
 * find as well, and need no dictionary). Words that every text has say nothing and are left out, the same way in passages and in
 * questions.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  const folded = fold(text);
  for (const run of folded.match(PLAIN.test(folded) ? PLAIN_RUNS : RUNS) ?? []) {
    if (HAN.test(run)) hanWords(run, words);
    else {
      const word = stemOf(run);
      if (word !== '') words.push(word);
    }
  }
  return words;
}

/**
 * What kind of thing a question asks for, as words of their own: a time, a price, a place. “How long does it take?” is nearer to “When
 * does it arrive?” than their words tell.
 */
export function kindsAsked(question: string): string[] {
  const text = fold(question);
  return KINDS_ASKED.filter(({ asks }) => asks.test(text)).map(({ kind }) => kind);
}

/** Words that belong to the asking more than to what is asked about. */
export function isLight(word: string): boolean {
  return LIGHT.has(word) || word.startsWith('?');
}

/** One spelling of what looks the same: full-width forms, case, accents. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
    .toLowerCase();
}

/** Is it written in Chinese characters, mostly? */
export function isHan(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters > 0 && (text.match(/\p{Script=Han}/gu)?.length ?? 0) / letters > 0.3;
}

/** Is one the other with a letter too many, too few, wrong, or two in the wrong order? Short words are too near to each other. */
export function isSlip(one: string, other: string): boolean {
  if (one.length < 5 || Math.abs(one.length - other.length) > 1) return false;
  let from = 0;
  while (from < one.length && one[from] === other[from]) from++;
  let end = 0;
  const shorter = Math.min(one.length, other.length);
  while (end < shorter - from && one.at(-1 - end) === other.at(-1 - end)) end++;
  const left = one.slice(from, one.length - end);
  const right = other.slice(from, other.length - end);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

/** The four-letter pieces of a word, for likeness of spellings; its edges count as letters. */
export function piecesOf(word: string): string[] {
  const edged = `^${word}$`;
  const pieces: string[] = [];
  for (let at = 0; at + PIECE <= edged.length; at++) pieces.push(edged.slice(at, at + PIECE));
  return pieces;
}

/** Nothing to fold but capitals, which is most of English. */
const PLAIN = /^[\x20-\x7e\n]*$/;
const PIECE = 4;
const RUNS = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+(?:['’](?!s\b)\p{L}+)?/gu;
const PLAIN_RUNS = /[a-z0-9]+(?:'(?!s\b)[a-z]+)?/g;
const HAN = /\p{Script=Han}/u;

/** Most words of a text have been met before. */
const stems = new Map<string, string>();
const STEMS = 50_000;

/** Empty for words that say nothing. */
function stemOf(run: string): string {
  const known = stems.get(run);
  if (known !== undefined) return known;
  if (stems.size >= STEMS) stems.clear();
  const word = ENGLISH_STOPS.has(run) ? '' : stem(run);
  stems.set(run, word);
  return word;
}

function hanWords(run: string, words: string[]): void {
  for (const piece of run.split(CHINESE_STOPS)) {
    let before = '';
    for (const character of piece) {
      words.push(character);
      if (before !== '') words.push(before + character);
      before = character;
    }
  }
}

/** Plurals, -ed, -ing and -ly go, as far as a stem of three letters with a vowel remains; so do a last e and a doubled consonant. */
function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let stemmed = word
    .replace(/ies$/, 'y')
    .replace(/(ss|x|z|ch|sh)es$/, '$1')
    .replace(/([^suig])s$/, '$1');
  stemmed = stemmed.replace(/^(.*[aeiouy].*)(?:ed|ing|ly)$/, (whole, rest: string) =>
    rest.length < 3 ? whole : rest.replace(/([^aeiouls])\1$/, '$1'),
  );
  return stemmed.length > 3 ? stemmed.replace(/e$/, '').replace(/y$/, 'i') : stemmed;
}

const ENGLISH_STOPS = new Set(
  `a an the this that these those there here and or but if so as of at by for from in into on onto to with without about i me my mine
  we us our you your yours he him his she her hers it its they them their is are am was were be been being do does did doing done have
  has had having can could will would shall should may might must what which who whom whose when where why how not no any some
  something anything please hi hello hey thanks thank also just than then too very im i'm i've i'd it's don't can't what's there's
  get got want need like know tell let`.split(/\s+/),
);

const LIGHT = new Set(
  'long much many soon often tim dai tak mak us go com giv put work see sai find happen possibl abl way still other more one'.split(
    ' ',
  ),
);

const KINDS_ASKED: readonly { readonly kind: string; readonly asks: RegExp }[] = [
  {
    kind: '?when',
    asks: /\bwhen\b|\bhow (?:long|soon|fast|quick(?:ly)?|many (?:days|weeks|months|years))\b|\btimes?\b|多久|多长|几[天日周年]|什么时候|何时|时间|期限|期多长/,
  },
  { kind: '?cost', asks: /\bhow much\b|\bcosts?\b|\bfees?\b|\bprices?\b|\bpay for\b|\bfree\b|多少钱|要钱|费|价/ },
  { kind: '?where', asks: /\bwhere\b|哪里|哪儿|在哪/ },
  { kind: '?who', asks: /\bwho\b|谁/ },
  { kind: '?which', asks: /\bwhich\b|哪些|哪个|哪种/ },
];

const CHINESE_STOPS =
  /请问一下|请问|为什么|怎么样|怎么办|怎么|怎样|什么时候|什么|多长时间|多少|多久|多长|如何|哪里|哪儿|哪些|哪个|可不可以|可以|能不能|是不是|有没有|是否|我们|你们|您们|他们|想要|需要|应该|一下|时候|[的了吗呢啊吧呀哦嘛么我你您他她它们是在有和与及或就都也要会能请这那个想把被给对于而且其之]/u;
