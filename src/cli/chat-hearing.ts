/** What `parley chat --trace` tells of how her words were understood. */
import type { Witnessed } from '../turn.ts';
import type { Command, Doubt, Ranked } from '../understanding/understanding.ts';
import type { Terminal } from './terminal.ts';

/** Which flows the words are like. What else was read in them shows in the step and its slots. */
export function showCloseness(ranked: readonly Ranked[], { print, paint }: Terminal): void {
  for (const { flow, confidence, share, likeness } of ranked)
    print(
      paint(
        'dim',
        `  like ${flow}: confidence ${confidence.toFixed(2)} (share ${share.toFixed(2)}, nearest example ${likeness.toFixed(2)})`,
      ),
    );
}

/** What was understood, by whom, and why a model was asked. */
export function showHearing(turns: readonly Witnessed[], { print, paint }: Terminal): void {
  const tell = (line: string) => print(paint('dim', `  ${line}`));
  for (const { event, understood, turn } of kept(turns)) {
    const facts = turn.effects.flatMap((effect) => (effect.kind === 'record' ? [effect] : []));
    const of = (name: string) => facts.filter((fact) => fact.name === name).map(({ data }) => data);
    const [failure] = of('understanding.fell_back');
    const isModel = of('understanding.answered').length > 0;
    const moves = understood?.map(shown).join(', ') || 'nothing';
    if (failure !== undefined)
      tell(`the model did not help (${String(failure.code)}); understood without it: ${moves}`);
    else if (isModel) tell(`understood by the model: ${moves}`);
    else if (understood !== undefined && event.kind === 'message') tell(`understood: ${moves}`);
    for (const { rejected } of of('understanding.answered'))
      for (const each of Array.isArray(rejected) ? rejected : []) tell(`left out: ${String(each)}`);
    for (const { reason, confidence } of of('understanding.asked'))
      tell(`the model is asked: ${WHY[reason as Doubt['reason']]} (confidence ${Number(confidence).toFixed(2)})`);
  }
}

/** One that was taken again, from the same state, is told once. */
function kept(turns: readonly Witnessed[]): readonly Witnessed[] {
  return turns.filter((one, at) => turns.findLastIndex(({ turn }) => turn.state.turns === one.turn.state.turns) === at);
}

const WHY: Readonly<Record<Doubt['reason'], string>> = {
  unknown: 'nothing was understood',
  faint: 'a flow was, but not for sure',
  close: 'several flows are as close',
  question: 'it is a question that no document is known for',
  answer: 'it may be an answer, or not',
  correction: 'it is not said to what it is to be changed',
  more: 'much of the message is left over',
};

function shown(command: Command): string {
  switch (command.do) {
    case 'start':
      return `start ${command.flow}`;
    case 'set':
    case 'correct':
      return `${command.do} ${command.slot}${command.value === undefined ? '' : ` = ${JSON.stringify(command.value)}`}`;
    case 'clarify':
      return `clarify ${command.flows.join(', ')}`;
    case 'ask':
      return `ask “${command.query}”`;
    case 'chitchat':
      return `chitchat ${command.topic}`;
    default:
      return command.do;
  }
}
