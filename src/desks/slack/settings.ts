import { z } from 'zod';
import { describeIssues, isRootAddress, referenceIn, secretOf } from '../../channel-settings.ts';
import { ParleyError } from '../../errors.ts';

const ChannelId = z.string().regex(/^[CG][A-Z0-9]{2,20}$/, 'the id of a channel, such as C0123456789');

/** `desk.slack` of `parley.yaml`, word for word. */
export const SlackDeskYaml = z
  .strictObject({
    bot_token: z.string().meta({
      description: 'The environment variable with the bot token (xoxb-…), written as in connectors.yaml.',
    }),
    receive: z
      .enum(['webhook', 'socket'])
      .default('webhook')
      .meta({ description: 'Slack calls `/desks/slack`, or we hold a socket open.' }),
    signing_secret: z.string().optional().meta({ description: 'For webhooks: the app’s signing secret, likewise.' }),
    app_token: z.string().optional().meta({ description: 'For Socket Mode: the app-level token (xapp-…), likewise.' }),
    queues: z
      .record(z.string(), z.union([ChannelId, z.array(ChannelId).min(1).max(20)]))
      .default({})
      .meta({ description: 'The channels where conversations of a queue are shown: ids, for a busy queue several.' }),
    fallback: ChannelId.meta({
      description: 'Where everything else is shown: other queues, and what stood in a channel that is gone.',
    }),
    reply_mode: z.enum(['claimed', 'explicit', 'alerts']).default('claimed').meta({
      description:
        'What of a thread the customer reads: what the agent writes who has claimed it, only what is sent by the shortcut, or nothing.',
    }),
    api_root: z
      .string()
      .refine(isRootAddress, 'an http or https address without a path')
      .default('https://slack.com')
      .meta({ description: 'Another Web API, such as the simulator.' }),
  })
  .meta({ description: 'Agents who work in Slack; each has her user id as `accounts: {slack: U…}`.' });

export type SlackDeskYaml = z.input<typeof SlackDeskYaml>;
export type ReplyMode = z.output<typeof SlackDeskYaml>['reply_mode'];
/** In which cards, buttons and forms are written: `desk.language`. */
export type SlackLocale = 'en' | 'zh';

/** What `parley.yaml` says of the Slack desk, read and checked. */
export interface SlackDeskSettings {
  /** Never logged. */
  readonly botToken: string;
  readonly door:
    | { readonly receive: 'webhook'; readonly signingSecret: string }
    | { readonly receive: 'socket'; readonly appToken: string };
  /** Channels of a queue, at least one. */
  readonly queues: ReadonlyMap<string, readonly string[]>;
  readonly fallback: string;
  readonly replyMode: ReplyMode;
  readonly locale: SlackLocale;
  /** Without a slash at its end. */
  readonly apiRoot: string;
}

/** @throws `desk.invalid_slack`; `channel.missing_secret`, which names the variable */
export function readSlackDesk(
  raw: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  locale: SlackLocale,
): SlackDeskSettings {
  const read = SlackDeskYaml.safeParse(raw);
  if (!read.success) throw invalid(`desk.slack in parley.yaml is not right: ${describeIssues(read.error)}.`);
  const { queues, fallback, reply_mode: replyMode, api_root: apiRoot } = read.data;
  return {
    botToken: secret('bot_token', read.data.bot_token, environment),
    door: doorOf(read.data, environment),
    queues: new Map(Object.entries(queues).map(([queue, channels]) => [queue, [channels].flat()])),
    fallback,
    replyMode,
    locale,
    apiRoot: new URL(apiRoot).origin,
  };
}

function doorOf(
  given: z.output<typeof SlackDeskYaml>,
  environment: Readonly<Record<string, string | undefined>>,
): SlackDeskSettings['door'] {
  if (given.receive === 'webhook')
    return { receive: 'webhook', signingSecret: secret('signing_secret', given.signing_secret, environment) };
  return { receive: 'socket', appToken: secret('app_token', given.app_token, environment) };
}

const SECRETS = {
  bot_token: { prefix: 'xoxb-', where: 'Set it to the Bot User OAuth Token (OAuth & Permissions).' },
  app_token: {
    prefix: 'xapp-',
    where: 'Set it to an App-Level Token with connections:write (Basic Information): Socket Mode needs one.',
  },
  signing_secret: {
    prefix: '',
    where: 'Set it to the Signing Secret (Basic Information): without it anybody could be an agent.',
  },
} as const;

/** Secrets stand in the environment, never in a file that is committed. */
function secret(
  what: keyof typeof SECRETS,
  reference: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const { prefix, where } = SECRETS[what];
  const usual = `SLACK_DESK_${what.toUpperCase()}`;
  if (reference === undefined) {
    throw new ParleyError('channel.missing_secret', `desk.slack has no ${what}.`, {
      hint: `Write ${what}: \${${usual}} into parley.yaml. ${where}`,
    });
  }
  const name = referenceIn(reference);
  if (name === undefined)
    throw invalid(`\`${what}\` of desk.slack stands in plain sight.`, `Write the name of a variable: \${${usual}}`);
  const value = secretOf(name, environment, where);
  if (!value.startsWith(prefix)) throw invalid(`${reference} holds no ${what}: those begin with ${prefix}`, where);
  return value;
}

function invalid(message: string, hint = 'See src/desks/slack/README.md for all settings.'): ParleyError {
  return new ParleyError('desk.invalid_slack', message, { hint });
}
