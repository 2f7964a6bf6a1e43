import { defineChannel } from '#channel';
import { acknowledge } from './acknowledge.ts';
import { check } from './check.ts';
import { draft } from './draft.ts';
import { MOST_BUTTONS } from './keyboard.ts';
import { fetchMedia } from './media.ts';
import { plan, TEXT_LIMIT } from './plan.ts';
import { pull } from './pull.ts';
import { parse, verify } from './receive.ts';
import { edit, remove } from './revise.ts';
import { classify, send, typing } from './send.ts';
import { readSettings, type TelegramSettings } from './settings.ts';

/** Telegram, by the Bot API: webhook or long polling, inline keyboards, files both ways. README.md beside this file has the setup. */
export default defineChannel<TelegramSettings>({
  kind: 'telegram',
  settings: readSettings,
  can: {
    text: { limit: TEXT_LIMIT, unit: 'utf16' },
    markup: 'html',
    // A label too long for a button stands in the text, numbered.
    choices: { max: MOST_BUTTONS, label: 200 },
    links: true,
    cards: false,
    carousel: false,
    images: true,
    files: true,
    typing: true,
    edit: true,
    // The Bot API has no idempotency keys: a send whose answer was lost is `unknown`.
    idempotent: false,
  },
  // https://core.telegram.org/bots/features#deep-linking: the code comes back as what /start carries.
  entrance: ({ username }, code) =>
    username === undefined ? {} : { at: `@${username}`, url: `https://t.me/${username}?start=${code}` },
  leadsTo: () => ['t.me'],
  receives: ({ receive }) => (receive === 'polling' ? 'pull' : 'webhook'),
  verify,
  parse,
  pull,
  fetch: fetchMedia,
  acknowledge,
  plan,
  send,
  edit,
  remove,
  draft,
  typing,
  classify,
  check,
});
