import { Refusal } from './refusal.ts';

/** Something that stays open: a socket, an event stream, a waiting poll. */
export interface Connection {
  /** Ends it, telling the client why. */
  close(reason: CloseReason): void;
}

export type CloseReason = 'stopping' | 'withdrawn';

/** Open connections by the address they belong to, so that a withdrawn token, a shutdown and a greedy visitor can be dealt with. */
export interface Connections {
  /** @throws `chat.too_many_connections` */
  add(address: string, connection: Connection): () => void;
  /** The token of this address is no longer good. */
  withdraw(address: string): void;
  closeAll(): void;
  readonly size: number;
}

/** Tabs of one visitor; a browser itself opens six connections to a host. */
const PER_VISITOR = 12;

export function createConnections(): Connections {
  const open = new Map<string, Set<Connection>>();
  let size = 0;

  function close(connections: Iterable<Connection>, reason: CloseReason): void {
    // A copy: closing removes from the set.
    for (const connection of [...connections]) connection.close(reason);
  }

  return {
    add(address, connection) {
      const own = open.get(address) ?? new Set();
      if (own.size >= PER_VISITOR)
        throw new Refusal(429, 'chat.too_many_connections', 'This conversation is open in too many places.', {
          hint: 'Close another tab.',
          retryAfter: 30,
        });
      own.add(connection);
      open.set(address, own);
      size += 1;
      return () => {
        if (!own.delete(connection)) return;
        size -= 1;
        if (own.size === 0 && open.get(address) === own) open.delete(address);
      };
    },
    withdraw(address) {
      close(open.get(address) ?? [], 'withdrawn');
    },
    closeAll() {
      for (const own of [...open.values()]) close(own, 'stopping');
    },
    get size() {
      return size;
    },
  };
}
