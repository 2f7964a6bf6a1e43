import { defineChannel } from '#channel';
import { plan, TEXT_LIMIT } from './plan.ts';
import { readSettings, type WebSettings } from './settings.ts';

/**
 * Web chat: the bot on a business's own pages. It has no `send`, no `verify` and no `parse`, because nobody stands between us and
 * the customer: her widget talks to our own server (the protocol is in README.md beside this file) and fetches what the transcript
 * holds, by sequence number.
 */
export default defineChannel<WebSettings>({
  kind: 'web',
  settings: readSettings,
  can: {
    text: { limit: TEXT_LIMIT, unit: 'utf16' },
    markup: 'markdown',
    choices: { max: 50, label: 200 },
    form: true,
    date: true,
    links: true,
    smsLinks: true,
    cards: true,
    carousel: true,
    images: true,
    files: true,
    typing: true,
    edit: false,
    idempotent: true,
  },
  plan,
});
