import type { Control, Deed, Happening, Task } from './control.ts';
import { isOfReview, judge } from './review/drafts.ts';

type OfTask = Extract<Happening, { on: 'filed' | 'decided' | 'done' | 'lapsed' | 'reviewed' | 'swapped' }>;

/** Tasks of one conversation that its state keeps: more are found among the filed ones only. Decisions are always kept. */
const MOST = 16;

const OF_TASK: ReadonlySet<string> = new Set<OfTask['on']>([
  'filed',
  'decided',
  'done',
  'lapsed',
  'reviewed',
  'swapped',
]);

export function isOfTask(happening: Happening): happening is OfTask {
  return OF_TASK.has(happening.on);
}

export function taskOf(control: Control, happening: Happening): Task | undefined {
  if (happening.on === 'filed') return happening.task;
  if (!isOfTask(happening)) return undefined;
  return control.tasks?.find(({ id }) => id === happening.task);
}

/** A decision that nobody waits for, a task that is done already, or one that is not of that kind. */
export function isDecided(control: Control, happening: Happening): boolean {
  if (!isOfTask(happening) || happening.on === 'filed') return false;
  const task = taskOf(control, happening);
  if (task === undefined) return true;
  if (isOfReview(happening)) return task.mode !== 'review';
  return happening.on === 'decided' ? task.mode !== 'approval' : happening.on === 'done' && task.mode === 'review';
}

/** What becomes of the open tasks. A decision lets the flow that asked for it go on. */
export function work(tasks: readonly Task[], happening: OfTask): { tasks: readonly Task[]; deeds: readonly Deed[] } {
  if (isOfReview(happening)) return judge(tasks, happening);
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
