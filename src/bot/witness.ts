import type { Bot } from '../conversation/bot.ts';
import type { TakeTurn, Witness } from '../turn.ts';
import type { Command } from '../understanding/understanding.ts';

/**
 * The bot's turns, each told to a witness. They come out exactly as without one.
 * @param conversing makes the bot's turn function
 */
export function witnessed(bot: Bot, conversing: (bot: Bot) => TakeTurn, witness: Witness): TakeTurn {
  let understood: readonly Command[] | undefined;
  const { understanding } = bot;
  const { second } = understanding;
  const take = conversing({
    ...bot,
    understanding: {
      ...understanding,
      understand(text, context) {
        understood = understanding.understand(text, context);
        return understood;
      },
      ...(second && {
        second: {
          ...second,
          weigh(answer, text, context) {
            const weighed = second.weigh(answer, text, context);
            understood = weighed.commands;
            return weighed;
          },
        },
      }),
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
