import type { Bot } from '../conversation/bot.ts';
import type { Event } from '../event.ts';
import type { Scene, TakeTurn, Turn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import type { Command } from '../understanding/understanding.ts';

/** One turn as it was taken: what came in, what it was understood as, where it left the conversation and what it wants done. */
export interface Witnessed {
  readonly before: JsonObject | undefined;
  readonly event: Event;
  readonly scene: Scene;
  /** Absent where words were not what moved the turn. */
  readonly understood?: readonly Command[];
  readonly turn: Turn;
}

/**
 * Looks on while turns are taken, for tracing. A turn that is taken again (a read has ended within its grace, a crash, a conflict) is
 * told again. It must be quick, and must not throw.
 */
export type Witness = (seen: Witnessed) => void;

/**
 * The bot's turns, each told to a witness. They come out exactly as without one.
 * @param conversing makes the bot's turn function
 */
export function witnessed(bot: Bot, conversing: (bot: Bot) => TakeTurn, witness: Witness): TakeTurn {
  let understood: readonly Command[] | undefined;
  const take = conversing({
    ...bot,
    understanding: {
      understand(text, context) {
        understood = bot.understanding.understand(text, context);
        return understood;
      },
    },
  });
  return (before, event, scene) => {
    understood = undefined;
    // Turns wait for nothing, so what is understood between these two lines belongs to this one.
    const turn = take(before, event, scene);
    witness({ before, event, scene, turn, ...(understood === undefined ? {} : { understood }) });
    return turn;
  };
}
