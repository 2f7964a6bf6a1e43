import { pickArm } from './experiment.ts';
import type { Stage } from './stage.ts';

/** When she was asked last: of the customer, so that it is known in all her conversations. */
const ASKED = 'csat_asked';
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

export function noteAsked(stage: Stage): void {
  stage.remember('customer', ASKED, new Date(stage.now).toISOString());
}
