import { z } from 'zod';
import { describeIssues, isRootAddress, ParleyError, referenceIn, secretOf } from '#channel';

/** What `parley.yaml` says of a Slack account, read and checked. */
export interface SlackSettings {
  /** `xoxb-…`: what the app may do in its workspace. Never logged. */
  readonly botToken: string;
  readonly receive: 'webhook' | 'socket';
  /** Any of them may have signed a webhook: two while one is replaced by the other. */
  readonly signingSecrets: readonly string[];
  /** `xapp-…`: opens Socket Mode. */
  readonly appToken?: string;
  /** Channels where the bot hears every new message, not only those that name it. */
  readonly listens: ReadonlySet<string>;
  /** Is "Agents & AI Apps" switched on? Then each thread of a direct message is a conversation of its own. */
  readonly assistant: boolean;
  /** BCP 47, of who has not shown hers: Slack does not tell it with an event. */
  readonly locale?: string;
  /** Hosts inside our own network whose files may be sent; the public ones need no mention. */
  readonly fileHosts: readonly string[];
  /** Without a slash at its end. */
  readonly apiRoot: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The account in `parley.yaml`, word for word. */
const Account = z.strictObject({
  kind: z.literal('slack'),
  bot_token: z
    .string()
    .describe('The environment variable with the bot token (xoxb-…), written as in connectors.yaml.'),
  receive: z.enum(['webhook', 'socket']).default('webhook').describe('Slack calls us, or we hold a socket open.'),
  signing_secret: z
    .union([z.string(), z.array(z.string()).min(1).max(2)])
    .optional()
    .describe('The app’s signing secret, written likewise; a list of two while it is being replaced.'),
  app_token: z.string().optional().describe('For Socket Mode: the app-level token (xapp-…), written likewise.'),
  listens: z
    .array(z.string().regex(/^[CG][A-Z0-9]{2,20}$/, 'the id of a channel, such as C0123456789'))
    .default([])
    .describe('Channels where every new message is meant for the bot; elsewhere it must be named.'),
  assistant: z.boolean().default(false).describe('The app has “Agents & AI Apps” switched on.'),
  locale: z.string().optional().describe('Language of a customer who has not shown hers.'),
  file_hosts: z
    .array(z.string().regex(/^[\w.-]+(?::\d{1,5})?$/, 'a host such as shop.internal or 127.0.0.1:4000'))
    .default([])
    .describe('Hosts of our own network from which files may be fetched to be sent.'),
  api_root: z
    .string()
    .refine(isRootAddress, 'an http or https address without a path')
    .default('https://slack.com')
    .describe('Another Web API, such as the simulator.'),
});

/** @throws `slack.invalid_settings`, `channel.missing_secret` */
export function readSettings(raw: unknown, environment: Environment): SlackSettings {
  const read = Account.safeParse(raw);
  if (!read.success) throw invalid(`The Slack account in parley.yaml is not right: ${describeIssues(read.error)}.`);
  const { receive, listens, assistant, locale, api_root: apiRoot } = read.data;
  return {
    botToken: tokenOf('bot_token', read.data.bot_token, 'xoxb-', environment),
    receive,
    ...doorOf(read.data, environment),
    listens: new Set(listens),
    assistant,
    ...(locale === undefined ? {} : { locale }),
    fileHosts: read.data.file_hosts,
    apiRoot: new URL(apiRoot).origin,
  };
}

type Given = z.infer<typeof Account>;

/** A socket needs its token; a webhook needs something that forgers do not have. */
function doorOf(given: Given, environment: Environment): Pick<SlackSettings, 'signingSecrets' | 'appToken'> {
  if (given.receive === 'webhook') return { signingSecrets: readSecrets(given.signing_secret, environment) };
  if (given.app_token === undefined)
    throw new ParleyError('channel.missing_secret', 'The Slack account has no app token: Socket Mode needs one.', {
      hint: `Set SLACK_APP_TOKEN to an app-level token with connections:write, and write app_token: \${SLACK_APP_TOKEN} into parley.yaml.`,
    });
  return { signingSecrets: [], appToken: tokenOf('app_token', given.app_token, 'xapp-', environment) };
}

function readSecrets(given: Given['signing_secret'], environment: Environment): readonly string[] {
  if (given === undefined)
    throw new ParleyError(
      'channel.missing_secret',
      'The Slack account has no signing secret: anybody could write to it.',
      {
        hint: `Set SLACK_SIGNING_SECRET to the app’s signing secret (Basic Information), and write signing_secret: \${SLACK_SIGNING_SECRET} into parley.yaml.`,
      },
    );
  return [given].flat().map((reference) => fromEnvironment('signing_secret', reference, environment));
}

function tokenOf(what: 'bot_token' | 'app_token', reference: string, prefix: string, environment: Environment): string {
  const token = fromEnvironment(what, reference, environment);
  if (!token.startsWith(prefix)) throw invalid(`${reference} holds no ${what}: those begin with ${prefix}`);
  return token;
}

const WHERE = {
  bot_token: 'Set it to the Bot User OAuth Token (OAuth & Permissions).',
  app_token: 'Set it to an App-Level Token with connections:write (Basic Information).',
  signing_secret: 'Set it to the Signing Secret (Basic Information).',
};

/** Secrets stand in the environment, never in a file that is committed. */
function fromEnvironment(what: keyof typeof WHERE, reference: string, environment: Environment): string {
  const name = referenceIn(reference);
  if (name === undefined)
    throw invalid(
      `\`${what}\` of the Slack account stands in plain sight.`,
      `Write the name of an environment variable: \${SLACK_${what.toUpperCase()}}`,
    );
  return secretOf(name, environment, WHERE[what]);
}

function invalid(message: string, hint = 'See channels/slack/README.md for all settings.'): ParleyError {
  return new ParleyError('slack.invalid_settings', message, { hint });
}
