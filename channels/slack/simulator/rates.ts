import type { Workspace } from './workspace.ts';

/** Calls a minute of one app in one workspace (https://docs.slack.dev/apis/web-api/rate-limits): of the methods that a desk calls often. */
const A_MINUTE: Readonly<Record<string, number>> = {
  'chat.update': 50,
  'chat.delete': 50,
  'reactions.add': 50,
  'conversations.history': 50,
  'conversations.replies': 50,
  'reactions.remove': 20,
  'chat.postEphemeral': 100,
  'views.open': 100,
  'views.update': 100,
  'views.publish': 100,
};

/** Counts the call. The milliseconds until it would have been in time; 0: it is, or nobody minds. */
export function early({ rates, now }: Workspace, method: string): number {
  const most = A_MINUTE[method];
  if (most === undefined) return 0;
  const recent = (rates.recent.get(method) ?? []).filter((at) => at > now() - MINUTE);
  const oldest = recent.length < most ? undefined : recent.at(-most);
  if (oldest !== undefined) rates.tooFast += 1;
  if (oldest !== undefined && rates.enforced) return oldest + MINUTE - now();
  rates.recent.set(method, [...recent, now()]);
  return 0;
}

const MINUTE = 60_000;
