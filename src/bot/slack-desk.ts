import type { Environment } from '../deployment/deployment.ts';
import { deskPolicyOf, languageOf } from '../deployment/desk.ts';
import type { Settings } from '../deployment/settings.ts';
import { readSlackDesk } from '../desks/slack/settings.ts';
import { openSlackDesk, type SlackDesk } from '../desks/slack/slack-desk.ts';
import { findSaid } from '../handoff/find-said.ts';
import type { Office } from '../handoff/office.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/**
 * The desk in Slack; `undefined`: `parley.yaml` describes none.
 * @param now epoch milliseconds
 * @throws `channel.missing_secret`, which names the variable; `desk.invalid_slack`
 */
export function slackDeskOf(
  settings: Settings,
  environment: Environment,
  log: Log,
  now: () => number,
): SlackDesk | undefined {
  const { desk, locales } = settings;
  if (desk?.slack === undefined) return undefined;
  return openSlackDesk({ settings: readSlackDesk(desk.slack, environment, languageOf(desk, locales)), log, now });
}

/** The house stands. @param settings as they are now: a reload changes agents and queues */
export function beginSlackDesk(slack: SlackDesk, office: Office, store: Store, settings: () => Settings): void {
  slack.begin({
    give: (command) => office.give(command),
    setPresence: (agent, presence) => office.setPresence(agent, presence),
    head: (conversation) => office.head(conversation),
    replies: (conversation, agent) => office.replies(conversation, agent),
    reveal: (request) => office.reveal(request),
    keepFile: (conversation, file) => office.keepFile(conversation, file),
    policy: () => deskPolicyOf(settings().desk ?? {}, settings().timezone),
    transcript: (conversation, after, limit) => store.transcript(conversation, after, limit),
    said: (conversation, command) => findSaid(store, conversation, command),
    tables: store.desk,
    keep: store,
  });
}
