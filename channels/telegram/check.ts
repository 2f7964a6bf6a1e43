import { z } from 'zod';
import type { CheckContext, Finding } from '#channel';
import { callApi } from './client.ts';
import type { TelegramSettings } from './settings.ts';

const Me = z.looseObject({ username: z.string() });

/** https://core.telegram.org/bots/api#webhookinfo */
const WebhookInfo = z.looseObject({
  url: z.string(),
  pending_update_count: z.int().default(0),
  last_error_message: z.string().optional(),
});

/** Whose token it is, and whether Telegram calls us where we are, or lets itself be asked. */
export async function check(context: CheckContext<TelegramSettings>): Promise<readonly Finding[]> {
  const { username } = Me.parse(await callApi('getMe', {}, context));
  const info = WebhookInfo.parse(await callApi('getWebhookInfo', {}, context));
  return [
    { ok: true, what: `the token is that of @${username}` },
    context.settings.receive === 'polling' ? polled(info) : called(info, context.webhook),
    ...(info.last_error_message === undefined
      ? []
      : [
          {
            ok: false,
            what: `Telegram could not deliver: ${info.last_error_message} (${info.pending_update_count} wait)`,
            hint: 'It tries again by itself; a 401 means that setWebhook was given another secret_token.',
          },
        ]),
  ];
}

function polled({ url }: z.infer<typeof WebhookInfo>): Finding {
  if (url === '') return { ok: true, what: 'no webhook is set, so the bot can ask' };
  return { ok: true, what: `the webhook ${url} is set`, hint: 'The bot takes it away when it starts to ask.' };
}

function called({ url }: z.infer<typeof WebhookInfo>, wanted: string | undefined): Finding {
  if (url !== '' && (wanted === undefined || url === wanted)) return { ok: true, what: `Telegram calls ${url}` };
  return {
    ok: false,
    what: url === '' ? 'Telegram calls nobody' : `Telegram calls ${url}`,
    hint: `Give setWebhook ${wanted ?? 'the address of this account'} and the secret_token.`,
  };
}
