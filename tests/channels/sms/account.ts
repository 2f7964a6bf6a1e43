import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, type SmsSettings } from '../../../channels/sms/settings.ts';
import type { RawRequest } from '../../../src/channel.ts';

export const SID = `AC${'5'.repeat(32)}`;
export const TOKEN = 'simulated auth token of nobody';
export const WEBHOOK = 'https://bot.example/channels/sms';

/** An account as `parley.yaml` would have it. */
export function account(given: object = {}, environment: Record<string, string> = {}): SmsSettings {
  const raw = {
    kind: 'sms',
    account_sid: SID,
    auth_token: reference('TWILIO_AUTH_TOKEN'),
    from: '+15550001111',
    webhook: WEBHOOK,
    ...given,
  };
  return readSettings(raw, { TWILIO_AUTH_TOKEN: TOKEN, ...environment });
}

/** `${NAME}` */
export function reference(name: string): string {
  return `\${${name}}`;
}

export function sample(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../../channels/sms/samples', `${name}.form`), 'utf8');
}

/** As it reaches the channel: behind a proxy that calls us by another name. */
export function request(body: string | Uint8Array, headers: Record<string, string> = {}, search = ''): RawRequest {
  return {
    method: 'POST',
    url: new URL(`http://10.0.0.7:3000/channels/sms${search}`),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', ...headers },
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  };
}
