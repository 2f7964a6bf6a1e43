import { z } from 'zod';
import type { Control } from '../../handoff/control.ts';
import type { Attachment } from '../../message.ts';
import { fetchFiles } from './files.ts';
import type { Inside } from './inside.ts';
import type { Entry } from './ledger.ts';
import { commandOf, noteOf, typed } from './said.ts';
import { mrkdwn } from './text.ts';

const Said = z.object({
  ts: z.string(),
  thread_ts: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  files: z.array(z.unknown()).optional(),
});
const Changed = z.object({ message: Said, previous_message: Said });

/** What Slack tells of a message (https://docs.slack.dev/reference/events/message). */
export interface MessageEvent {
  readonly channel: string;
  readonly subtype?: string | undefined;
  readonly [more: string]: unknown;
}

/** Somebody wishes something for a message by its menu. */
export interface Wish {
  readonly wish: 'send' | 'note';
  readonly by: string;
}

/**
 * What is written in a conversation's thread: what its holder writes goes to the customer, everything else is kept as a note. Taken by
 * its place in Slack, so the same message again is the same command.
 */
export async function hear(inside: Inside, event: MessageEvent, wish?: Wish): Promise<void> {
  const { channel, subtype } = event;
  if (subtype === 'message_changed') return edited(inside, channel, Changed.safeParse(event).data);
  if (subtype === 'message_deleted') return deleted(inside, channel, Said.safeParse(event.previous_message).data);
  if (wish === undefined && !WRITTEN.has(subtype)) return;
  const said = Said.safeParse(event).data;
  const found = said && (await entryOf(inside, channel, said));
  if (said === undefined || found === undefined || said.user === undefined) return;
  const by = wish?.by ?? said.user;
  const agent = inside.staff.of(by);
  const text = typed(said.text).trim();
  const marked = /^(?:\/\/|note:)\s*/i.exec(text);
  const isHers = agent !== undefined && (await holds(inside, found.conversation, agent));
  const mode = inside.settings.replyMode;
  const wants = wish === undefined ? mode === 'claimed' && marked === null : wish.wish === 'send' && mode !== 'alerts';
  const place = { channel, thread: found.card?.ts ?? said.ts, ts: said.ts };
  if (wants && isHers)
    return send(inside, found, { ...place, agent, text: wish === undefined ? text : withoutMark(text), said });
  await note(inside, found, {
    ...place,
    agent: agent ?? by,
    text: marked === null ? text : text.slice(marked[0].length),
  });
  if (marked === null && wish?.wish !== 'note')
    await hint(inside, place, by, wish === undefined ? hintOf(inside, agent) : 'not_sent');
}

/** Plain words, a file with its words, a word that is shown in the channel too. Everything else is Slack's own. */
const WRITTEN: ReadonlySet<string | undefined> = new Set([undefined, 'file_share', 'thread_broadcast']);

interface Written {
  readonly channel: string;
  readonly thread: string;
  readonly ts: string;
  readonly agent: string;
  readonly text: string;
}

async function send(
  inside: Inside,
  entry: Entry,
  from: Written & { readonly said: z.infer<typeof Said> },
): Promise<void> {
  const { channel, ts, agent, text, said } = from;
  const { conversation } = entry;
  const files = await fetchFiles(inside, conversation, said.files ?? []);
  for (const problem of files.refused) await whisper(inside, from, inside.staff.account(agent) ?? agent, problem);
  if (text === '' && files.kept.length === 0) return;
  const attachments: { attachments?: readonly Attachment[] } =
    files.kept.length === 0 ? {} : { attachments: files.kept };
  const happening = { on: 'said', agent, text, ...attachments } as const;
  const command = { conversation, command: commandOf(channel, ts), happening } as const;
  const answer = await inside.house.give(command);
  if (answer.ok) return;
  if (answer.code !== 'desk.cannot_show_file') return note(inside, entry, from);
  const linked = await inside.house.give({ ...command, asLink: true });
  await whisper(
    inside,
    from,
    inside.staff.account(agent) ?? agent,
    inside.words[linked.ok ? 'as_link' : 'file_refused'],
  );
}

