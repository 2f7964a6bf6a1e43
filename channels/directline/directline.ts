import { defineChannel } from '#channel';
import { plan } from './plan.ts';
import { type DirectlineSettings, readSettings } from './settings.ts';

/**
 * Direct Line 3.0: the protocol of Microsoft's Web Chat and of many other clients. As with web chat, nobody stands between us and the
 * customer, so there is no `send`, no `verify` and no `parse`: clients talk to our own server (src/server/directline), which shows them
 * the transcript as activities. README.md beside this file has the setup and says what of the protocol is spoken.
 */
export default defineChannel<DirectlineSettings>({
  kind: 'directline',
  settings: readSettings,
  can: {
    // An activity may have 256 KiB; nothing is split below that.
    text: { limit: 64_000, unit: 'utf16' },
    markup: 'markdown',
    choices: { max: 50, label: 200 },
    form: true,
    date: true,
    links: true,
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
