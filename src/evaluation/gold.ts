/**
 * Is a question answered as a human has? It need not be in the same words: most of the human's words are there, and every number is.
 */
export function keepsGold(answer: string, gold: string): boolean {
  const [said, wanted] = [new Set(wordsOf(answer)), [...new Set(wordsOf(gold))]];
  if (wanted.length === 0) return false;
  const kept = wanted.filter((word) => said.has(word));
  return kept.length / wanted.length >= MOST && wanted.every((word) => !/^\p{N}/u.test(word) || said.has(word));
}

const MOST = 0.7;

/** Of Chinese, its characters. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? []
  );
}
