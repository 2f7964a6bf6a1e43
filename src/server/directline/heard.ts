import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Event } from '../../event.ts';
import type { Attachment } from '../../message.ts';
import { cleanText } from '../clean-text.ts';
import { Refusal } from '../refusal.ts';
import { MOST_FIELDS, TEXT_LIMIT, toForm } from '../wire.ts';
import { invalid } from './refusals.ts';

/** Files of one message. */
const MOST_FILES = 10;

/** Half a character would not come back from the disk as it went there. */
const Id = z
  .string()
  .max(256)
  .transform((text) => text.toWellFormed())
  .nullish();

/** A client's activity: what of it means something to us; the rest is left alone, and `null` is absent, as .NET's clients write it. */
const Activity = z.object({
  type: z.string().min(1).max(64),
  id: Id,
  from: z.object({ id: Id, name: z.string().max(256).nullish() }).nullish(),
  text: z.string().nullish(),
  locale: z.unknown().optional(),
  value: z.unknown().optional(),
  channelData: z.object({ clientActivityID: Id }).nullish().catch(undefined),
  attachments: z
    .array(
      z.object({
        contentType: z.string().max(256).nullish(),
        contentUrl: z.string().nullish(),
        name: z.string().max(256).nullish(),
      }),
    )
    .max(MOST_FILES)
    .nullish(),
});

export type ClientActivity = z.infer<typeof Activity>;

/** @throws `directline.invalid`, naming every field that is wrong */
export function readActivity(value: unknown): ClientActivity {
  const read = Activity.safeParse(value);
  if (read.success) return read.data;
  throw invalid(
    read.error.issues.map(({ path, message }) => `${path.join('.') || 'the activity'}: ${message}`).join('; '),
  );
}

/** Does it say something? Typing, events and whatever else there is are heard and answered, and nothing comes of them. */
export function isMessage({ type }: ClientActivity): boolean {
  return type === 'message';
}

/**
 * What a client's activity is known by: the same again changes nothing. It also carries whom the customer writes as and what her
 * client calls the activity, so that the echo can say both and nothing more is stored.
 */
export interface Origin {
  readonly user: string;
  readonly clientActivityId?: string;
}

export function keyOf(activity: ClientActivity, user: string): string {
  const { id, channelData } = activity;
  const writer = encodeURIComponent(user);
  if (channelData?.clientActivityID) return `own:${writer}:${channelData.clientActivityID}`;
  if (id) return `id:${writer}:${id}`;
  // Without a name of its own, the same words twice are two messages.
  return `new:${writer}:${randomUUID()}`;
}

export function originOf(key: string): Origin {
  const [, kind, user = '', id = ''] = /^(own|id|new):([^:]*):(.*)$/s.exec(key) ?? [];
  const origin = { user: decodeURIComponent(user) };
  return kind === 'own' ? { ...origin, clientActivityId: id } : origin;
}

/**
 * What the customer did, in our words.
 * @throws `chat.text_too_long`, `chat.empty`
 */
export function toEvent(activity: ClientActivity, files: readonly Attachment[]): Event {
  const token = tokenIn(activity);
  if (token !== undefined) return { kind: 'choice', token };
  const form = formIn(activity);
  if (form !== undefined) return toForm(form);
  const raw = answerIn(activity) ?? activity.text ?? '';
  if (raw.length > TEXT_LIMIT)
    throw new Refusal(413, 'chat.text_too_long', `The text is longer than ${TEXT_LIMIT} characters.`, {
      hint: 'Split it into several messages, or send it as a file.',
    });
  const text = [cleanText(raw), ...linksIn(activity)].filter((line) => line !== '').join('\n');
  if (text === '' && files.length === 0)
    throw new Refusal(400, 'chat.empty', 'The message has no text that can be read.', { hint: 'Write something.' });
  return files.length === 0 ? { kind: 'message', text } : { kind: 'message', text, attachments: files };
}

export function localeIn({ locale }: ClientActivity): string | undefined {
  return readLocale(locale);
}

/** A language that cannot be read is no reason to refuse words. */
export function readLocale(value: unknown): string | undefined {
  return typeof value === 'string' && LOCALE.test(value) ? value : undefined;
}

const LOCALE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/;

/** Our own value of a button or a card's form; several picked at once come joined by commas, as Adaptive Cards write them. */
const Chosen = z.object({ choice: z.string().regex(/^[^\s,\p{Cc}]{1,22}(,[^\s,\p{Cc}]{1,22}){0,49}$/u) });

/**
 * The token of a tapped choice. `messageBack`, `postBack` and a card's form bring our object as the activity's value; clients that
 * know texts only write it out as JSON.
 */
function tokenIn({ value, text }: ClientActivity): string | undefined {
  for (const candidate of [value, text]) {
    const read = Chosen.safeParse(typeof candidate === 'string' ? jsonIn(candidate) : candidate);
    if (read.success) return read.data.choice;
  }
  return undefined;
}

/** What a card's form asks for in words, such as a date. */
function answerIn({ value }: ClientActivity): string | undefined {
  return Answered.safeParse(value).data?.answer;
}

const Answered = z.object({ answer: z.string().min(1) });

const FIELD = 'field.';
const Sent = z
  .looseObject({ form: z.string().regex(/^[^\s,\p{Cc}]{1,22}$/u) })
  .refine((sent) => Object.keys(sent).length <= MOST_FIELDS);

/** A card's form: its token, and the value of each input whose id is that of a field. Numbers are written as texts. */
function formIn({ value }: ClientActivity): { token: string; values: Record<string, string> } | undefined {
  const sent = Sent.safeParse(typeof value === 'string' ? jsonIn(value) : value).data;
  if (sent === undefined) return undefined;
  const values = Object.entries(sent).flatMap(([id, filled]) =>
    id.startsWith(FIELD) && (typeof filled === 'string' || typeof filled === 'number')
      ? [[id.slice(FIELD.length), String(filled)] as const]
      : [],
  );
  return { token: sent.form, values: Object.fromEntries(values) };
}

function jsonIn(text: string): unknown {
  if (!/^\s*\{.{1,2000}\}\s*$/s.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Words in braces are words.
    return undefined;
  }
}

/** A file that lies somewhere else is not fetched, since a stranger names the address; whoever reads the message can open it. */
function linksIn({ attachments }: ClientActivity): string[] {
  return (attachments ?? []).flatMap(({ contentUrl, name }) => {
    if (typeof contentUrl !== 'string' || !/^https?:\/\/\S{1,2000}$/i.test(contentUrl)) return [];
    return [cleanText(name ? `${name}: ${contentUrl}` : contentUrl)];
  });
}
