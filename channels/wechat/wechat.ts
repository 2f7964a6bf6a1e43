import { defineChannel } from '#channel';
import { check } from './check.ts';
import { classify } from './classify.ts';
import { entrance, leadsTo } from './entrance.ts';
import { fetchMedia } from './media.ts';
import { MOST_ENTRIES } from './menu.ts';
import { plan, TEXT_LIMIT } from './plan.ts';
import { challenge, failure, parse, reports, respond, verify } from './receive.ts';
import { send, typing } from './send.ts';
import { readSettings, type WechatSettings } from './settings.ts';

/** A WeChat Official Account (公众号): encrypted webhooks, passive replies, customer-service messages. README.md beside this file has the setup. */
export default defineChannel<WechatSettings>({
  kind: 'wechat',
  settings: readSettings,
  can: {
    text: { limit: TEXT_LIMIT, unit: 'bytes' },
    markup: 'none',
    choices: { max: MOST_ENTRIES, label: 200 },
    links: true,
    cards: true,
    carousel: false,
    images: true,
    files: false,
    typing: true,
    edit: false,
    // Customer-service messages carry no idempotency key: a send whose answer was lost is `unknown`.
    idempotent: false,
    merges: true,
    window: { templates: true },
    // WeChat hangs up after 5 seconds, and delivers again. That proves nothing about the answer: docs/decisions/0020.
    passive: { deadline: 4_000 },
  },
  entrance,
  leadsTo,
  verify,
  challenge,
  parse,
  respond,
  reports,
  fetch: fetchMedia,
  plan,
  send,
  typing,
  classify,
  failure,
  check,
});
