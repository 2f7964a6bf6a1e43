import { z } from 'zod';
import { describeIssues, isRootAddress, ParleyError, referenceIn, secretOf } from '#channel';
import { CLOUDS } from './clouds.ts';
import { FILE_HOSTS, HOST, isAllowed, SERVICE_HOSTS } from './hosts.ts';

/** What `parley.yaml` says of a bot in Teams, read and checked. */
export interface TeamsSettings {
  /** The bot's Microsoft App ID: the audience of every token that opens the webhook. */
  readonly appId: string;
  /** The first that Microsoft takes signs us in: two while one is replaced by the other. Never logged. */
  readonly passwords: readonly string[];
  /** Only this organization may talk to the bot, and it vouches for it. Absent: a multi-tenant bot. */
  readonly tenant?: string;
  /** The connector of a conversation that has told us none since this process began. Ends in a slash. */
  readonly serviceUrl: string;
  readonly serviceHosts: readonly string[];
  readonly fileHosts: readonly string[];
  /** Hosts inside our own network whose files may be sent; the public ones need no mention. */
  readonly outsideHosts: readonly string[];
  /** Is she asked whether she wants a file in her OneDrive? Otherwise files are links. */
  readonly uploads: boolean;
  /** Of the tokens that open our door. */
  readonly issuer: string;
  /** The OpenID configuration that names the platform's keys. */
  readonly openid: string;
  /** Who gives us tokens; without a slash at its end. */
  readonly loginRoot: string;
  /** For what, and as whom. */
  readonly scope: string;
  readonly loginTenant: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The account in `parley.yaml`, word for word. */
const Account = z.strictObject({
  kind: z.literal('teams'),
  app_id: z.string().describe('The Microsoft App ID; may be an environment variable, written as in connectors.yaml.'),
  app_password: z
    .union([z.string(), z.array(z.string()).min(1).max(2)])
    .describe('The environment variable with a client secret; a list of two while it is being replaced.'),
  tenant: z.string().optional().describe('The tenant of a single-tenant bot, as Azure makes them by now.'),
  cloud: z
    .enum(['public', 'gcc', 'gcc_high', 'dod', 'china'])
    .default('public')
    .describe('Which of Microsoft’s clouds the tenant is in.'),
  service_url: z.string().optional().describe('The connector, where a conversation has told us no nearer one.'),
  service_hosts: hosts(SERVICE_HOSTS).describe('Hosts that may be connectors: our token goes to them.'),
  file_hosts: hosts(FILE_HOSTS).describe('Hosts that customers’ files may be fetched from.'),
  files: z
    .enum(['upload', 'link'])
    .default('upload')
    .describe('How files are sent in personal chats: into her OneDrive, if she agrees, or as links.'),
  outside_hosts: z
    .array(z.string().regex(/^[\w.-]+(?::\d{1,5})?$/, 'a host such as shop.internal or 127.0.0.1:4000'))
    .default([])
    .describe('Hosts of our own network from which files may be fetched to be sent.'),
  openid: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('The configuration that names the platform’s keys; another one for the simulator.'),
  login_root: z
    .string()
    .refine(isRootAddress, 'an http or https address without a path')
    .optional()
    .describe('Where our tokens come from; another one for the simulator.'),
});

function hosts(fallback: readonly string[]) {
  const host = z.string().regex(HOST, 'a host, such as smba.example or *.example');
  return z
    .array(host)
    .min(1)
    .default([...fallback]);
}

/** @throws `teams.invalid_settings`, `channel.missing_secret` */
export function readSettings(raw: unknown, environment: Environment): TeamsSettings {
  const read = Account.safeParse(raw);
  if (!read.success) throw invalid(`The Teams account in parley.yaml is not right: ${describeIssues(read.error)}.`);
  const given = read.data;
  const cloud = CLOUDS[given.cloud];
  const serviceUrl = (given.service_url ?? cloud.service).replace(/\/?$/, '/');
  if (!isAllowed(serviceUrl, given.service_hosts))
    throw invalid('`service_url` of the Teams account is no https address of one of its `service_hosts`.');
  const tenant = given.tenant === undefined ? undefined : lookedUp(given.tenant, environment);
  return {
    appId: guid('app_id', lookedUp(given.app_id, environment)),
    passwords: [given.app_password].flat().map((reference) => passwordOf(reference, environment)),
    ...(tenant === undefined ? {} : { tenant: guid('tenant', tenant) }),
    serviceUrl,
    serviceHosts: given.service_hosts,
    fileHosts: given.file_hosts,
    outsideHosts: given.outside_hosts,
    uploads: cloud.files && given.files === 'upload',
    issuer: cloud.issuer,
    openid: given.openid ?? cloud.openid,
    loginRoot: new URL(given.login_root ?? cloud.login).origin,
    scope: cloud.scope,
    loginTenant: cloud.tenant,
  };
}

function guid(what: string, text: string): string {
  if (!GUID.test(text)) throw invalid(`\`${what}\` of the Teams account is no GUID (00000000-0000-…).`);
  return text.toLowerCase();
}

/** Secrets stand in the environment, never in a file that is committed. */
function passwordOf(reference: string, environment: Environment): string {
  if (referenceIn(reference) === undefined)
    throw invalid(
      'The app password of the Teams account stands in plain sight.',
      `Write the name of an environment variable: \${TEAMS_APP_PASSWORD}`,
    );
  return lookedUp(reference, environment);
}

/** `${NAME}` is looked up; anything else stands for itself. */
function lookedUp(text: string, environment: Environment): string {
  const name = referenceIn(text);
  return name === undefined
    ? text
    : secretOf(name, environment, 'Its value is in the Azure portal, at the bot’s app registration.');
}

function invalid(message: string, hint = 'See channels/teams/README.md for all settings.'): ParleyError {
  return new ParleyError('teams.invalid_settings', message, { hint });
}
