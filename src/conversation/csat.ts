import { pickArm } from './experiment.ts';
import type { Stage } from './stage.ts';

/** When she was asked last: of the customer, so that it is known in all her conversations. */
const ASKED = 'csat_asked';
const DAY = 24 * 60 * 60_000;
/** Milliseconds for which a task is taken for open: nobody tells when one that was filed without a desk is done. */
const OPEN = 7 * 24 * 60 * 60_000;

/** Is she asked how it was, now that a flow has ended? Once in a while, never while a human still owes her something. */
export function mayAskHowItWas(stage: Stage, flow: string, outcome: string): boolean {
  const { bot, state, customer, now, scene } = stage;
  const { csat } = bot;
  if (!csat?.after.has(flow) || outcome !== 'resolved' || !stage.hasRepair('csat')) return false;
  const last = customer[ASKED];
  const isRecent = typeof last === 'string' && now - Date.parse(last) < csat.every;
  const isOpen = state.handed !== undefined && now - state.handed < OPEN;
  if (isRecent || isOpen || scene.unheard) return false;
  const drawn = pickArm('csat', `${scene.conversation}:${state.turns}`, { yes: csat.sample, no: 1 - csat.sample });
  return drawn === 'yes';
}

/** Is she asked how a human was? Whoever held the conversation wants it; not again within the time, and not in the middle of something. */
export function mayAskHowHumanWas(stage: Stage): boolean {
  const { bot, state, customer, now, scene } = stage;
  const last = customer[ASKED];
  const every = bot.csat?.every ?? DAY;
  const isRecent = typeof last === 'string' && now - Date.parse(last) < every;
  return state.frames.length === 0 && !isRecent && !scene.unheard && stage.hasRepair('csat');
}

export function noteAsked(stage: Stage): void {
  stage.remember('customer', ASKED, new Date(stage.now).toISOString());
}
