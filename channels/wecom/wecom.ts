import { defineChannel } from '#channel';
import { check } from './check.ts';
import { entrance, leadsTo } from './entrance.ts';
import { fetchMedia } from './media.ts';
import { CONTENT_LIMIT, MOST_ITEMS } from './menu.ts';
import { plan, TEXT_LIMIT } from './plan.ts';
import { pull } from './pull.ts';
import { challenge, nudge, verify } from './receive.ts';
import { classify } from './refusal.ts';
import { send } from './send.ts';
import { readSettings, type WecomSettings } from './settings.ts';

/**
 * WeCom's customer service in WeChat (微信客服): callbacks that say there is something, `sync_msg` that says what, menus, five messages
 * in 48 hours. README.md beside this file has the setup.
 */
export default defineChannel<WecomSettings>({
  kind: 'wecom',
  settings: readSettings,
  can: {
    text: { limit: TEXT_LIMIT, unit: 'bytes' },
    markup: 'none',
    // A label that is filled in and comes out longer stands in the text, numbered.
    choices: { max: MOST_ITEMS, label: CONTENT_LIMIT, unit: 'bytes' },
    links: true,
    cards: true,
    carousel: false,
    images: true,
    files: true,
    typing: false,
    edit: false,
    // Every part has an id that WeCom refuses the second time.
    idempotent: true,
    merges: true,
    window: { templates: false },
  },
  entrance,
  leadsTo,
  receives: () => 'nudged',
  verify,
  challenge,
  nudge,
  pull,
  fetch: fetchMedia,
  plan,
  send,
  classify,
  check,
});
