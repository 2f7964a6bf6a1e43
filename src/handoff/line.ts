import type { JsonObject } from '../type.ts';
import type { Asked, Control, Happening, Line } from './control.ts';
import { keptAs } from './kept.ts';
import { lateFirst } from './review/drafts.ts';
import { agentOf } from './table.ts';
import { taskOf } from './tasks.ts';

/** What the desk's log keeps of a step: enough for every desk to show it, and to tell who did it. */
export function lineOf(before: Control, after: Control, happening: Happening, asked: Asked | undefined): Line {
  const by = agentOf(happening);
  const to = 'to' in happening ? happening.to : 'with' in happening ? happening.with : undefined;
  const task =
    happening.on === 'review_over'
      ? lateFirst(before)?.task
      : taskOf(happening.on === 'swapped' ? after : before, happening);
  return {
    ...{ on: happening.on, from: before.at, to: after.at, epoch: after.epoch },
    ...(by === undefined ? {} : { by }),
    ...noteOf(happening),
    ...(to === undefined ? {} : { agent: to }),
    ...(happening.on === 'requested' || happening.on === 'requeued' ? { queue: happening.queue } : {}),
    ...(happening.on === 'chosen' ? { choice: happening.choice } : {}),
    ...('outcome' in happening ? { outcome: happening.outcome } : {}),
    ...(happening.on === 'lapsed' ? { why: happening.why } : {}),
    ...(happening.on === 'reviewed' ? judgementOf(happening) : {}),
    ...(happening.on === 'wrapped' ? { topic: happening.topic } : {}),
    ...(task === undefined ? {} : { task: task as unknown as JsonObject }),
    ...wordsOf(before, after, happening, asked),
    ...(asked === undefined ? {} : { command: asked.command }),
  };
}

function judgementOf({ verdict, text, reason, ...rest }: Extract<Happening, { on: 'reviewed' }>): Partial<Line> {
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(text === undefined ? {} : { final: text }),
    ...('flow' in rest && rest.flow !== undefined ? { flow: rest.flow } : {}),
  };
}

function noteOf(happening: Happening): { readonly note?: string } {
  const note = 'note' in happening ? happening.note : happening.on === 'noted' ? happening.text : undefined;
  return note === undefined ? {} : { note };
}

/** Which of an agent's words it is about, and how they fare. */
function wordsOf(before: Control, after: Control, happening: Happening, asked: Asked | undefined): Partial<Line> {
  switch (happening.on) {
    case 'said': {
      const kept = asked && keptAs(after.stretch, asked.command);
      return kept === undefined ? {} : { said: kept.said, until: kept.at };
    }
    case 'edited':
    case 'deleted': {
      const { said } = happening;
      const inTime = keptAs(before.stretch, said) !== undefined;
      if (!inTime) return { said, late: true, ...(happening.on === 'edited' ? { text: happening.text } : {}) };
      return keptAs(after.stretch, said) === undefined ? { said, state: 'cancelled' } : { said, state: 'replaced' };
    }
    case 'revised':
      return { said: happening.said, state: happening.state };
    default:
      return {};
  }
}
