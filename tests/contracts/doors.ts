import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encrypt, getSignature } from '@wecom/crypto';
import twilio from 'twilio';
import type { RawRequest } from '../../src/channel.ts';
import * as slack from '../channels/slack/account.ts';
import * as sms from '../channels/sms/account.ts';
import * as teams from '../channels/teams/account.ts';
import * as telegram from '../channels/telegram/account.ts';
import * as wechat from '../channels/wechat/account.ts';
import * as wecom from '../channels/wecom/account.ts';
import { PlatformKeys } from './platform-keys.ts';

/** How a platform calls us, and what stands for the proof that it is the platform. */
export interface Door {
  /** What it sends, by the names of the samples: bodies before anything is signed. */
  readonly samples: ReadonlyMap<string, string>;
  /** Our account there. `secrets` are in force, the newest first. */
  account(secrets: readonly string[]): unknown;
  /** A body as the platform posts it, proved by a secret at an instant (epoch milliseconds). */
  call(body: string, secret: string, at: number): RawRequest | Promise<RawRequest>;
  /** Where the proof stands. */
  readonly proof: { readonly header: string } | { readonly parameter: string };
  /** Is the proof of a moment? */
  readonly timed: boolean;
  /** What the proof is of: every byte of the body, what the body says, or the caller alone. */
  readonly of: 'bytes' | 'words' | 'caller';
  /** A customer's message, as a body; absent where a call only says that there is one. */
  says?(text: string, id: number): string;
  open?(): Promise<void>;
  close?(): void;
}

const post = (kind: string, body: string, headers: Record<string, string>, query = ''): RawRequest => ({
  method: 'POST',
  url: new URL(`https://bot.example/channels/${kind}${query}`),
  headers,
  body: new TextEncoder().encode(body),
});

const json = { 'content-type': 'application/json; charset=utf-8' };
const form = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };

/** Settings that name secrets of the environment, and that environment. */
function inForce(secrets: readonly string[]): [references: string[], environment: Record<string, string>] {
  const names = secrets.map((_, index) => `SECRET_${index}`);
  return [names.map(sms.reference), Object.fromEntries(names.map((name, index) => [name, secrets[index] ?? '']))];
}

const keys = new PlatformKeys();
const text = (kind: string, name: string) => samplesOf(kind).get(name) ?? '';
const changed = (kind: string, name: string, change: (body: Record<string, object>) => object) =>
  JSON.stringify(change(JSON.parse(text(kind, name))));

