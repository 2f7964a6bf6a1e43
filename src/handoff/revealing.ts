import { maskNamed, maskSensitive } from '../privacy/masking.ts';
import type { Store } from '../store/store.ts';
import { type Control, speaker } from './control.ts';

export interface RevealRequest {
  /** Public id. */
  readonly conversation: string;
  readonly agent: string;
  /** One of the `masked` of its head, or `post.` and the key of a masked post. */
  readonly what: string;
}

export type Revealed =
  | { readonly ok: true; readonly value: string }
  /** `desk.not_yours`: somebody else holds it; `desk.unknown_value`: there is nothing of that name, or it is not masked. */
  | { readonly ok: false; readonly code: 'desk.not_yours' | 'desk.unknown_value'; readonly holder?: string };

type Reading = Pick<Store, 'find' | 'transcript' | 'desk'>;

/**
 * Shows an agent what is masked at every desk. Only to whoever holds the conversation, and that she has seen it is on disk before she
 * does. Card numbers cannot be revealed: they never reached the disk.
 */
export async function reveal(
  { conversation, agent, what }: RevealRequest,
  store: Reading,
  now: number,
): Promise<Revealed> {
  const stand = await store.desk.stand(conversation);
  const control = stand?.control as unknown as Control | undefined;
  const holder = control && speaker(control);
  if (control === undefined || holder !== agent) {
    const whose = holder === undefined || holder === 'bot' ? {} : { holder };
    return { ok: false, code: 'desk.not_yours', ...whose };
  }
  const value = await maskedValue(conversation, what, control, store);
  if (value === undefined) return { ok: false, code: 'desk.unknown_value' };
  await store.desk.audited({ at: now, what: 'revealed', by: agent, conversation, data: { what } });
  return { ok: true, value };
}

async function maskedValue(
  conversation: string,
  what: string,
  { stretch }: Control,
  store: Reading,
): Promise<string | undefined> {
  const [group, ...rest] = what.split('.');
  const name = rest.join('.');
  if (group === 'post') {
    const seq = Number(name);
    const [entry] = Number.isSafeInteger(seq) && seq > 0 ? await store.transcript(conversation, seq - 1, 1) : [];
    const text = entry?.seq === seq ? entry.message.text : undefined;
    return text !== undefined && maskSensitive(text) !== text ? text : undefined;
  }
  const { customer } = (await store.find(conversation)) ?? {};
  const values = group === 'customer' ? customer?.attributes : group === 'attach' ? stretch?.attach : undefined;
  const value = values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === 'string' && maskNamed(name, value) !== value ? value : undefined;
}
