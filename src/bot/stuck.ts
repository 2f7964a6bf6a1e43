import type { Operations } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';

/** Something that waits for an operator: an event that kept failing, or something that could not be said to a customer. */
export interface Stuck {
  /** `event:12`, `letter:7`. */
  readonly id: string;
  readonly conversation: string;
  /** Why it is here: the code of what was thrown, `turn.killed`, or the channel's reason. */
  readonly code: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The kind of event, or the words that were not said. */
  readonly what: string;
}

/** What an operator may do about it, whether the deployment runs or not. */
export interface Hands {
  stuck(): Promise<readonly Stuck[]>;
  /** Puts it back: an event into its conversation's inbox, a letter into the outbox. `false`: it is not there (any more). */
  again(id: string): Promise<boolean>;
}

/** Of a running deployment: what is put back is taken up at once. */
export function handsOf(engine: Operations): Hands {
  return hands({
    quarantined: () => engine.quarantined(),
    dead: () => engine.dead(),
    replay: (event) => engine.replay(event),
    resend: (letter) => engine.resend(letter),
  });
}

/** Of one that is stopped: what is put back is taken up by its next start. */
export function handsOn(store: Store): Hands {
  return hands({
    quarantined: () => store.quarantined(LIST),
    dead: () => store.dead(LIST),
    replay: async (event) => (await store.replayEvent(event)) !== undefined,
    resend: (letter) => store.replayLetter(letter, Date.now()),
  });
}

const LIST = 1_000;

function hands({ quarantined, dead, replay, resend }: Omit<Operations, 'use'>): Hands {
  return {
    async stuck() {
      const events = (await quarantined()).map(
        ({ id, conversation, code, at, event }): Stuck => ({
          id: `event:${id}`,
          conversation,
          code,
          at,
          what: event.kind,
        }),
      );
      const letters = (await dead()).map(
        ({ id, conversation, code, at, message }): Stuck => ({
          id: `letter:${id}`,
          conversation,
          code,
          at,
          what: message.text,
        }),
      );
      return [...events, ...letters];
    },
    async again(id) {
      const [, kind, number] = /^(event|letter):(\d{1,15})$/.exec(id) ?? [];
      if (kind === undefined) return false;
      return kind === 'event' ? replay(Number(number)) : resend(Number(number));
    },
  };
}
