/**
 * How fast questions are answered from documents, and how well.
 *
 *   node bench/knowledge.ts [--passages 100000] [--xquad FILE]
 *
 * Speed: made-up documents whose words are as unevenly common as a language's, in CPU time (a busy machine does not count).
 * Quality: XQuAD's English file (240 passages, 1,190 questions; CC BY-SA 4.0, https://github.com/google-deepmind/xquad): is the passage of
 * a question among the first, and how many questions are answered at each threshold when it is there, and when its whole article is not.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createKnowledge, type Knowledge } from '../src/knowledge/knowledge.ts';
import type { Passage } from '../src/knowledge/passage.ts';

const { values } = parseArgs({
  options: { passages: { type: 'string', default: '100000' }, xquad: { type: 'string' } },
});

function speed(count: number): void {
  const words = createWords();
  const sentence = (length: number) => `${Array.from({ length }, () => words.next()).join(' ')}.`;
  const knowledge = empty();
  const before = process.memoryUsage().rss;
  const building = cpuOf(() => {
    for (let at = 0; at < count; at++)
      add(knowledge, String(at), {
        heading: sentence(6),
        text: Array.from({ length: 6 }, () => sentence(13)).join(' '),
      });
  });
  console.log(
    `${count.toLocaleString('en')} passages: ${(building / 1_000).toFixed(1)} s CPU, ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB`,
  );
  const asked = Array.from({ length: 2_000 }, () => sentence(4 + words.chance(6)));
  tell(
    'an answer',
    asked.map((query) => cpuOf(() => knowledge.answer({ query, locale: 'en', at: 0 }))),
  );
  tell(
    'a change, until it is found',
    Array.from({ length: 500 }, (_, at) =>
      cpuOf(() => {
        add(knowledge, String(at), { heading: `fresh${at}`, text: sentence(80) });
        const [best] = knowledge.search({ query: `fresh${at}`, locale: 'en', at: 0 }, 1);
        if (best?.passage.document !== String(at)) throw new Error(`The change ${at} is not found.`);
      }),
    ),
  );
}

function quality(file: string): void {
  const articles = readArticles(file);
  const knowledge = empty();
  const without = empty();
  for (const { id, text } of articles.flat()) for (const one of [knowledge, without]) add(one, id, { text });
  const ranks: number[] = [];
  const here: { confidence: number; right: boolean }[] = [];
  const gone: number[] = [];
  for (const article of articles) {
    for (const { id } of article) without.remove('bench', id);
    for (const { id, questions } of article) {
      for (const query of questions) {
        const found = knowledge.search({ query, locale: 'en', at: 0 }, 10);
        ranks.push(found.findIndex(({ passage }) => passage.document === id) + 1);
        here.push({ confidence: found[0]?.confidence ?? 0, right: ranks.at(-1) === 1 });
        gone.push(without.search({ query, locale: 'en', at: 0 }, 1)[0]?.confidence ?? 0);
      }
    }
    for (const { id, text } of article) add(without, id, { text });
  }
  const within = (limit: number) => share(ranks, (rank) => rank > 0 && rank <= limit);
  const reciprocal = ranks.reduce((sum, rank) => sum + (rank > 0 ? 1 / rank : 0), 0) / ranks.length;
  console.log(`XQuAD en: recall@1 ${within(1)}, recall@5 ${within(5)}, MRR@10 ${reciprocal.toFixed(3)}`);
  console.log('threshold  answered  of these right  answered though its article is gone');
  for (const threshold of [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7]) {
    const answered = here.filter(({ confidence }) => confidence >= threshold);
    console.log(
      `${threshold.toFixed(2).padStart(9)}  ${share(here, ({ confidence }) => confidence >= threshold).padStart(8)}  ${share(answered, ({ right }) => right).padStart(14)}  ${share(gone, (confidence) => confidence >= threshold).padStart(10)}`,
    );
  }
}

interface Paragraph {
  readonly id: string;
  readonly text: string;
  readonly questions: readonly string[];
}

function readArticles(file: string): Paragraph[][] {
  const { data }: { data: { paragraphs: { context: string; qas: { question: string }[] }[] }[] } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return data.map(({ paragraphs }, article) =>
    paragraphs.map(({ context, qas }, at) => ({
      id: `${article}.${at}`,
      text: context,
      questions: qas.map(({ question }) => question),
    })),
  );
}

function empty(): Knowledge {
  const set = { name: 'bench', threshold: 0.45, mayLink: () => false };
  return createKnowledge({ sets: [set], locales: ['en'], timezone: 'UTC' });
}

function add(knowledge: Knowledge, id: string, { heading = '', text }: Partial<Passage> & { text: string }): void {
  knowledge.restore('bench', id, text, [{ set: 'bench', document: id, title: '', heading, text, locale: 'en' }]);
}

/** Forty thousand words, as unevenly common as those of a language; the same on every machine. */
function createWords() {
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const all = Array.from({ length: 40_000 }, (_, at) => `w${at.toString(36)}x`);
  return {
    next: () => all[Math.floor(Math.exp(random() * Math.log(all.length)))] ?? '',
    chance: (limit: number) => Math.floor(random() * limit),
  };
}

/** In milliseconds. */
function cpuOf(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

function tell(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2);
  console.log(`${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms CPU`);
}

function share<T>(all: readonly T[], is: (one: T) => boolean): string {
  return `${((100 * all.filter(is).length) / Math.max(1, all.length)).toFixed(1)} %`;
}

speed(Number(values.passages));
if (values.xquad !== undefined) quality(values.xquad);
