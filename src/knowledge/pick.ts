import { sentencesOf, sizeOf } from './chunk.ts';
import { wordsOf } from './words.ts';

/**
 * The sentences of a passage that answer the question, as they stand there. A short passage is said whole; of a longer one, the
 * sentences that speak most of what was asked, with the one before where they lean on it.
 * @param weights how much each word of the question tells
 */
export function pick(question: string, text: string, weights: ReadonlyMap<string, number>): string {
  if (sizeOf(text) <= WHOLE) return text;
  const sentences = linesOf(text);
  const wanted = wantedIn(question);
  const worth = sentences.map(
    ({ words, text: sentence }) => worthOf(words, weights) + (wanted?.test(sentence) ? BONUS : 0),
  );
  let best = { from: 0, to: 1, worth: -1 };
  for (let from = 0; from < sentences.length; from++) {
    const seen = new Set<string>();
    let sum = 0;
    let size = 0;
    for (let to = from; to < sentences.length; to++) {
      const { words, text: sentence } = sentences[to]!;
      size += sizeOf(sentence);
      if (to > from && size > WHOLE) break;
      const fresh = words.filter((word) => !seen.has(word));
      for (const word of fresh) seen.add(word);
      sum += worthOf(fresh, weights) + (wanted?.test(sentence) && to === from ? BONUS : 0);
      // What is added must say something of its own.
      const score = sum - (to - from) * COST * Math.max(...worth);
      if (score > best.worth) best = { from, to: to + 1, worth: score };
    }
  }
  const from = best.from > 0 && LEANS.test(sentences[best.from]!.text) ? best.from - 1 : best.from;
  let to = best.to;
  // What announces a list is said with it.
  if (/[:：]$/.test(sentences[to - 1]!.text)) while (sentences[to]?.text.startsWith('•')) to++;
  return sentences
    .slice(from, to)
    .map(({ text: sentence, after }) => sentence + after)
    .join('')
    .trim();
}

/** In letters. */
const WHOLE = 360;
const COST = 0.15;
const BONUS = 0.5;
/** It speaks of something that the sentence before has named. */
const LEANS =
  /^(?:it|this|that|these|those|they|he|she|then|otherwise|but|and|or|also|in that case)\b|^(?:这|那|它|此|否则|但|而|另外|如果不)/i;

interface Sentence {
  readonly text: string;
  readonly words: readonly string[];
  /** What parts it from the next one. */
  readonly after: string;
}

function linesOf(text: string): Sentence[] {
  return text.split('\n').flatMap((line) => {
    const sentences = sentencesOf(line);
    return sentences.map((sentence, at) => ({
      text: sentence,
      words: [...new Set(wordsOf(sentence))],
      after: at === sentences.length - 1 ? '\n' : /[。！？；]$/u.test(sentence) ? '' : ' ',
    }));
  });
}

function worthOf(words: readonly string[], weights: ReadonlyMap<string, number>): number {
  return words.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0);
}

/** What an answer to such a question has in it: a length of time, a sum, a place to write to. */
function wantedIn(question: string): RegExp | undefined {
  return WANTED.find(({ asks }) => asks.test(question))?.has;
}

const WANTED: readonly { readonly asks: RegExp; readonly has: RegExp }[] = [
  {
    asks: /\bhow (?:long|soon|fast|quick)|\bwhen\b|多久|多长时间|几天|什么时候|何时|多少天/i,
    has: /\d|\b(?:one|two|three|four|five|six|seven|ten|day|week|month|year|hour|minute)s?\b|[天日周月年时]/i,
  },
  { asks: /\bhow much|\bcosts?\b|\bfees?\b|\bprice|多少钱|费用|运费|价格/i, has: /[€$£¥]|\d|\bfree\b|免费|元|欧/i },
  { asks: /\bhow many\b|几个|几次|多少/i, has: /\d/ },
];
