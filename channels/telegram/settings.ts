import { z } from 'zod';
import { describeIssues, isRootAddress, ParleyError, referenceIn, secretOf } from '#channel';

/** What `parley.yaml` says of a Telegram account, read and checked. */
export interface TelegramSettings {
  /** As BotFather gave it: `123456:ABC…`. Never logged. */
  readonly token: string;
  /** The bot's own user id, which its token begins with. */
  readonly botId: number;
  /** Without `@`: how members of a group address it. */
  readonly username?: string;
  readonly receive: 'webhook' | 'polling';
  /** Any of them opens the webhook: two while one is replaced by the other. */
  readonly secrets: readonly string[];
  /** Without a slash at its end. */
  readonly apiRoot: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Shorter secrets can be guessed; Telegram itself takes 1–256 of these characters. */
const SECRET = /^[A-Za-z0-9_-]{24,256}$/;
const TOKEN = /^(\d{1,16}):[A-Za-z0-9_-]{8,128}$/;

/** The account in `parley.yaml`, word for word. */
const Account = z.strictObject({
  kind: z.literal('telegram'),
  token: z.string().describe("The environment variable with BotFather's token, written as in connectors.yaml."),
  secret: z
    .union([z.string(), z.array(z.string()).min(1).max(2)])
    .optional()
    .describe('The webhook’s secret token, written likewise; a list of two while it is being replaced.'),
  receive: z.enum(['webhook', 'polling']).default('webhook').describe('Telegram calls us, or we ask it.'),
  username: z
    .string()
    .regex(/^@?\w{5,32}$/, 'the name of the bot, such as my_shop_bot')
    .optional()
    .describe('How members of a group address the bot; without it, only by replying to it.'),
  api_root: z
    .string()
    .refine(isRootAddress, 'an http or https address without a path')
    .default('https://api.telegram.org')
    .describe('Another Bot API server, such as the simulator.'),
});

/** @throws `telegram.invalid_settings`, `channel.missing_secret`, `telegram.weak_secret` */
export function readSettings(raw: unknown, environment: Environment): TelegramSettings {
  const read = Account.safeParse(raw);
  if (!read.success) throw invalid(`The Telegram account in parley.yaml is not right: ${describeIssues(read.error)}.`);
  const { receive, username, api_root: apiRoot } = read.data;
  const token = fromEnvironment('token', read.data.token, environment);
  const [, id] = TOKEN.exec(token) ?? [];
  if (id === undefined) throw invalid(`${read.data.token} does not hold a token of BotFather's (123456:ABC…).`);
  return {
    token,
    botId: Number(id),
    ...(username === undefined ? {} : { username: username.replace('@', '') }),
    receive,
    // Who asks is not called, so polling has no door that a secret would shut.
    secrets: receive === 'polling' ? [] : readSecrets(read.data.secret, environment),
    apiRoot: new URL(apiRoot).origin,
  };
}

function readSecrets(given: string | readonly string[] | undefined, environment: Environment): readonly string[] {
  if (given === undefined)
    throw new ParleyError('channel.missing_secret', 'The Telegram account has no secret: anybody could write to it.', {
      hint: `Set TELEGRAM_SECRET (openssl rand -hex 32), write secret: \${TELEGRAM_SECRET} into parley.yaml, and give it to setWebhook.`,
    });
  return [given].flat().map((reference) => {
    const secret = fromEnvironment('secret', reference, environment);
    if (!SECRET.test(secret))
      throw new ParleyError(
        'telegram.weak_secret',
        `The secret in ${reference} is too short, or Telegram cannot carry it.`,
        {
          hint: 'It is 24 to 256 of A–Z a–z 0–9 _ -. Make a new one: openssl rand -hex 32',
        },
      );
    return secret;
  });
}

/** Secrets stand in the environment, never in a file that is committed. */
function fromEnvironment(what: string, reference: string, environment: Environment): string {
  const name = referenceIn(reference);
  if (name === undefined)
    throw invalid(
      `\`${what}\` of the Telegram account stands in plain sight.`,
      `Write the name of an environment variable: \${TELEGRAM_${what.toUpperCase()}}`,
    );
  return secretOf(
    name,
    environment,
    what === 'token'
      ? 'Set it to the token that @BotFather gave you.'
      : 'Set it to the secret_token that setWebhook was given.',
  );
}

function invalid(message: string, hint = 'See channels/telegram/README.md for all settings.'): ParleyError {
  return new ParleyError('telegram.invalid_settings', message, { hint });
}
