import type { Effect } from '../../effect.ts';
import type { JsonObject } from '../../type.ts';
import { matches, tokenOf, tokensOf } from '../listening.ts';
import type { Listener, Row } from './tables.ts';

type Listen = Extract<Effect, { kind: 'listen' }>;

/** Who waits for which event. */
export function listening() {
  /** By event and token. */
  const filed = new Map<string, Set<Listener>>();
  const fileOf = (event: string, token: string) => `${event}\n${token}`;

  function listen(record: Row, { id, event, match }: Listen): void {
    unlisten(record, id);
    const file = fileOf(event, tokenOf(match));
    const listener: Listener = { record, match, file };
    record.listeners.set(id, listener);
    filed.set(file, (filed.get(file) ?? new Set()).add(listener));
  }

  function unlisten(record: Row, id: string): void {
    const listener = record.listeners.get(id);
    if (listener === undefined) return;
    record.listeners.delete(id);
    filed.get(listener.file)?.delete(listener);
  }

  return {
    listen,
    unlisten,
    /** Takes a listener to another conversation, under another name. */
    move(from: Row, id: string, to: Row, there: string): void {
      const listener = from.listeners.get(id);
      if (listener === undefined) return;
      unlisten(from, id);
      listen(to, { kind: 'listen', id: there, event: listener.file.split('\n')[0]!, match: listener.match });
    },
    /** Who waits for this. */
    hearing: (event: string, data: JsonObject): Row[] =>
      tokensOf(data)
        .flatMap((token) => [...(filed.get(fileOf(event, token)) ?? [])])
        .filter(({ match }) => matches(match, data))
        .map(({ record }) => record),
  };
}

export type Listening = ReturnType<typeof listening>;
