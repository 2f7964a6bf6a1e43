import { defineChannel } from '#channel';
import { check } from './check.ts';
import { entrance, leadsTo } from './entrance.ts';
import { fetchMedia } from './media.ts';
import { plan } from './plan.ts';
import { parse, reports, verify } from './receive.ts';
import { classify, failure, send } from './send.ts';
import { readSettings, type SmsSettings } from './settings.ts';

/** SMS and MMS by Twilio. README.md beside this file has the setup. */
export default defineChannel<SmsSettings>({
  kind: 'sms',
  settings: readSettings,
  can: {
    text: { limit: 1_600, unit: 'characters' },
    markup: 'none',
    links: false,
    cards: false,
    carousel: false,
    // To some phones: the others get its address.
    images: true,
    files: false,
    typing: false,
    edit: false,
    // Twilio has no idempotency keys: a send whose answer was lost is `unknown`.
    optOut: true,
    numbers: true,
    idempotent: false,
  },
  entrance,
  leadsTo,
  verify,
  parse,
  reports,
  fetch: fetchMedia,
  plan,
  send,
  classify,
  failure,
  check,
});
