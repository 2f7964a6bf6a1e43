import type { Deployment, Environment } from '../deployment/deployment.ts';
import type { Program } from '../flow/program.ts';
import type { Finding } from './finding.ts';

/** Doors of our own that a flow or a knowledge set counts on, and that stay shut without their secret. */
export function lookAtDoors(
  { knowledge }: Deployment,
  programs: ReadonlyMap<string, Program>,
  environment: Environment,
): Finding[] {
  const told = [...programs.values()].filter(isTold).map(({ flow }) => flow);
  const pushed = knowledge.filter(({ push }) => push).map(({ set }) => set.name);
  return [
    ...(told.length === 0 ? [] : [lookUp('PARLEY_EVENTS_SECRET', `events for ${told.join(', ')}`, environment)]),
    ...(pushed.length === 0
      ? []
      : [lookUp('PARLEY_KNOWLEDGE_SECRET', `documents pushed to ${pushed.join(', ')}`, environment)]),
  ];
}

/** Does it begin, or go on, when the business's systems tell of something? */
function isTold({ header, steps }: Program): boolean {
  return header.events.length > 0 || steps.some(({ kind }) => kind === 'wait');
}

/** Advice only: events may come from the code that made the bot, and documents from the folder. */
function lookUp(variable: string, what: string, environment: Environment): Finding {
  if ((environment[variable] ?? '') !== '') return { ok: true, what: `${variable} is set` };
  return { ok: true, what: `${variable} is not set`, todo: `Without it nobody can send ${what}: export ${variable}=…` };
}
