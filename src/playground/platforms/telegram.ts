import { onScreen } from '../../../channels/telegram/simulator/phone.ts';
import { openSimulator } from '../../../channels/telegram/simulator.ts';
import { notConnected, type Platform, reference } from '../platform.ts';

export const telegram: Platform = {
  async open({ webhook, now, ids, secret }) {
    const token = `123456:${secret()}`;
    const password = secret();
    const platform = await openSimulator({ token, now, ids });
    return {
      simulator: onScreen(platform),
      account: {
        kind: 'telegram',
        token: reference('PLAYGROUND_TELEGRAM_TOKEN'),
        secret: reference('PLAYGROUND_TELEGRAM_SECRET'),
        api_root: platform.url,
      },
      environment: { PLAYGROUND_TELEGRAM_TOKEN: token, PLAYGROUND_TELEGRAM_SECRET: password },
      async connect() {
        const method = new URL(`/bot${token}/setWebhook`, platform.url);
        const body = JSON.stringify({ url: webhook, secret_token: password });
        const answer = await fetch(method, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
        if (!answer.ok) throw notConnected('Telegram', webhook);
      },
    };
  },
};
