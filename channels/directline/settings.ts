import { z } from 'zod';
import { describeIssues, ParleyError, referenceIn, secretOf } from '#channel';

/** What `parley.yaml` says of a Direct Line account, read and checked; the server's door is its reader. */
export interface DirectlineSettings {
  /** The first signs tokens; either is taken while one replaces the other. Never logged. */
  readonly secrets: readonly string[];
  readonly origins: readonly string[];
  /** Seconds. */
  readonly tokenLife: number;
  readonly verifiedUsers: boolean;
  readonly limits: { readonly visitor: Rate; readonly network: Rate; readonly sessions: Rate };
}

interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Bytes: tokens are signed under a key made of it, and a shorter one can be guessed (RFC 7518 §3.2). */
const SECRET_BYTES = 32;

const rate = (burst: number, perMinute: number) =>
  z
    .strictObject({
      burst: z.int().min(1).default(burst).describe('How many at once after a silence.'),
      per_minute: z.number().positive().default(perMinute).describe('How many a minute in the long run.'),
    })
    .prefault({})
    .transform((given) => ({ burst: given.burst, perMinute: given.per_minute }));

/** The account in `parley.yaml`, word for word. */
const Account = z.strictObject({
  kind: z.literal('directline'),
  secret: z
    .union([z.string(), z.array(z.string()).min(1).max(2)])
    .describe('The environment variable with the secret; a list of two while one replaces the other.'),
  origins: z
    .array(z.string().refine(isOrigin, 'must be an origin such as https://shop.example, without a path'))
    .default([])
    .describe('Sites whose pages may talk to this account; its own origin always may.'),
  token_minutes: z.int().min(1).max(1440).default(30).describe('How long a token is good; clients refresh it before.'),
  verified_users: z
    .boolean()
    .default(false)
    .describe('A user id dl_cus_0042 in a token that your server had generated is your customer cus_0042, verified.'),
  limits: z
    .strictObject({ visitor: rate(20, 60), network: rate(600, 3000), sessions: rate(30, 60) })
    .prefault({})
    .describe('Of one conversation, of one IP address, and of new conversations from one IP address; by token only.'),
});

/** @throws `directline.invalid_settings`, `channel.missing_secret`, `directline.weak_secret` */
export function readSettings(raw: unknown, environment: Environment): DirectlineSettings {
  const read = Account.safeParse(raw);
  if (!read.success)
    throw invalid(`The Direct Line account in parley.yaml is not right: ${describeIssues(read.error)}.`);
  const { secret, origins, token_minutes: minutes, verified_users: verifiedUsers, limits } = read.data;
  return {
    secrets: [secret].flat().map((reference) => readSecret(reference, environment)),
    origins,
    tokenLife: minutes * 60,
    verifiedUsers,
    limits,
  };
}

/** Secrets stand in the environment, never in a file that is committed. */
function readSecret(reference: string, environment: Environment): string {
  const name = referenceIn(reference);
  if (name === undefined)
    throw invalid(
      'The secret of the Direct Line account stands in plain sight.',
      `Write the name of an environment variable: ${'$'}{DIRECTLINE_SECRET}`,
    );
  const secret = secretOf(name, environment, 'Make one: openssl rand -hex 32');
  if (Buffer.byteLength(secret) < SECRET_BYTES)
    throw new ParleyError('directline.weak_secret', `The secret in ${name} is shorter than ${SECRET_BYTES} bytes.`, {
      hint: 'Make a new one: openssl rand -hex 32',
    });
  if (!/^[\x21-\x7e]+$/.test(secret))
    throw new ParleyError('directline.weak_secret', `The secret in ${name} cannot be sent in a header.`, {
      hint: 'It has letters, digits and signs of ASCII, and no spaces. Make a new one: openssl rand -hex 32',
    });
  return secret;
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

function invalid(message: string, hint = 'See channels/directline/README.md for all settings.'): ParleyError {
  return new ParleyError('directline.invalid_settings', message, { hint });
}