/** Every platform that calls us: a ninth one is ten lines here. */
export const DOORS: Readonly<Record<string, Door>> = {
  sms: {
    samples: samplesOf('sms'),
    account(secrets) {
      const [auth_token, environment] = inForce(secrets);
      return sms.account({ auth_token }, environment);
    },
    call(body, secret) {
      const signature = twilio.getExpectedTwilioSignature(
        secret,
        sms.WEBHOOK,
        Object.fromEntries(new URLSearchParams(body)),
      );
      return post('sms', body, { ...form, 'x-twilio-signature': signature });
    },
    proof: { header: 'x-twilio-signature' },
    timed: false,
    of: 'words',
    says(words, id) {
      const said = new URLSearchParams(text('sms', 'inbound-sms'));
      said.set('Body', words);
      said.set('MessageSid', `SM${String(id).padStart(32, '0')}`);
      return said.toString();
    },
  },

  telegram: {
    samples: samplesOf('telegram'),
    account(secrets) {
      const [secret, environment] = inForce(secrets);
      return telegram.account({ secret }, environment);
    },
    call: (body, secret) => post('telegram', body, { ...json, 'x-telegram-bot-api-secret-token': secret }),
    proof: { header: 'x-telegram-bot-api-secret-token' },
    timed: false,
    of: 'caller',
    says: (words, id) =>
      changed('telegram', 'text', (body) => ({
        ...body,
        update_id: id,
        message: { ...body.message, text: words, entities: [] },
      })),
  },

  slack: {
    samples: samplesOf('slack'),
    account(secrets) {
      const [signing_secret, environment] = inForce(secrets);
      return slack.account({ signing_secret }, environment);
    },
    call(body, secret, at) {
      const isEvent = JSON.parse(body).type === 'event_callback';
      const sent = isEvent ? body : new URLSearchParams({ payload: body }).toString();
      const timestamp = String(Math.floor(at / 1000));
      const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${sent}`).digest('hex')}`;
      const proof = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
      return post('slack', sent, { ...(isEvent ? json : form), ...proof });
    },
    proof: { header: 'x-slack-signature' },
    timed: true,
    of: 'bytes',
    says: (words, id) =>
      changed('slack', 'direct', (body) => ({
        ...body,
        event_id: `Ev${id}`,
        event: { ...body.event, text: words, ts: `1763717400.${id}` },
      })),
  },

  teams: {
    samples: samplesOf('teams'),
    account: (secrets) => teams.account({ openid: keys.openidOf(secrets) }),
    async call(body, secret, at) {
      const { serviceUrl: serviceurl } = JSON.parse(body) as { serviceUrl: string };
      const claims = { serviceurl, iss: 'https://api.botframework.com', aud: teams.APP_ID };
      return post('teams', body, { ...json, authorization: `Bearer ${await keys.sign(claims, secret, at)}` });
    },
    proof: { header: 'authorization' },
    timed: true,
    of: 'caller',
    says: (words, id) =>
      changed('teams', 'text', (body) => ({ ...body, id: String(id), text: words, attachments: [] })),
    open: () => keys.open(),
    close: () => keys.close(),
  },

  wechat: {
    samples: samplesOf('wechat'),
    account(secrets) {
      const [token, environment] = inForce(secrets);
      return wechat.account({ token }, environment);
    },
    call: (body, secret, at) =>
      moved('wechat', wechat.sealed(body, seconds(at), { ...wechat.ENVIRONMENT, WECHAT_TOKEN: secret })),
    proof: { parameter: 'msg_signature' },
    timed: true,
    of: 'words',
    says: (words, id) =>
      text('wechat', 'text')
        .replace('where is my order?', words.replaceAll(']]>', ']]]]><![CDATA[>'))
        .replace(/<MsgId>\d+/, `<MsgId>${id}`),
  },

  wecom: {
    samples: new Map([['callback', wecom.sample('callback.xml')]]),
    account(secrets) {
      const [token, environment] = inForce(secrets);
      return wecom.account({ token }, environment);
    },
    call(body, secret, at) {
      const ciphertext = encrypt(wecom.AES_KEY, body, wecom.CORP);
      const [timestamp, nonce] = [seconds(at) / 1000, '1320562132'];
      const signature = getSignature(secret, timestamp, nonce, ciphertext);
      const query = `?msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`;
      return post(
        'wecom',
        `<xml><Encrypt><![CDATA[${ciphertext}]]></Encrypt></xml>`,
        { 'content-type': 'text/xml' },
        query,
      );
    },
    proof: { parameter: 'msg_signature' },
    timed: true,
    of: 'words',
  },
};

/** The files beside a channel, as they would be posted. */
function samplesOf(kind: string): ReadonlyMap<string, string> {
  const folder = join(import.meta.dirname, '../../channels', kind, 'samples');
  const files = readdirSync(folder).filter((file) => /\.(?:json|form|xml)$/.test(file));
  return new Map(files.map((file) => [file.replace(/\.\w+$/, ''), readFileSync(join(folder, file), 'utf8')]));
}

function moved(kind: string, request: RawRequest): RawRequest {
  return { ...request, url: new URL(`https://bot.example/channels/${kind}${request.url.search}`) };
}

function seconds(at: number): number {
  return Math.floor(at / 1000) * 1000;
}
