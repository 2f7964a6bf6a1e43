import type { Part } from '../../channel.ts';
import type { Entry } from '../../engine/engine.ts';
import type { Attachment } from '../../message.ts';
import { originOf } from './heard.ts';
import type { DirectlineAccount } from './settings.ts';

/** An activity as clients get it. */
export interface Activity extends Part {
  readonly type: string;
  readonly id: string;
}

export interface ActivitySet {
  readonly activities: readonly Activity[];
  /** The sequence number of the transcript's last line that the client has with this. */
  readonly watermark: string;
}

export interface Telling {
  readonly account: DirectlineAccount;
  /** What clients call the conversation. */
  readonly conversation: string;
  /** Where clients reach us: `https://bot.shop.example`. */
  readonly base: string;
}

/** `abc123|0000007`, as Direct Line writes it. */
export function activityId(conversation: string, seq: number): string {
  return `${conversation}|${String(seq).padStart(7, '0')}`;
}

export function toActivitySet(entries: readonly Entry[], after: number, telling: Telling): ActivitySet {
  return {
    activities: entries.flatMap((entry) => toActivities(entry, telling)),
    watermark: String(entries.at(-1)?.seq ?? after),
  };
}

/** Only streams tell of typing; it moves no watermark. */
export function typingOf({ account, conversation }: Telling, at: number): Activity {
  return {
    type: 'typing',
    id: `${conversation}|typing-${at}`,
    timestamp: new Date(at).toISOString(),
    channelId: 'directline',
    from: { id: account.name, role: 'bot' },
    conversation: { id: conversation },
  };
}

function toActivities(entry: Entry, telling: Telling): readonly Activity[] {
  return entry.from === 'customer' ? [echoOf(entry, telling)] : said(entry, telling);
}

/** Clients get their own messages back, and know them by the id they gave them. */
function echoOf(entry: Entry, telling: Telling): Activity {
  const { user, clientActivityId } = originOf(entry.id);
  return {
    ...envelope(entry, telling),
    type: 'message',
    from: { id: user, role: 'user' },
    text: entry.message.text,
    textFormat: 'plain',
    ...filesOf(entry, telling),
    ...(clientActivityId === undefined ? {} : { channelData: { clientActivityID: clientActivityId } }),
  };
}

function said(entry: Entry, telling: Telling): readonly Activity[] {
  const { account, base } = telling;
  const { message } = entry;
  const { channel, settings } = account;
  const parts = channel.plan([message], { locale: localeOf(entry), settings, publicUrl: base });
  return parts.map((part, index) => {
    const own = envelope(entry, telling);
    return {
      ...own,
      type: 'message',
      from: { id: entry.from === 'bot' ? account.name : entry.from, role: 'bot' },
      ...part,
      ...(index === 0 ? filesOf(entry, telling, part.attachments) : {}),
      id: index === 0 ? own.id : `${own.id}.${index}`,
    };
  });
}

function envelope({ seq, at }: Entry, { conversation }: Telling) {
  return {
    id: activityId(conversation, seq),
    timestamp: new Date(at).toISOString(),
    channelId: 'directline',
    conversation: { id: conversation },
  };
}

function filesOf({ attachments = [] }: Entry, { base }: Telling, beside: unknown = []): Part {
  if (attachments.length === 0) return {};
  return { attachments: [...attachments.map((file) => fileOf(file, base)), ...(Array.isArray(beside) ? beside : [])] };
}

function fileOf({ type, name, url }: Attachment, base: string) {
  return { contentType: type, contentUrl: new URL(url, base).href, name };
}

/** The words that the channel adds follow those that it shows: no client says which language its conversation is held in. */
function localeOf({ message: { text, choices = [] } }: Entry): string {
  return [text, ...choices.map(({ label }) => label)].some((words) => /\p{Script=Han}/u.test(words)) ? 'zh' : 'en';
}
