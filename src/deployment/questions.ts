import { isQuestion } from '../understanding/ask.ts';
import type { Catalogue, FlowView } from '../understanding/embedded.ts';
import { Said } from '../understanding/said.ts';
import type { Command, Understanding } from '../understanding/understanding.ts';

/** Stands where a flow's name would; no flow can have it. */
const ASKS = '?';

/**
 * The catalogue with the questions that the business's documents answer, to be learnt beside what starts each flow: so that “How long do I
 * have to return something?” asks, and “I want to return something” returns.
 */
export function withQuestions(catalogue: Catalogue, questions: readonly string[]): Catalogue {
  if (questions.length === 0) return catalogue;
  const asking: FlowView = { name: ASKS, description: '', examples: { '*': questions } };
  return { ...catalogue, flows: [...catalogue.flows, asking] };
}

/** An understanding that has learnt such a catalogue: where it takes words for one of those questions, they are asked. */
export function hearingQuestions(understanding: Understanding): Understanding {
  const { understand, rank, ...others } = understanding;
  return {
    ...others,
    understand: (text, context) => understand(text, context).map((command) => meant(command, text)),
    ...(rank && { rank: (text: string) => rank(text).filter(({ flow }) => flow !== ASKS) }),
  };
}

function meant(command: Command, text: string): Command {
  const asked: Command = { do: 'ask', query: text.trim() };
  if (command.do === 'start' && command.flow === ASKS) return asked;
  if (command.do !== 'clarify' || !command.flows.includes(ASKS)) return command;
  const flows = command.flows.filter((flow) => flow !== ASKS);
  const [only] = flows;
  if (only === undefined || (flows.length === 1 && isQuestion(new Said(text)))) return asked;
  return flows.length === 1 ? { do: 'start', flow: only, confidence: 0.5 } : { do: 'clarify', flows };
}
