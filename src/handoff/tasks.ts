import type { Control, Deed, Happening, Task } from './control.ts';

type OfTask = Extract<Happening, { on: 'filed' | 'decided' | 'done' | 'lapsed' }>;

/** Tasks of one conversation that its state keeps: more are found among the filed ones only. Decisions are always kept. */
const MOST = 16;

export function isOfTask(happening: Happening): happening is OfTask {
  return happening.on === 'filed' || happening.on === 'decided' || happening.on === 'done' || happening.on === 'lapsed';
}

export function taskOf(control: Control, happening: Happening): Task | undefined {
  if (happening.on === 'filed') return happening.task;
  if (!isOfTask(happening)) return undefined;
  return control.tasks?.find(({ id }) => id === happening.task);
}

/** A decision that nobody waits for, a task that is done already, or one that is no decision. */
export function isDecided(control: Control, happening: Happening): boolean {
  if (!isOfTask(happening) || happening.on === 'filed') return false;
  const task = taskOf(control, happening);
  return task === undefined || (happening.on === 'decided' && task.mode !== 'approval');
}

/** What becomes of the open tasks. A decision lets the flow that asked for it go on. */
export function work(tasks: readonly Task[], happening: OfTask): { tasks: readonly Task[]; deeds: readonly Deed[] } {
  const id = happening.on === 'filed' ? happening.task.id : happening.task;
  const rest = tasks.filter((task) => task.id !== id);
  if (happening.on === 'filed') return { tasks: fewest([...rest, happening.task]), deeds: [] };
  if (happening.on === 'lapsed') return { tasks: rest, deeds: [] };
  const { agent, task, note } = happening;
  const data = { agent, ...(note === undefined ? {} : { note }) };
  const outcome = happening.on === 'decided' ? happening.outcome : 'done';
  const record: Deed = { do: 'record', name: 'desk.task_ended', data: { task, agent, outcome } };
  if (happening.on === 'done') return { tasks: rest, deeds: [record] };
  return { tasks: rest, deeds: [record, { do: 'decide', task, outcome, data }] };
}

function fewest(tasks: readonly Task[]): readonly Task[] {
  if (tasks.length <= MOST) return tasks;
  const oldest = tasks.find(({ mode }) => mode === 'background');
  return tasks.filter((task) => task !== oldest);
}
