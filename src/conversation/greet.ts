import { menuOf } from './bot.ts';
import { advance } from './stack.ts';
import type { Stage } from './stage.ts';

/** Tells a new customer that she talks to a bot, before anything else is said. */
export function greet(stage: Stage, alone: boolean): void {
  if (stage.state.greeted) return;
  stage.state.greeted = true;
  if (!stage.hasRepair('session_start')) return;
  stage.repair('session_start', { greet: alone, flows: menuOf(stage.bot) });
  advance(stage);
}
