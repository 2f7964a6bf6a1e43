import { inOrder, type Problem } from '../flow/reading/problem.ts';
import { type Finding, findingsIn, type Said } from '../knowledge/findings.ts';
import type { Deployment } from './deployment.ts';
import { readKnowledge } from './knowledge.ts';

/** What the authors of a deployment's documents should look at: what cannot be read, is out of date, contradicts itself, or gives orders to a model. */
export function knowledgeProblems(deployment: Deployment, now: number): readonly Problem[] {
  const { knowledge, problems } = readKnowledge(deployment);
  const place = placesIn(deployment);
  const found = findingsIn(knowledge.passages(), now).map((finding) => problemOf(finding, place));
  return inOrder([...problems, ...found]);
}

type Place = (said: Said) => Pick<Problem, 'file' | 'line' | 'col'>;

function problemOf(finding: Finding, place: Place): Problem {
  if (finding.kind === 'stale') {
    const day = new Date(finding.until).toISOString().slice(0, 10);
    return {
      ...place({ passage: finding.passage, sentence: 'valid_until' }),
      code: 'knowledge.stale',
      message: `“${finding.passage.title}” was valid until ${day}, and is not said any more.`,
      hint: 'Bring it up to date, or remove it.',
      severity: 'warning',
    };
  }
  if (finding.kind === 'instructs')
    return {
      ...place(finding),
      code: 'knowledge.instructs',
      message: `“${finding.sentence}” gives orders to a model, and tells customers nothing.`,
      hint: 'Remove it, and find out who put it there. The bot does nothing on its word, but a customer may be shown it.',
      severity: 'warning',
    };
  const other = place(finding.other);
  return {
    ...place(finding.one),
    code: 'knowledge.contradiction',
    message: `“${finding.one.sentence}” here, but “${finding.other.sentence}” in ${other.file}:${other.line}.`,
    hint: 'Keep one of them.',
    severity: 'warning',
  };
}

/** Where a sentence stands in its file; what has been pushed or fetched has no lines. */
function placesIn({ knowledge }: Deployment): Place {
  const sources = new Map(knowledge.map((source) => [source.set.name, source]));
  return ({ passage, sentence }) => {
    const { folder = passage.set, documents = [] } = sources.get(passage.set) ?? {};
    const file = `${folder}/${passage.document}`;
    const text = documents.find(({ id }) => id === passage.document)?.text ?? '';
    const at = text.indexOf(sentence.slice(0, 24));
    return { file, line: at < 0 ? 1 : text.slice(0, at).split('\n').length, col: 1 };
  };
}
