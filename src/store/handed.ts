import type { Event } from '../event.ts';

/** What goes along of what waits in the inbox: the world's, not her words, which were for who is there now. */
export function eventFor(event: Event, calls: Readonly<Record<string, string>>): Event | undefined {
  switch (event.kind) {
    case 'result': {
      const call = calls[event.call];
      return call === undefined ? undefined : { ...event, call };
    }
    case 'signal':
      return event.name.startsWith('channel.') ? undefined : event;
    case 'agent':
    case 'returned':
      return event;
    default:
      return undefined;
  }
}
