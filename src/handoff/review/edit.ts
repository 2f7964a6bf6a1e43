/** How an answer was changed, word by word; of Chinese, character by character. */
export interface Edit {
  /** In order: what stayed, what went and what came. */
  readonly diff: readonly (readonly ['=' | '-' | '+', string])[];
  /** Words that went or came, as a share of all that stood before and after: 0 as it was, 1 nothing of it is left. */
  readonly ratio: number;
}

/**
 * What an agent made of a draft. Case, spaces and punctuation change no word: a draft that differs in nothing else was sent as it was.
 */
export function editOf(draft: string, final: string): Edit {
  const [before, after] = [wordsOf(draft), wordsOf(final)];
  const start = commonStart(before, after);
  const end = commonStart(before.slice(start).toReversed(), after.slice(start).toReversed());
  const middle = between(before.slice(start, before.length - end), after.slice(start, after.length - end));
  const kept = (words: readonly string[]) => words.map((word) => ['=', word] as const);
  const steps = [...kept(after.slice(0, start)), ...middle, ...kept(after.slice(after.length - end))];
  const stayed = steps.filter(([how]) => how === '=').length;
  const most = Math.max(before.length, after.length);
  return { diff: joined(steps), ratio: most === 0 ? 0 : round((most - stayed) / most) };
}

/** As it was; lightly changed (Typewise's cut is at 40 %); written anew. */
export function extentOf(ratio: number): 'as_is' | 'light' | 'rewrite' {
  if (ratio === 0) return 'as_is';
  return ratio <= LIGHT ? 'light' : 'rewrite';
}

type Step = readonly ['=' | '-' | '+', string];

const LIGHT = 0.4;
const WORD = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+(?:[.,:'’/@-](?:(?!\p{Script=Han})[\p{L}\p{N}])+)*/gu;
/** Words of each text that are compared one with another; between longer ones everything counts as changed. */
const MOST = 600;

function wordsOf(text: string): string[] {
  return text.normalize('NFKC').match(WORD) ?? [];
}

function commonStart(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((word, index) => !isSame(word, other[index]));
  return at < 0 ? one.length : at;
}

function isSame(one: string, other: string | undefined): boolean {
  return other !== undefined && one.toLowerCase() === other.toLowerCase();
}

/** The longest common subsequence, walked from its end. */
function between(before: readonly string[], after: readonly string[]): Step[] {
  const lengths = before.length > MOST || after.length > MOST ? undefined : lengthsOf(before, after);
  const at = (row: number, column: number) => lengths?.[row * (after.length + 1) + column] ?? 0;
  const steps: Step[] = [];
  let [row, column] = [before.length, after.length];
  while (row > 0 || column > 0) {
    const [old, fresh] = [before[row - 1] ?? '', after[column - 1] ?? ''];
    if (lengths !== undefined && row > 0 && column > 0 && isSame(old, fresh)) {
      steps.push(['=', fresh]);
      row--;
      column--;
    } else if (column > 0 && (row === 0 || at(row, column - 1) >= at(row - 1, column))) {
      steps.push(['+', fresh]);
      column--;
    } else {
      steps.push(['-', old]);
      row--;
    }
  }
  return steps.reverse();
}

function lengthsOf(before: readonly string[], after: readonly string[]): Uint16Array {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let row = 1; row <= before.length; row++)
    for (let column = 1; column <= after.length; column++) {
      const diagonal = lengths[(row - 1) * width + column - 1] ?? 0;
      const longer = Math.max(lengths[(row - 1) * width + column] ?? 0, lengths[row * width + column - 1] ?? 0);
      lengths[row * width + column] = isSame(before[row - 1] ?? '', after[column - 1]) ? diagonal + 1 : longer;
    }
  return lengths;
}

/** Neighbours of one kind in one piece. */
function joined(steps: readonly Step[]): Step[] {
  const pieces: [Step[0], string][] = [];
  for (const [how, word] of steps) {
    const last = pieces.at(-1);
    if (last?.[0] !== how) pieces.push([how, word]);
    else last[1] += isHan(last[1].at(-1) ?? '') && isHan(word) ? word : ` ${word}`;
  }
  return pieces;
}

function isHan(text: string): boolean {
  return /^\p{Script=Han}/u.test(text);
}

function round(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
