import { maskNamed, maskSensitive } from '../privacy/masking.ts';
import type { Store } from '../store/store.ts';
import type { JsonObject } from '../type.ts';
import { type Control, speaker, type Task } from './control.ts';
import type { Agent, Policy } from './policy.ts';

export interface RevealRequest {
  /** Public id. */
  readonly conversation: string;
  readonly agent: string;
  /** One of the `masked` of its head, `post.` and the key of a masked post, or one of a task card's `masked`. */
  readonly what: string;
}

export type Revealed =
  | { readonly ok: true; readonly value: string }
  /** `desk.not_yours`: somebody else holds it; `desk.unknown_value`: there is nothing of that name, or it is not masked. */
  | { readonly ok: false; readonly code: 'desk.not_yours' | 'desk.unknown_value'; readonly holder?: string };

type Reading = Pick<Store, 'find' | 'transcript' | 'desk'>;

/**
 * Shows an agent what is masked at every desk. Only to whoever holds the conversation, or, of an open task, serves its queue; and that
 * she has seen it is on disk before she does. Card numbers cannot be revealed: they never reached the disk.
 */
export async function reveal(
  request: RevealRequest,
  store: Reading,
  { agents }: Policy,
  now: number,
): Promise<Revealed> {
  const { conversation, agent, what } = request;
  const stand = await store.desk.stand(conversation);
  const control = stand?.control as unknown as Control | undefined;
  const task = control && taskOf(control, what);
  const holder = control && speaker(control);
  const may = task === undefined ? holder === agent : serves(agents, agent, task.queue);
  if (control === undefined || !may) {
    const whose = holder === undefined || holder === 'bot' ? {} : { holder };
    return { ok: false, code: 'desk.not_yours', ...whose };
  }
  const value =
    task === undefined ? await valueIn(conversation, what, control, store) : secretIn(task.attach, fieldOf(what));
  if (value === undefined) return { ok: false, code: 'desk.unknown_value' };
  await store.desk.audited({ at: now, what: 'revealed', by: agent, conversation, data: { what } });
  return { ok: true, value };
}

/** Of `task:<id>:<name>`, the open task. */
function taskOf({ tasks = [] }: Control, what: string): Task | undefined {
  return tasks.find(({ id }) => what.startsWith(`task:${id}:`));
}

function fieldOf(what: string): string {
  return what.slice(what.lastIndexOf(':') + 1);
}

/** Where no agents are named, anybody may be one. */
function serves(agents: readonly Agent[], name: string, queue: string): boolean {
  return agents.length === 0 || agents.some((agent) => agent.name === name && agent.queues.includes(queue));
}

async function valueIn(
  conversation: string,
  what: string,
  { stretch }: Control,
  store: Reading,
): Promise<string | undefined> {
  const [group, ...rest] = what.split('.');
  const name = rest.join('.');
  if (group === 'post') return postIn(conversation, Number(name), store);
  if (group === 'attach') return secretIn(stretch?.attach, name);
  return group === 'customer' ? secretIn((await store.find(conversation))?.customer?.attributes, name) : undefined;
}

async function postIn(conversation: string, seq: number, store: Reading): Promise<string | undefined> {
  const [entry] = Number.isSafeInteger(seq) && seq > 0 ? await store.transcript(conversation, seq - 1, 1) : [];
  const text = entry?.seq === seq ? entry.message.text : undefined;
  return text !== undefined && maskSensitive(text) !== text ? text : undefined;
}

/** Only what is masked need be revealed. */
function secretIn(values: JsonObject | undefined, name: string): string | undefined {
  const value = values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === 'string' && maskNamed(name, value) !== value ? value : undefined;
}
