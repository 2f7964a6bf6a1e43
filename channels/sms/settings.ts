import { z } from 'zod';
import { describeIssues, isRootAddress, isWeb, ParleyError, referenceIn, secretOf } from '#channel';

/** What `parley.yaml` says of a Twilio account, read and checked. */
export interface SmsSettings {
  readonly accountSid: string;
  /** Any of them opens the webhook: two while one is replaced by the other. Calls go out under the first. Never logged. */
  readonly authTokens: readonly string[];
  /** Who we write as: a number, or a pool of them that Twilio chooses from. */
  readonly sender: { readonly from: string } | { readonly messagingServiceSid: string };
  /** The webhook exactly as it stands in Twilio's console: it is what Twilio signs, whatever a proxy makes of it. */
  readonly webhook: string;
  readonly mms: boolean;
  /** Does Twilio answer STOP, START and HELP itself, as it does for every number unless its support has switched that off? */
  readonly twilioAnswers: boolean;
  readonly locale?: string;
  /** Without a slash at its end. */
  readonly apiRoot: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The account in `parley.yaml`, word for word. */
const Account = z
  .strictObject({
    kind: z.literal('sms'),
    account_sid: z.string().describe('AC…; may be an environment variable, written as in connectors.yaml.'),
    auth_token: z
      .union([z.string(), z.array(z.string()).min(1).max(2)])
      .describe('The environment variable with the auth token; a list of two while it is being replaced.'),
    from: z.string().optional().describe('The number we write from, such as +15550001111.'),
    messaging_service: z.string().optional().describe('MG…, in place of a number.'),
    webhook: z.string().describe('The address of POST /channels/<account>, exactly as in Twilio’s console.'),
    mms: z.boolean().default(false).describe('Can the number send pictures? Only to the United States and Canada.'),
    opt_out_replies: z
      .enum(['twilio', 'parley'])
      .default('twilio')
      .describe('Who answers STOP, START and HELP. Twilio does, unless its support has switched that off.'),
    locale: z.string().optional().describe('Language of a customer who has not shown hers.'),
    api_root: z
      .string()
      .refine(isRootAddress, 'an http or https address without a path')
      .default('https://api.twilio.com')
      .describe('Another host of the API, such as the simulator.'),
  })
  .refine(({ from, messaging_service: service }) => (from === undefined) !== (service === undefined), {
    message: 'needs either `from` or `messaging_service`',
  });

/** @throws `sms.invalid_settings`, `channel.missing_secret` */
export function readSettings(raw: unknown, environment: Environment): SmsSettings {
  const read = Account.safeParse(raw);
  if (!read.success) throw invalid(`The SMS account in parley.yaml is not right: ${describeIssues(read.error)}.`);
  const given = read.data;
  const value = (text: string) => fromEnvironment(text, environment);
  const tokens = [given.auth_token].flat().map((reference) => {
    if (referenceIn(reference) === undefined)
      throw invalid(
        'The auth token of the SMS account stands in plain sight.',
        `Write the name of an environment variable: \${TWILIO_AUTH_TOKEN}`,
      );
    return value(reference);
  });
  return {
    accountSid: checked('account_sid', value(given.account_sid), /^AC[0-9a-f]{32}$/i, 'AC and 32 hexadecimal digits'),
    authTokens: tokens,
    sender: senderOf(given, value),
    webhook: addressOf(value(given.webhook)),
    mms: given.mms,
    twilioAnswers: given.opt_out_replies === 'twilio',
    ...(given.locale === undefined ? {} : { locale: given.locale }),
    apiRoot: new URL(given.api_root).origin,
  };
}

function senderOf(given: z.infer<typeof Account>, value: (text: string) => string): SmsSettings['sender'] {
  if (given.from !== undefined)
    return { from: checked('from', value(given.from), /^(?:\+\d{7,15}|\d{3,8})$/, 'a number such as +15550001111') };
  const sid = value(given.messaging_service ?? '');
  return {
    messagingServiceSid: checked('messaging_service', sid, /^MG[0-9a-f]{32}$/i, 'MG and 32 hexadecimal digits'),
  };
}

function addressOf(text: string): string {
  if (!isWeb(text) || /[#?]/.test(text))
    throw invalid('`webhook` of the SMS account is no web address without ? and #.');
  return text;
}

function checked(what: string, text: string, pattern: RegExp, wanted: string): string {
  if (!pattern.test(text)) throw invalid(`\`${what}\` of the SMS account must be ${wanted}.`);
  return text;
}

/** `${NAME}` is looked up; anything else stands for itself. */
function fromEnvironment(text: string, environment: Environment): string {
  const name = referenceIn(text);
  return name === undefined
    ? text
    : secretOf(name, environment, 'Its value is on the first page of Twilio’s console (console.twilio.com).');
}

function invalid(message: string, hint = 'See channels/sms/README.md for all settings.'): ParleyError {
  return new ParleyError('sms.invalid_settings', message, { hint });
}
