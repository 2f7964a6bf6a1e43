import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { openSimulator as openTwilio } from '../../channels/sms/simulator.ts';
import { openSimulator as openTelegram } from '../../channels/telegram/simulator.ts';
import { Folder, RIGHT } from './deployment-folder.ts';
import { parley } from './parley.ts';

const TELEGRAM_TOKEN = '123456:simulated_token_of_no_bot';
const TELEGRAM_SECRET = 'c0ffee-c0ffee-c0ffee-c0ffee';
const TWILIO_AUTH_TOKEN = 'simulated auth token of nobody';
const PARLEY_PUBLIC_URL = 'https://bot.example';
const SET = { TELEGRAM_TOKEN, TELEGRAM_SECRET, TWILIO_AUTH_TOKEN, PARLEY_PUBLIC_URL };

function telegram(apiRoot = 'http://127.0.0.1:9'): string {
  return `{kind: telegram, token: "\${TELEGRAM_TOKEN}", secret: ["\${TELEGRAM_SECRET}"], api_root: "${apiRoot}"}`;
}

function sms(apiRoot: string, webhook = 'https://bot.example/channels/sms'): string {
  return `{kind: sms, account_sid: AC${'5'.repeat(32)}, auth_token: "\${TWILIO_AUTH_TOKEN}", from: "+15550001111", webhook: "${webhook}", api_root: "${apiRoot}"}`;
}

/** What the doctor prints of a bot with these accounts. */
async function doctor(channels: string, env: Record<string, string>, ...more: string[]) {
  using folder = new Folder({ ...RIGHT, 'parley.yaml': `name: Test\nchannels: ${channels}\n` });
  return await parley(['doctor', folder.path, '--port', '0', ...more], { env });
}

describe('parley doctor, of accounts', () => {
  test('names each variable that an account needs, wherever it stands, and whether it is set', async () => {
    const { code, out } = await doctor(`{tg: ${telegram()}}`, { TELEGRAM_TOKEN });
    expect(code).toBe(1);
    expect(out).toContain('✓ tg (telegram): TELEGRAM_TOKEN is set');
    expect(out).toContain('✗ tg (telegram): TELEGRAM_SECRET is not set');
    expect(out).not.toContain(TELEGRAM_TOKEN);
  });

  test('tells the address that a platform is to call', async () => {
    const { code, out } = await doctor(`{tg: ${telegram()}}`, SET);
    expect(code).toBe(0);
    expect(out).toContain('✓ tg (telegram) is to be called at https://bot.example/channels/tg');
  });

  test('advises to tell it where the bot can be reached', async () => {
    const { PARLEY_PUBLIC_URL: _, ...rest } = SET;
    const { code, out } = await doctor(`{tg: ${telegram()}}`, rest);
    expect(code).toBe(0);
    expect(out).toContain('! PARLEY_PUBLIC_URL is not set');
    expect((await doctor(`{tg: ${telegram()}}`, { ...rest, PARLEY_PUBLIC_URL: 'bot.example' })).code).toBe(1);
  });

  test('wants no address for who is asked, and for the web chat', async () => {
    const polled = `{tg: {kind: telegram, token: "\${TELEGRAM_TOKEN}", receive: polling}, web: {kind: web}}`;
    expect((await doctor(polled, { TELEGRAM_TOKEN })).out).not.toContain('PARLEY_PUBLIC_URL');
  });

  test('says that a bot without an account hears nobody', async () => {
    expect((await doctor('{}', {})).out).toContain('! no account: nobody can write');
  });
});

describe('parley doctor --online', () => {
  test('finds what platforms know of us', async () => {
    const [tg, twilio] = [await openTelegram(), await openTwilio({ webhook: 'https://bot.example/channels/sms' })];
    try {
      const channels = `{tg: ${telegram(tg.url)}, sms: ${sms(twilio.url)}}`;
      const { code, out } = await doctor(channels, SET, '--online');
      expect(code).toBe(1);
      expect(out).toMatch(/✓ tg \(telegram\): the token is that of @\w+/);
      expect(out).toContain('✗ tg (telegram): Telegram calls nobody');
      expect(out).toContain('Give setWebhook https://bot.example/channels/tg');
      expect(out).toContain('✓ sms (sms): Twilio takes the token, and the account is active');
      const elsewhere = await doctor(`{sms: ${sms(twilio.url, 'https://old.example/sms')}}`, SET, '--online');
      expect(elsewhere.out).toContain('✗ sms (sms): `webhook` is https://old.example/sms');
    } finally {
      await Promise.all([tg.close(), twilio.close()]);
    }
  });

  test('says so when a secret is not taken, and tells it to nobody', async () => {
    const [tg, twilio] = [await openTelegram(), await openTwilio({ webhook: 'https://bot.example/channels/sms' })];
    try {
      const wrong = { ...SET, TELEGRAM_TOKEN: '999999:not_a_token_of_any_bot', TWILIO_AUTH_TOKEN: 'wrong-token' };
      const { code, out, err } = await doctor(`{tg: ${telegram(tg.url)}, sms: ${sms(twilio.url)}}`, wrong, '--online');
      expect(code).toBe(1);
      expect(out).toContain('✗ tg (telegram): the platform refuses (401)');
      expect(out).toContain('✗ sms (sms): the platform refuses (401)');
      expect(out + err).not.toMatch(/not_a_token_of_any_bot|wrong-token/);
    } finally {
      await Promise.all([tg.close(), twilio.close()]);
    }
  });

  test('waits for nobody for ever', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((listening) => silent.once('listening', listening));
    try {
      const { port } = silent.address() as AddressInfo;
      const { code, out } = await doctor(`{tg: ${telegram(`http://127.0.0.1:${port}`)}}`, SET, '--online');
      expect(code).toBe(1);
      expect(out).toContain('✗ tg (telegram): no answer within 5 s');
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  test('says that a platform cannot be reached', async () => {
    const { out } = await doctor(`{tg: ${telegram()}}`, SET, '--online');
    expect(out).toContain('✗ tg (telegram): it could not be asked (ECONNREFUSED)');
  });
});
