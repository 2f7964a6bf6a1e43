import type { Entry } from './ledger.ts';
import type { SlackDeskSettings } from './settings.ts';

/** Which channel shows which conversation. */
export interface Channels {
  /** Where its card stands or is to be put. */
  of(entry: Entry): string;
  /** Is its card where the agents of its queue look? */
  fits(entry: Entry): boolean;
  /** The channel cannot be written to any more. `false`: there is no other. */
  lose(channel: string): boolean;
}

/**
 * A channel takes about one post a second. With twenty live conversations, what waits for its turn waits some seconds; with many more, its
 * agents would read what was said long ago. Then the next channel of the queue is used, or the one with the fewest.
 */
export function openChannels(
  { queues, fallback }: Pick<SlackDeskSettings, 'queues' | 'fallback'>,
  live: () => Iterable<Entry>,
): Channels {
  const lost = new Set<string>();
  const meant = new Map<string, string>();

  function choose(queue: string): string {
    const open = (queues.get(queue) ?? [fallback]).filter((channel) => !lost.has(channel));
    const loads = open.map((channel) => ({ channel, load: loadOf(channel) }));
    const roomy = loads.find(({ load }) => load < FULL);
    return (roomy ?? loads.toSorted((one, other) => one.load - other.load)[0])?.channel ?? fallback;
  }

  function loadOf(channel: string): number {
    return [...live()].filter(({ isOpen, card, conversation }) => {
      return isOpen && (card?.channel ?? meant.get(conversation)) === channel;
    }).length;
  }

  return {
    fits: ({ card, head }) =>
      card === undefined ||
      head.queue === '' ||
      lost.size > 0 ||
      (queues.get(head.queue) ?? [fallback]).includes(card.channel),
    of({ conversation, card, head, doing }) {
      if (card !== undefined) {
        meant.delete(conversation);
        return card.channel;
      }
      // A card may be on its way there, from before a restart even.
      const known = doing?.channel ?? meant.get(conversation);
      if (known !== undefined && !lost.has(known)) return known;
      const channel = choose(head.queue);
      meant.set(conversation, channel);
      return channel;
    },
    lose(channel) {
      if (channel !== fallback) lost.add(channel);
      return channel !== fallback;
    },
  };
}

const FULL = 20;