async function note(inside: Inside, entry: Entry, { channel, ts, agent, text }: Written): Promise<void> {
  if (text === '') return;
  const { conversation } = entry;
  const answer = await inside.house.give({
    conversation,
    command: noteOf(channel, ts),
    happening: { on: 'noted', agent, text },
  });
  if (answer.ok)
    await inside.api
      .react(channel, ts, 'lock')
      .catch((error: unknown) => inside.log.warn('desk.slack_mark_failed', { error }));
}

/** Within the undo window what was said goes out as it reads now; later, what can be changed at the customer's app is changed. */
async function edited(inside: Inside, channel: string, change: z.infer<typeof Changed> | undefined): Promise<void> {
  if (change === undefined || change.message.bot_id !== undefined || change.message.user === undefined) return;
  const { message, previous_message: before } = change;
  // Slack tells likewise of a preview that it has added.
  if (message.text === before.text) return;
  await revise(inside, channel, message, (agent, said) => ({
    on: 'edited',
    agent,
    said,
    text: typed(message.text).trim(),
  }));
}

async function deleted(inside: Inside, channel: string, before: z.infer<typeof Said> | undefined): Promise<void> {
  if (before === undefined || before.bot_id !== undefined || before.user === undefined) return;
  await revise(inside, channel, before, (agent, said) => ({ on: 'deleted', agent, said }));
}

async function revise(
  inside: Inside,
  channel: string,
  message: z.infer<typeof Said>,
  happening: (
    agent: string,
    said: string,
  ) => { on: 'edited'; agent: string; said: string; text: string } | { on: 'deleted'; agent: string; said: string },
): Promise<void> {
  const entry = await entryOf(inside, channel, message);
  const agent = inside.staff.of(message.user ?? '');
  if (entry === undefined || agent === undefined) return;
  const said = commandOf(channel, message.ts);
  // A note never went out: nothing need be changed anywhere.
  if (entry.at[`mark:${message.ts}`] === undefined && !(await wasSaid(inside, entry.conversation, said))) return;
  const what = happening(agent, said);
  const command = `${said}:${what.on}:${faceless(message)}`;
  await inside.house.give({ conversation: entry.conversation, command, happening: what });
}

async function wasSaid(inside: Inside, conversation: string, said: string): Promise<boolean> {
  const line = await inside.house.tables.answer(conversation, said);
  return line?.line.on === 'said';
}

/** Each change is a command of its own, and its redelivery the same. */
function faceless({ text }: z.infer<typeof Said>): string {
  return Buffer.from(text).toString('base64url').slice(0, 64);
}

async function entryOf(
  inside: Inside,
  channel: string,
  { thread_ts: thread, ts, bot_id: bot }: z.infer<typeof Said>,
): Promise<Entry | undefined> {
  if (thread === undefined || thread === ts || bot !== undefined) return undefined;
  return inside.ledger.under(channel, thread);
}

/** As it is now, and not as a card that may be late shows it. */
async function holds({ house }: Inside, conversation: string, agent: string): Promise<boolean> {
  const stand = await house.tables.stand(conversation);
  const { at, stretch } = (stand?.control ?? {}) as unknown as Partial<Control>;
  return stretch?.agent === agent && HOLDING.has(at ?? '');
}

const HOLDING = new Set(['active', 'waiting_customer', 'on_hold', 'consult']);

function withoutMark(text: string): string {
  return text.replace(/^(?:\/\/|note:)\s*/i, '');
}

type Hint = 'only_note' | 'explicit_note' | 'alerts_note' | 'no_agent' | 'not_sent';

function hintOf({ settings }: Inside, agent: string | undefined): Hint {
  if (agent === undefined) return 'no_agent';
  return ({ claimed: 'only_note', explicit: 'explicit_note', alerts: 'alerts_note' } as const)[settings.replyMode];
}

async function hint(
  inside: Inside,
  place: Pick<Written, 'channel' | 'thread'>,
  user: string,
  which: Hint,
): Promise<void> {
  await whisper(inside, place, user, inside.words[which].replaceAll('{user}', user));
}

/** A word beside what was done: where Slack will not have it, what was done is done all the same. */
async function whisper(
  { api, log }: Inside,
  { channel, thread }: Pick<Written, 'channel' | 'thread'>,
  user: string,
  text: string,
): Promise<void> {
  try {
    await api.whisper(user, { channel, thread, text, blocks: [{ type: 'section', text: mrkdwn(text) }] });
  } catch (error) {
    log.warn('desk.slack_hint_failed', { error });
  }
}
