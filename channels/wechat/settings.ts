import { z } from 'zod';
import { describeIssues, isRootAddress, ParleyError, referenceIn, secretOf } from '#channel';
import { keyOf } from '../tencent/crypto.ts';
import type { EnvelopeSecrets } from '../tencent/envelope.ts';

/** What `parley.yaml` says of an Official Account, read and checked. */
export interface WechatSettings {
  readonly appId: string;
  /** `gh_…`: who a passive reply comes from. */
  readonly originalId: string;
  readonly appSecret: string;
  /** The secrets of the webhook: two of each while one is replaced by the other. Never logged. */
  readonly secrets: EnvelopeSecrets;
  /** Takes webhooks whose body nobody has signed: only where the operator has said that it is insecure. */
  readonly plaintext: boolean;
  /** How choices are offered. */
  readonly menus: 'native' | 'links' | 'numbers';
  /** What a key of the custom menu says, as if she had written it. */
  readonly menu: Readonly<Record<string, string>>;
  /** Words, and keys of the menu, that ask for people in WeChat's own customer service; in small letters. */
  readonly people: ReadonlySet<string>;
  readonly templates: Readonly<Record<string, Template>>;
  /** Of a customer who has not shown hers. */
  readonly locale: string;
  /** Without a slash at its end. */
  readonly apiRoot: string;
  /** Where codes to scan are shown; likewise. */
  readonly qrRoot: string;
}

/** A template message: its id at the platform, and what stands in which of its fields. */
export interface Template {
  readonly id: string;
  /** `text`, `title`, or the name of one of the card's fields. */
  readonly data: Readonly<Record<string, string>>;
}

const API = 'https://api.weixin.qq.com';

type Environment = Readonly<Record<string, string | undefined>>;

const Secrets = z.union([z.string(), z.array(z.string()).min(1).max(2)]);

/** The account in `parley.yaml`, word for word. */
const Account = z
  .strictObject({
    kind: z.literal('wechat'),
    app_id: z.string().describe('wx…; may be an environment variable, written as in connectors.yaml.'),
    original_id: z.string().describe('gh_…: 原始ID.'),
    app_secret: z.string().describe('The environment variable with the AppSecret (开发者密码).'),
    token: Secrets.describe(
      'The environment variable with the Token (令牌); a list of two while it is being replaced.',
    ),
    aes_key: Secrets.optional().describe(
      'The environment variable with the EncodingAESKey (消息加解密密钥); a list of two while it is being replaced.',
    ),
    insecure: z
      .literal('plaintext')
      .optional()
      .describe('Takes webhooks in 明文模式, whose body is not signed: anybody who has seen one can write as anybody.'),
    menus: z
      .enum(['native', 'links', 'numbers'])
      .default('native')
      .describe('How choices are offered: as a menu (certified accounts), as links in the text, or as numbers.'),
    menu: z.record(z.string(), z.string()).default({}).describe('What a key of the custom menu (自定义菜单) says.'),
    people: z
      .array(z.string().trim().min(1).max(64))
      .default([])
      .describe(
        'Words, and keys of the custom menu, that ask for your people in WeChat’s own customer service (客服功能).',
      ),
    templates: z
      .record(
        z.string(),
        z.strictObject({ id: z.string().min(1), data: z.record(z.string(), z.string().min(1)).default({}) }),
      )
      .default({})
      .describe('Template messages (模板消息), by the names that flows use.'),
    locale: z.string().default('zh').describe('Language of a customer who has not shown hers.'),
    api_root: z
      .string()
      .refine(isRootAddress, 'an http or https address without a path')
      .default(API)
      .describe('Another host of the API, such as the simulator.'),
  })
  .refine(({ aes_key: key, insecure }) => key !== undefined || insecure !== undefined, {
    message: 'needs `aes_key`: choose 安全模式 at the platform',
  });

/** @throws `wechat.invalid_settings`, `channel.missing_secret` */
export function readSettings(raw: unknown, environment: Environment): WechatSettings {
  const read = Account.safeParse(raw);
  if (!read.success) throw invalid(`The WeChat account in parley.yaml is not right: ${describeIssues(read.error)}.`);
  const given = read.data;
  const appId = checked('app_id', open(given.app_id, environment), /^wx[0-9a-f]{16}$/, 'wx and 16 hexadecimal digits');
  return {
    appId,
    originalId: checked('original_id', open(given.original_id, environment), /^gh_\w{1,32}$/, 'gh_ and letters'),
    appSecret: hidden('app_secret', given.app_secret, environment),
    secrets: {
      tokens: [given.token].flat().map((each) => tokenIn(hidden('token', each, environment))),
      aesKeys: [given.aes_key ?? []].flat().map((each) => aesKeyIn(hidden('aes_key', each, environment))),
      receiverId: appId,
    },
    plaintext: given.insecure === 'plaintext',
    menus: given.menus,
    menu: given.menu,
    people: new Set(given.people.map((word) => word.toLowerCase())),
    templates: given.templates,
    locale: given.locale,
    apiRoot: new URL(given.api_root).origin,
    qrRoot: given.api_root === API ? 'https://mp.weixin.qq.com' : new URL(given.api_root).origin,
  };
}

/** What the platform takes for a token: 3 to 32 letters and digits. */
function tokenIn(text: string): string {
  return checked('token', text, /^[A-Za-z0-9]{3,32}$/, '3 to 32 letters and digits');
}

function aesKeyIn(text: string): string {
  try {
    keyOf(text);
    return text;
  } catch (cause) {
    throw invalid('`aes_key` of the WeChat account must be 43 letters and digits.', undefined, cause);
  }
}

function checked(what: string, text: string, pattern: RegExp, wanted: string): string {
  if (!pattern.test(text)) throw invalid(`\`${what}\` of the WeChat account must be ${wanted}.`);
  return text;
}

/** `${NAME}` is looked up; anything else stands for itself. */
function open(text: string, environment: Environment): string {
  const name = referenceIn(text);
  return name === undefined ? text : secretOf(name, environment, WHERE);
}

/** Secrets stand in the environment, never in a file that is committed. */
function hidden(what: string, reference: string, environment: Environment): string {
  const name = referenceIn(reference);
  if (name === undefined)
    throw invalid(
      `\`${what}\` of the WeChat account stands in plain sight.`,
      `Write the name of an environment variable: \${WECHAT_${what.toUpperCase()}}`,
    );
  return secretOf(name, environment, WHERE);
}

const WHERE = 'Its value is at mp.weixin.qq.com, 设置与开发 → 开发接口管理 → 基本配置.';

function invalid(message: string, hint = 'See channels/wechat/README.md for all settings.', cause?: unknown) {
  return new ParleyError('wechat.invalid_settings', message, { hint, cause });
}
