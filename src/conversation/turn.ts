import type { TakeTurn } from '../turn.ts';
import type { Bot } from './bot.ts';
import { receive } from './receive.ts';
import { advance, moves } from './stack.ts';
import { Stage } from './stage.ts';
import { reconcile } from './version.ts';

/**
 * The story of one turn: take the state up, bring its flows to versions that are loaded, let the event in, run whatever it set in
 * motion until everything waits again, and give back the new state with what is to be done.
 */
export function createTurn(bot: Bot): TakeTurn {
  return (state, event, scene) => {
    const stage = new Stage(bot, state, scene, moves);
    reconcile(stage);
    advance(stage);
    receive(stage, event);
    advance(stage);
    return stage.close();
  };
}
