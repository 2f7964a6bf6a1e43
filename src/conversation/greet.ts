import { menuOf } from './bot.ts';
import { advance, again } from './stack.ts';
import type { Stage } from './stage.ts';

/** Tells a new customer that she talks to a bot, before anything else is said. */
export function greet(stage: Stage, alone: boolean): void {
  if (stage.state.greeted) return;
  stage.state.greeted = true;
  if (!stage.hasRepair('session_start')) return;
  stage.repair('session_start', { greet: alone, flows: menuOf(stage.bot) });
  advance(stage);
}

/** Who presses Start once more has lost the thread: the open question is asked again, or what there is to do is offered again. */
export function welcomeBack(stage: Stage): void {
  if (stage.top?.waiting) return again(stage, stage.top);
  if (stage.hasRepair('session_start')) stage.repair('session_start', { greet: true, flows: menuOf(stage.bot) });
}
