import { z } from 'zod';
import { ParleyError } from '#channel';

/** What `parley.yaml` says of a web account, read and checked. The server's door is its reader, and says what it must be. */
export type WebSettings = ReturnType<typeof readSettings>;

const MEBIBYTE = 1024 * 1024;
/** Bytes of an HS256 secret: shorter than its hash, it can be guessed (RFC 7518 §3.2). */
const SECRET_BYTES = 32;

const Origin = z.string().refine(isOrigin, 'must be an origin such as https://shop.example, without a path');
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
  kind: z.literal('web'),
  origins: z.array(Origin).default([]).describe('Sites that embed the chat; its own origin always may.'),
  identity: z
    .strictObject({
      secret: z.string().optional().describe('For HS256: an environment variable, written as in connectors.yaml.'),
      jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) }).optional(),
      jwks_url: z.string().refine(isKeyAddress, 'must be an https address').optional(),
      issuer: z.string().min(1).optional(),
      audience: z.string().min(1).optional(),
    })
    .optional()
    .describe(
      'How the business proves who a visitor is: a short-lived JWT, signed with `secret` or a key of the JWKS.',
    ),
  limits: z
    .strictObject({ visitor: rate(20, 60), network: rate(600, 3000), sessions: rate(30, 60) })
    .prefault({})
    .describe('Of one visitor, of one IP address, and of new conversations from one IP address.'),
  proxies: z.int().min(0).max(5).default(0).describe('Reverse proxies in front whose X-Forwarded-For is believed.'),
  files: z
    .strictObject({
      megabytes: z.number().positive().max(10).default(10).describe('Of one file.'),
      megabytes_per_conversation: z.number().positive().max(1000).default(50),
    })
    .prefault({}),
});

/** @throws `web.invalid_settings`, `web.missing_secret`, `web.weak_secret` */
export function readSettings(raw: unknown, environment: Readonly<Record<string, string | undefined>>) {
  const read = Account.safeParse(raw);
  if (!read.success)
    throw new ParleyError(
      'web.invalid_settings',
      `The web account in parley.yaml is not right: ${describe(read.error)}.`,
      {
        hint: 'See channels/web/README.md for all settings.',
      },
    );
  const { origins, identity, limits, proxies, files } = read.data;
  return {
    origins,
    ...(identity === undefined ? {} : { identity: readIdentity(identity, environment) }),
    limits,
    proxies,
    files: {
      size: Math.floor(files.megabytes * MEBIBYTE),
      total: Math.floor(files.megabytes_per_conversation * MEBIBYTE),
    },
  };
}

type GivenIdentity = NonNullable<z.infer<typeof Account>['identity']>;

function readIdentity(
  { secret, jwks, jwks_url: url, issuer, audience }: GivenIdentity,
  environment: Readonly<Record<string, string | undefined>>,
) {
  const keys = [
    ...(secret === undefined ? [] : [{ kind: 'secret', secret: fromEnvironment(secret, environment) } as const]),
    ...(jwks === undefined ? [] : [{ kind: 'jwks', jwks } as const]),
    ...(url === undefined ? [] : [{ kind: 'jwks_url', url } as const]),
  ];
  const [first, second] = keys;
  if (first === undefined || second !== undefined)
    throw new ParleyError('web.invalid_settings', '`identity` of the web account needs one source of keys.', {
      hint: 'Give exactly one of secret, jwks and jwks_url.',
    });
  return {
    keys: first,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
}

/** A secret stands in the environment, never in a file that is committed. */
function fromEnvironment(reference: string, environment: Readonly<Record<string, string | undefined>>): string {
  const name = /^\$\{([A-Za-z_]\w*)\}$/.exec(reference)?.[1];
  if (name === undefined)
    throw new ParleyError('web.invalid_settings', '`identity.secret` holds a secret in plain sight.', {
      hint: `Put it into an environment variable and write ${'$'}{PARLEY_IDENTITY_SECRET}.`,
    });
  const secret = environment[name];
  if (secret === undefined || secret === '')
    throw new ParleyError('web.missing_secret', `The environment variable ${name} is not set.`, {
      hint: 'Set it to the secret that the business signs identities with.',
    });
  if (Buffer.byteLength(secret) < SECRET_BYTES)
    throw new ParleyError('web.weak_secret', `The secret in ${name} is shorter than ${SECRET_BYTES} bytes.`, {
      hint: 'Make a new one: openssl rand -base64 32',
    });
  return secret;
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

/** Keys that come over an open line can be exchanged on the way; the machine itself is no line. */
function isKeyAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname));
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the account'}: ${issue.message}`).join('; ');
}
