import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, type WecomSettings } from '../../../channels/wecom/settings.ts';
import type { Simulator } from '../../../channels/wecom/simulator.ts';
import type { CallContext, SendContext } from '../../../src/channel.ts';

export const CORP = 'ww0123456789abcdef';
export const TOKEN = 'simulatedToken';
export const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const SECRET = 'simulated_secret_of_no_app';

/** An account as `parley.yaml` would have it. */
export function account(given: object = {}, environment: Record<string, string> = {}): WecomSettings {
  return readSettings({ ...raw(), ...given }, { ...secrets(), ...environment });
}

export function raw() {
  return {
    kind: 'wecom',
    corp_id: CORP,
    secret: reference('WECOM_SECRET'),
    token: reference('WECOM_TOKEN'),
    aes_key: reference('WECOM_AES_KEY'),
  };
}

export function secrets(): Record<string, string> {
  return { WECOM_SECRET: SECRET, WECOM_TOKEN: TOKEN, WECOM_AES_KEY: AES_KEY };
}

/** The account of a bot at this stand-in. */
export function accountAt({ url, corpId, secret, token, aesKey }: Simulator, given: object = {}): WecomSettings {
  const environment = { WECOM_SECRET: secret, WECOM_TOKEN: token, WECOM_AES_KEY: aesKey };
  return account({ corp_id: corpId, api_root: url, file_hosts: ['127.0.0.1:1'], ...given }, environment);
}

/** `${NAME}` */
export function reference(name: string): string {
  return `\${${name}}`;
}

export function calling(settings: WecomSettings): CallContext<WecomSettings> {
  return { settings, signal: AbortSignal.timeout(5_000) };
}

let keys = 0;

/** To send something new. */
export function to(
  settings: WecomSettings,
  address: string,
  key = `conversation.1.${keys++}`,
): SendContext<WecomSettings> {
  return { ...calling(settings), address, key };
}

export function sample(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../../channels/wecom/samples', name), 'utf8');
}
