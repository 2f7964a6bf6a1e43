import type { Bot } from '../conversation/bot.ts';
import { createTurn } from '../conversation/turn.ts';
import { deskPolicyOf } from '../deployment/desk.ts';
import type { Settings } from '../deployment/settings.ts';
import type { EngineParts } from '../engine/parts.ts';
import { type Office, type OfficeParts, openOffice } from '../handoff/office.ts';
import { fenced } from '../handoff/fence.ts';
import { withDesk } from '../handoff/with-desk.ts';
import type { TakeTurn } from '../turn.ts';
import type { JsonObject } from '../type.ts';

/** How a bot converses that can give conversations to humans, if `parley.yaml` describes any. */
export function conversingWith(bot: Bot, { desk, timezone: zone }: Settings): TakeTurn {
  const turn = createTurn(bot);
  return desk === undefined ? turn : withDesk(turn, { policy: deskPolicyOf(desk, zone), zone, busy: isBusy });
}

/** What the engine must know of a desk; nothing where there is none. */
export function fenceOf({ desk }: Settings, office: () => Office | undefined): Pick<EngineParts, 'fence' | 'onDesk'> {
  return desk === undefined ? {} : { fence: fenced, onDesk: () => office()?.nudge() };
}

/** @param settings as they are now: a reload changes hours and agents */
export function officeOf(settings: () => Settings, parts: Omit<OfficeParts, 'policy'>): Office | undefined {
  if (settings().desk === undefined) return undefined;
  return openOffice({ ...parts, policy: () => deskPolicyOf(settings().desk ?? {}, settings().timezone) });
}

/** Does a flow stand on top, which may have asked her something? */
function isBusy({ frames }: JsonObject): boolean {
  return Array.isArray(frames) && frames.length > 0;
}
