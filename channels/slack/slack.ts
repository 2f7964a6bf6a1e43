import { defineChannel } from '#channel';
import { acknowledge } from './acknowledge.ts';
import { check } from './check.ts';
import { classify } from './classify.ts';
import { LONGEST_LABEL } from './keyboard.ts';
import { fetchMedia } from './media.ts';
import { plan, TEXT_LIMIT } from './plan.ts';
import { pull } from './pull.ts';
import { challenge, parse } from './receive.ts';
import { edit, remove, send, typing } from './send.ts';
import { readSettings, type SlackSettings } from './settings.ts';
import { verify } from './verify.ts';

/** Slack, for customers who write to the bot there: Events API or Socket Mode, Block Kit. README.md beside this file has the setup. */
export default defineChannel<SlackSettings>({
  kind: 'slack',
  settings: readSettings,
  can: {
    text: { limit: TEXT_LIMIT, unit: 'utf16' },
    markup: 'mrkdwn',
    // A label too long for a button stands in the text, numbered.
    choices: { max: 25, label: LONGEST_LABEL },
    list: { max: 100, label: LONGEST_LABEL },
    // A modal, which a button opens. One that is too much for Slack is asked step by step.
    form: true,
    date: true,
    links: true,
    cards: true,
    carousel: false,
    images: true,
    files: true,
    // Only in the threads of an assistant, see `typing`.
    typing: true,
    edit: true,
    // The Web API has no idempotency keys: a send whose answer was lost is `unknown`.
    idempotent: false,
    // https://docs.slack.dev/apis/web-api/rate-limits: about one message a second and channel.
    rates: [{ scope: 'conversation', messages: 1, per: 1_000 }],
  },
  receives: ({ receive }) => (receive === 'socket' ? 'pull' : 'webhook'),
  verify,
  challenge,
  parse,
  pull,
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
