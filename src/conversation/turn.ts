import type { Event } from '../event.ts';
import type { Scene, TakeTurn, Turn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import type { Bot } from './bot.ts';
import { interrupt } from './decide.ts';
import { followLanguage } from './language.ts';
import { catchUpWithHer, receive } from './receive.ts';
import { advance, isFlowError, moves } from './stack.ts';
import { Stage } from './stage.ts';
import { beginDue } from './unasked.ts';
import { reconcile } from './version.ts';
import { takeUpWishes } from './wishes.ts';

/**
 * The story of one turn: take the state up, bring its flows to versions that are loaded, let the event in, run whatever it set in
 * motion until everything waits again, and give back the new state with what is to be done.
 */
export function createTurn(bot: Bot): TakeTurn {
  return (state, event, scene) => {
    try {
      return take(bot, state, event, scene);
    } catch (error) {
      if (!isFlowError(error)) throw error;
      return apologise(bot, state, scene, error.code);
    }
  };
}

function take(bot: Bot, state: JsonObject | undefined, event: Event, scene: Scene): Turn {
  const stage = new Stage(bot, state, scene, moves);
  reconcile(stage);
  advance(stage);
  followLanguage(stage, event);
  receive(stage, event);
  advance(stage);
  catchUpWithHer(stage);
  takeUpWishes(stage);
  beginDue(stage);
  return stage.close();
}

/**
 * A step's own failures are told where they happen. This one came between the steps: a guard, a choice that is understood, a value
 * that is checked. What the turn had done so far never was; it begins again from the same state and lets the `error` pattern speak.
 */
function apologise(bot: Bot, state: JsonObject | undefined, scene: Scene, code: string): Turn {
  const stage = new Stage(bot, state, scene, moves);
  reconcile(stage);
  stage.record('flow.error', { flow: stage.top?.flow ?? '', code });
  interrupt(stage, 'error', { reason: code });
  return stage.close();
}
