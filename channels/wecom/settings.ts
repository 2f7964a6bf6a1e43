import { z } from 'zod';
import { describeIssues, isRootAddress, ParleyError, referenceIn, secretOf } from '#channel';
import type { EnvelopeSecrets } from '../tencent/envelope.ts';

/** What `parley.yaml` says of a WeCom customer service (微信客服), read and checked. */
export interface WecomSettings {
  /** 企业 ID: `ww…`. */
  readonly corpId: string;
  /** Of the app that may call the customer service's API. Never logged. */
  readonly secret: string;
  /** Of the callback: tokens and keys, two of each while one is replaced by the other. */
  readonly callback: EnvelopeSecrets;
  /** The customer service accounts (`wk…`) that this bot serves; empty: whichever the callback names. */
  readonly serves: readonly string[];
  /** `https://work.weixin.qq.com/kf…`: opens the customer service in WeChat, with a scene. */
  readonly link?: string;
  /** Hosts inside our own network whose pictures and files may be sent; the public ones need no mention. */
  readonly fileHosts: readonly string[];
  /** Language of a customer who has not shown hers: WeCom tells nothing of it. */
  readonly locale: string;
  /** Without a slash at its end. */
  readonly apiRoot: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const secret = z.union([z.string(), z.array(z.string()).min(1).max(2)]);

/** The account in `parley.yaml`, word for word. */
const Account = z.strictObject({
  kind: z.literal('wecom'),
  corp_id: z.string().describe('企业 ID, ww…; may be an environment variable, written as in connectors.yaml.'),
  secret: z.string().describe('The environment variable with the secret of the app that manages the customer service.'),
  token: secret.describe(
    'The environment variable with the Token of the callback; a list of two while it is replaced.',
  ),
  aes_key: secret.describe('The environment variable with the EncodingAESKey of the callback, likewise.'),
  open_kfid: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe(
      'The customer service account that the bot serves, wk…, or a list; default: all that the app may manage.',
    ),
  link: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('The customer service’s link, with a scene (客服链接): takes a conversation here from another app.'),
  file_hosts: z
    .array(z.string().regex(/^[\w.-]+(?::\d{1,5})?$/, 'a host such as shop.internal or 127.0.0.1:4000'))
    .default([])
    .describe('Hosts of our own network from which pictures and files may be fetched to be sent.'),
  locale: z.string().min(2).default('zh').describe('Language of a customer who has not shown hers.'),
  api_root: z
    .string()
    .refine(isRootAddress, 'an http or https address without a path')
    .default('https://qyapi.weixin.qq.com')
    .describe('Another host of the API, such as the simulator.'),
});

/** @throws `wecom.invalid_settings`, `channel.missing_secret` */
export function readSettings(raw: unknown, environment: Environment): WecomSettings {
  const read = Account.safeParse(raw);
  if (!read.success) throw invalid(`The WeCom account in parley.yaml is not right: ${describeIssues(read.error)}.`);
  const given = read.data;
  const corpId = checked('corp_id', plainOrNamed(given.corp_id, environment), /^[\w-]{8,64}$/, 'the corp id, ww…');
  const hidden = (what: 'token' | 'aes_key', pattern: RegExp, wanted: string) =>
    [given[what]].flat().map((name) => checked(what, fromEnvironment(what, name, environment), pattern, wanted));
  return {
    corpId,
    secret: fromEnvironment('secret', given.secret, environment),
    callback: {
      receiverId: corpId,
      tokens: hidden('token', /^[A-Za-z0-9]{3,32}$/, '3 to 32 letters and digits'),
      aesKeys: hidden('aes_key', /^[A-Za-z0-9+/]{43}$/, '43 letters and digits'),
    },
    serves: [given.open_kfid ?? []].flat().map((id) => checked('open_kfid', id, /^[\w-]{8,64}$/, 'wk…')),
    ...(given.link === undefined ? {} : { link: given.link }),
    fileHosts: given.file_hosts,
    locale: given.locale,
    apiRoot: new URL(given.api_root).origin,
  };
}

/** What is no secret may stand in the file itself. */
function plainOrNamed(text: string, environment: Environment): string {
  const name = referenceIn(text);
  return name === undefined ? text : secretOf(name, environment, HINTS.corp_id);
}

/** Secrets stand in the environment, never in a file that is committed. */
function fromEnvironment(what: 'secret' | 'token' | 'aes_key', reference: string, environment: Environment): string {
  const name = referenceIn(reference);
  if (name === undefined)
    throw invalid(
      `\`${what}\` of the WeCom account stands in plain sight.`,
      `Write the name of an environment variable: \${WECOM_${what.toUpperCase()}}`,
    );
  return secretOf(name, environment, HINTS[what]);
}

const HINTS = {
  corp_id: 'It stands at the foot of 我的企业 in the admin console (work.weixin.qq.com).',
  secret: 'It stands on the page of the app that is allowed to call 微信客服, under 应用管理.',
  token: 'It stands with the address of the callback, under 接收消息 of the app.',
  aes_key: 'It stands with the address of the callback, under 接收消息 of the app.',
};

function checked(what: string, text: string, pattern: RegExp, wanted: string): string {
  if (!pattern.test(text)) throw invalid(`\`${what}\` of the WeCom account must be ${wanted}.`);
  return text;
}

function invalid(message: string, hint = 'See channels/wecom/README.md for all settings.'): ParleyError {
  return new ParleyError('wecom.invalid_settings', message, { hint });
}
