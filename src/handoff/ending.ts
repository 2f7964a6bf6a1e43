import { keep } from './clocks.ts';
import type { Deed, Happening, Stretch } from './control.ts';
import type { Policy, Queue } from './policy.ts';
import { dropped, record, told } from './stretch.ts';

interface Ended {
  readonly stretch: Stretch;
  readonly deeds: readonly Deed[];
}

/** An agent calls it an end; a while for notes is left. */
export function wrap(
  before: Stretch,
  happening: Extract<Happening, { on: 'wrapped' }>,
  queue: Queue,
  now: number,
): Ended {
  const { outcome, topic, agent, botCould } = happening;
  const { stretch, deeds } = end(before, outcome, now, [], 'human');
  return {
    stretch: { ...stretch, ended: { outcome, topic, at: now }, wrapUp: now + queue.wrapUp },
    deeds: [
      ...deeds,
      record('desk.closed', stretch, {
        outcome,
        topic,
        agent,
        ...(botCould === undefined ? {} : { bot_could: botCould ? 'yes' : 'no' }),
      }),
      // What a flow could do next time.
      ...(botCould ? [record('flow_backlog', stretch, { topic, outcome, agent })] : []),
    ],
  };
}

/** The flow goes on. */
export function close(stretch: Stretch, { csat }: Policy): Ended {
  const { outcome = 'closed', topic } = stretch.ended ?? {};
  // Nobody is asked how it was who was never answered.
  const survey = csat && stretch.replied ? { survey: true } : {};
  const data = { resume: 'next', ...(topic === undefined ? {} : { topic }), ...survey };
  return { stretch: dropped(stretch, 'wrapUp'), deeds: [{ do: 'resume', outcome, data }] };
}

/** What was promised about the end is kept if a human has ended it; what was owed to her until then is owed no more. */
export function end(
  before: Stretch,
  outcome: string,
  now: number,
  deeds: readonly Deed[],
  by: 'human' | 'nobody' = 'nobody',
): Ended {
  const { verdicts } = keep(before.clocks, by === 'human' ? ['resolution'] : [], now);
  const rest = dropped(before, 'offer', 'ask', 'choosing', 'deadline', 'escalateAt', 'consulted', 'hold', 'wrapUp');
  const stretch: Stretch = { ...rest, clocks: [], ended: { outcome, at: now } };
  return { stretch, deeds: [...told(stretch, verdicts), ...deeds] };
}
