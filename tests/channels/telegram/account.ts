import { readSettings, type TelegramSettings } from '../../../channels/telegram/settings.ts';

export const TOKEN = '123456:simulated_token_of_no_bot';
export const SECRET = 'c0ffee-c0ffee-c0ffee-c0ffee';

/** An account as `parley.yaml` would have it. */
export function account(given: object = {}, environment: Record<string, string> = {}): TelegramSettings {
  const raw = {
    kind: 'telegram',
    token: reference('TELEGRAM_TOKEN'),
    secret: reference('TELEGRAM_SECRET'),
    username: 'parley_shop_bot',
    ...given,
  };
  return readSettings(raw, { TELEGRAM_TOKEN: TOKEN, TELEGRAM_SECRET: SECRET, ...environment });
}

/** `${NAME}` */
export function reference(name: string): string {
  return `\${${name}}`;
}
