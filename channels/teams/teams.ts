import { defineChannel } from '#channel';
import { acknowledge } from './acknowledge.ts';
import { MOST_ACTIONS } from './card.ts';
import { check } from './check.ts';
import { fetchMedia } from './media.ts';
import { LABEL_LIMIT, plan, TEXT_LIMIT } from './plan.ts';
import { parse } from './receive.ts';
import { respond } from './respond.ts';
import { classify, edit, remove, send, typing } from './send.ts';
import { readSettings, type TeamsSettings } from './settings.ts';
import { verify } from './verify.ts';

/** Microsoft Teams, by the Bot Connector: Adaptive Cards, files in, edits. README.md beside this file has the setup. */
export default defineChannel<TeamsSettings>({
  kind: 'teams',
  settings: readSettings,
  can: {
    text: { limit: TEXT_LIMIT, unit: 'utf16' },
    markup: 'markdown',
    choices: { max: MOST_ACTIONS, label: LABEL_LIMIT },
    list: { max: 100, label: 200 },
    form: true,
    date: true,
    links: true,
    cards: true,
    carousel: true,
    images: true,
    files: true,
    typing: true,
    edit: true,
    // The connector takes no keys: a send whose answer was lost is `unknown`.
    idempotent: false,
    // https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit#per-bot-per-thread-limit
    rates: [
      { scope: 'conversation', messages: 7, per: 1_000 },
      { scope: 'conversation', messages: 8, per: 2_000 },
      { scope: 'conversation', messages: 60, per: 30_000 },
      { scope: 'conversation', messages: 1_800, per: 3_600_000 },
    ],
  },
  verify,
  parse,
  respond,
  fetch: fetchMedia,
  acknowledge,
  plan,
  send,
  edit,
  remove,
  typing,
  classify,
  check,
});
