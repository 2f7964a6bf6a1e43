import type { Inbound, Media } from '#channel';
import { isDirect, toAddress } from './address.ts';
import type { EventCallback, Said } from './payload.ts';
import type { SlackSettings } from './settings.ts';
import { firstNamed, names, wordsOf } from './words.ts';

export type Parsed = Omit<Inbound, 'account'>;

/** An event of the Events API. `undefined`: nobody said anything that is meant for the bot. */
export function said(
  { event, team_id: team, authorizations }: EventCallback,
  settings: SlackSettings,
): Parsed | undefined {
  const here = { team, settings, bot: authorizations?.find(({ is_bot: isBot }) => isBot)?.user_id };
  switch (event.type) {
    case 'app_mention':
      // Where people have installed the app too, we may be told on behalf of one of them, and not who the bot is.
      if (event.channel === undefined) return undefined;
      return wrote(event.channel, event, { ...here, bot: here.bot ?? firstNamed(event) });
    case 'message':
      if (event.channel === undefined) return undefined;
      return event.subtype === 'message_changed'
        ? corrected(event.channel, event.message, event.previous_message, here)
        : wrote(event.channel, event, here);
    case 'app_home_opened':
      return event.tab === 'messages' ? opened(event.channel, event.user, undefined, here) : undefined;
    case 'assistant_thread_started': {
      const { user_id: user, channel_id: channel, thread_ts: thread } = event.assistant_thread ?? {};
      return opened(channel, user, thread, here);
    }
    default:
      return undefined;
  }
}

interface Here {
  readonly team: string;
  readonly settings: SlackSettings;
  /** Our bot's user id. */
  readonly bot: string | undefined;
}

/** Kinds of messages that somebody wrote; the others tell of the channel, come from bots, or take something back. */
const WRITTEN = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

/**
 * A mention comes as `app_mention` and, where the app hears the channel, as `message` too, each with an event id of its own: the key
 * is what both and every redelivery have in common, the message's place in its channel.
 */
function wrote(channel: string, message: Said, here: Here): Parsed | undefined {
  const { ts, subtype, files = [] } = message;
  const place = placeOf(channel, message, here);
  if (ts === undefined || place === undefined || !WRITTEN.has(subtype)) return undefined;
  const gone = files.filter((file) => mediaOf(file) === undefined).map(({ name }) => `[${name ?? 'file'}]`);
  const media = files.flatMap((file) => mediaOf(file) ?? []);
  const text = [wordsOf(message, here.bot), ...gone].filter((line) => line !== '').join('\n');
  return {
    address: toAddress(place),
    key: `${here.team}:${channel}:${ts}`,
    sentAt: millisecondsOf(ts),
    ...localeOf(text, here.settings),
    event: { kind: 'message', text },
    ...(media.length === 0 ? {} : { media }),
  };
}

/**
 * A correction is said again: "12" made "13" answers the question anew. Slack says "changed" of much else, such as our own edits
 * and links that it has unfurled.
 */
function corrected(channel: string, now: Said | undefined, before: Said | undefined, here: Here): Parsed | undefined {
  if (now?.edited === undefined || now.edited.user !== now.user || now.text === before?.text) return undefined;
  const again = wrote(channel, now, here);
  if (again === undefined) return undefined;
  const { media: _, ...words } = again;
  return { ...words, key: `${again.key}:${now.edited.ts}`, sentAt: millisecondsOf(now.edited.ts) };
}

/** She may open it as often as she likes: what is said of that is said once. */
function opened(channel: string | undefined, user: string | undefined, thread: string | undefined, here: Here) {
  if (channel === undefined || user === undefined || user === here.bot) return undefined;
  const address = toAddress({ team: here.team, channel, user, ...(thread === undefined ? {} : { thread }) });
  const locale = localeOf('', here.settings);
  return { address, key: `${address}:opened`, ...locale, event: { kind: 'opened', ...locale } } satisfies Parsed;
}

/** Who writes Chinese reads it. */
function localeOf(text: string, { locale }: SlackSettings): { locale?: string } {
  if (/\p{sc=Han}/u.test(text)) return { locale: 'zh' };
  return locale === undefined ? {} : { locale };
}

/** Reminders and the like: the one bot that comes as a person. */
const SLACKBOT = 'USLACKBOT';

/** Where the answer belongs. `undefined`: it is not meant for the bot, or comes from one. */
function placeOf(channel: string, message: Said, { team, settings, bot }: Here) {
  const { user, bot_id: author, ts, thread_ts: thread } = message;
  if (user === undefined || user === bot || user === SLACKBOT || author) return undefined;
  if (isDirect(channel))
    return { team, channel, user, ...(settings.assistant && thread !== undefined ? { thread } : {}) };
  if (!names(message, bot) && !(settings.listens.has(channel) && isOwn(message))) return undefined;
  const root = thread ?? ts;
  return root === undefined ? undefined : { team, channel, thread: root, user };
}

/** In a channel that is the bot's, she opens a thread with every new message and goes on in it; others there talk to her. */
function isOwn({ user, thread_ts: thread, ts, parent_user_id: opener }: Said): boolean {
  return thread === undefined || thread === ts || opener === user;
}

function mediaOf({ name, mode, size, ...file }: NonNullable<Said['files']>[number]): Media | undefined {
  const ref = file.url_private_download ?? file.url_private;
  if (ref === undefined || ref === '' || mode === 'tombstone' || mode === 'hidden_by_limit') return undefined;
  return { ref, name: name ?? 'file', ...(size === undefined ? {} : { size }) };
}

function millisecondsOf(ts: string): number {
  return Math.round(Number(ts) * 1000);
}
