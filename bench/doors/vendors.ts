/**
 * What the vendors' own libraries do with the same call, before a bot of theirs hears of it. Where there is none that takes a call as a
 * whole, what it offers for it, and Parley's reader of XML.
 */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { readXml } from '../../channels/tencent/xml.ts';
import type { RawRequest } from '../../src/channel.ts';
import type { Captured } from './capture.ts';

export interface Vendor {
  readonly name: string;
  /** Takes the call once. */
  readonly take: () => unknown;
}

/** Loaded one by one: each is some megabytes of modules. */
export const VENDORS: Readonly<Record<string, (captured: Captured) => Promise<Vendor>>> = {
  async sms({ request, opened }) {
    const { default: twilio } = await import('twilio');
    const { PLAYGROUND_SMS_TOKEN: token = '' } = opened.environment;
    const { 'x-twilio-signature': signature = '' } = request.headers;
    const take = () => {
      const form = Object.fromEntries(new URLSearchParams(textOf(request)));
      return sure(twilio.validateRequest(token, signature, request.url.href, form));
    };
    return { name: 'twilio.validateRequest', take };
  },

  async slack({ request, opened }) {
    const { HTTPModuleFunctions } = await import('@slack/bolt');
    const { PLAYGROUND_SLACK_SECRET: signingSecret = '' } = opened.environment;
    const take = async () => {
      const call = await HTTPModuleFunctions.parseAndVerifyHTTPRequest({ signingSecret }, incoming(request) as never);
      return HTTPModuleFunctions.parseHTTPRequestBody(call);
    };
    return { name: 'Bolt HTTPReceiver', take };
  },

  async telegram({ request, opened }) {
    const { Telegraf } = await import('telegraf');
    const { PLAYGROUND_TELEGRAM_TOKEN: token = '', PLAYGROUND_TELEGRAM_SECRET: secretToken = '' } = opened.environment;
    const bot = new Telegraf(token);
    // Else it asks Telegram who it is before its first update.
    Object.assign(bot, { botInfo: { id: 1, is_bot: true, first_name: 'Bot', username: 'bot' } });
    bot.on('message', () => undefined);
    const handle = bot.webhookCallback(request.url.pathname, { secretToken });
    const take = () =>
      new Promise<void>((resolve, reject) => {
        const response = {
          statusCode: 200,
          writableEnded: false,
          setHeader: () => undefined,
          end() {
            this.writableEnded = true;
            if (this.statusCode === 200) resolve();
            else reject(new Error(`HTTP ${this.statusCode}`));
          },
        };
        void handle(incoming(request) as never, response as never);
      });
    return { name: 'telegraf webhookCallback', take };
  },

  async teams({ request, opened }) {
    const { vendorsDoor } = await import('../../tests/channels/teams/bot.ts');
    const { app_id: app, openid } = opened.account;
    const door = vendorsDoor(String(app), String(openid), async () => 'never asked for');
    const take = async () =>
      door.authenticateRequest(JSON.parse(textOf(request)) as never, request.headers.authorization ?? '');
    return { name: 'botbuilder authentication', take };
  },

  async wechat({ request, opened }) {
    const Crypt = createRequire(import.meta.url)('wechat-crypto') as new (
      ...of: string[]
    ) => {
      getSignature(timestamp: string, nonce: string, ciphertext: string): string;
      decrypt(ciphertext: string): { message: string };
    };
    const { PLAYGROUND_WECHAT_TOKEN: token = '', PLAYGROUND_WECHAT_AES_KEY: key = '' } = opened.environment;
    const crypt = new Crypt(token, key, String(opened.account.app_id));
    const take = () => {
      const { timestamp, nonce, signature, ciphertext } = sealedIn(request);
      sure(crypt.getSignature(timestamp, nonce, ciphertext) === signature);
      return readXml(Buffer.from(crypt.decrypt(ciphertext).message));
    };
    return { name: 'wechat-crypto', take };
  },

  async wecom({ request, opened }) {
    const { decrypt, getSignature } = await import('@wecom/crypto');
    const { PLAYGROUND_WECOM_TOKEN: token = '', PLAYGROUND_WECOM_AES_KEY: key = '' } = opened.environment;
    const take = () => {
      const { timestamp, nonce, signature, ciphertext } = sealedIn(request);
      sure(getSignature(token, timestamp, nonce, ciphertext) === signature);
      return readXml(Buffer.from(decrypt(key, ciphertext).message));
    };
    return { name: '@wecom/crypto', take };
  },
};

function sealedIn(request: RawRequest) {
  const query = request.url.searchParams;
  const of = (name: string) => query.get(name) ?? '';
  return {
    ...{ timestamp: of('timestamp'), nonce: of('nonce'), signature: of('msg_signature') },
    ciphertext: String(readXml(request.body).Encrypt),
  };
}

function incoming({ method, url, headers, body }: RawRequest): Readable {
  return Object.assign(Readable.from([Buffer.from(body)], { objectMode: false }), {
    method,
    url: url.pathname + url.search,
    headers,
  });
}

function textOf({ body }: RawRequest): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

/** A library that says no would be measured saying no. */
function sure(taken: boolean): boolean {
  if (!taken) throw new Error('It was not taken.');
  return taken;
}
