import type { StoredStand } from '../store/desk.ts';
import type { Store, StoredEntry } from '../store/store.ts';
import type { Control, Line } from './control.ts';
import type { Head, Note, Post } from './desk.ts';

/** What a card shows of a conversation, as things are now. */
export async function headOf(
  { conversation, control: stored }: StoredStand,
  store: Pick<Store, 'find'>,
): Promise<Head> {
  const { at, version, stretch } = stored as unknown as Control;
  const found = await store.find(conversation);
  const { name, attributes = {} } = found?.customer ?? {};
  return {
    ...{ conversation, version, at },
    queue: stretch?.queue ?? '',
    priority: stretch?.priority ?? 'normal',
    reason: stretch?.reason ?? '',
    ...(stretch?.agent === undefined ? {} : { agent: stretch.agent }),
    ...(stretch?.consulted === undefined ? {} : { consulted: stretch.consulted }),
    opened: stretch?.opened ?? 0,
    due: (stretch?.clocks ?? []).flatMap(({ kind, due }) => (due === undefined ? [] : [{ clock: kind, at: due }])),
    customer: {
      ...(name === undefined ? {} : { name }),
      ...{ attributes, locale: found?.locale ?? '', account: found?.account ?? '' },
    },
    attach: stretch?.attach ?? {},
    ...(stretch?.ended === undefined ? {} : { outcome: stretch.ended.outcome }),
  };
}

/** What was said, as a line of the conversation. */
export function postOf({ seq, from, message, attachments = [], at }: StoredEntry): Post {
  const name = message.agent === undefined ? {} : { name: message.agent };
  return { key: String(seq), from, ...name, message, attachments, at };
}

/** What only the humans read of a line of the log; `undefined`: nothing. @param key of the line */
export function noteIn(key: string, { on, by, note, text, agent }: Line): Note | undefined {
  if (on === 'muted') return { key, text: String(text), kind: 'muted' };
  if (typeof note !== 'string' || by === undefined) return undefined;
  return { key, by, text: note, kind: agent === undefined ? 'note' : 'handover' };
}
