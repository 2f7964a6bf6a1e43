import type { Candidate } from './knowledge.ts';
import type { Passage } from './passage.ts';

/**
 * Two orders made one by reciprocal ranks: what both know well comes first, and neither needs to know what the other's scores mean.
 * Cormack, Clarke and Büttcher, “Reciprocal Rank Fusion”, SIGIR 2009, with their constant.
 */
export function fuse(
  byWords: readonly Candidate[],
  byMeaning: readonly { readonly passage: Passage; readonly likeness: number }[],
  confidenceIn: (passage: Passage) => number,
): readonly Candidate[] {
  const fused = new Map<Passage, { candidate: Candidate; score: number }>();
  for (const [rank, candidate] of byWords.entries())
    fused.set(candidate.passage, { candidate, score: 1 / (FLAT + rank + 1) });
  for (const [rank, { passage, likeness }] of byMeaning.entries()) {
    const known = fused.get(passage);
    const confidence = known?.candidate.confidence ?? confidenceIn(passage);
    const score = (known?.score ?? 0) + 1 / (FLAT + rank + 1);
    fused.set(passage, { candidate: { passage, confidence, likeness }, score });
  }
  return [...fused.values()].toSorted((a, b) => b.score - a.score).map(({ candidate }) => candidate);
}

/** How little the first places count for more than those after them. */
const FLAT = 60;
