import { createHash } from 'node:crypto';
import type { Member } from '../../channels/slack/simulator/member.ts';
import type { Channel, Message, View } from '../../channels/slack/simulator/workspace.ts';
import type { ChannelView, MemberView, MessageView, SurfaceView } from './protocol.ts';

/** Messages of a channel, its threads included, that the page is told. */
const SHOWN = 300;

/** What each of them sees of her own: her page, and the form before her. */
export function membersView(
  members: ReadonlyMap<string, Member>,
  mistakes: ReadonlyMap<string, Readonly<Record<string, string>>>,
): readonly MemberView[] {
  return [...members].map(([name, { user, home, view }]) => ({
    name,
    user: user.id,
    shown: user.real_name,
    ...(home && { home: surfaceOf(home) }),
    ...(view && { modal: surfaceOf(view) }),
    mistakes: mistakes.get(name) ?? {},
  }));
}

export function channelView({ id, name = '', messages, whispers }: Channel): ChannelView {
  return { id, name, messages: messages.slice(-SHOWN).map(messageView), whispers: whispers.slice(-SHOWN) };
}

function messageView({
  ts,
  user,
  text,
  blocks,
  bot_id: bot,
  username,
  thread_ts: thread,
  ...more
}: Message): MessageView {
  const { reactions = [], files = [], edited, metadata } = more;
  const { conversation, at } = factsIn(metadata);
  return {
    ...{ ts, user, text, isApp: bot !== undefined },
    ...(bot !== undefined && blocks && { blocks }),
    ...(username !== undefined && { username }),
    ...(thread !== undefined && { thread }),
    ...(reactions.length > 0 && { reactions: reactions.map(({ name }) => name) }),
    ...(files.length > 0 && { files: files.flatMap(fileView) }),
    ...(bot === undefined && edited && { edited: true }),
    ...(typeof conversation === 'string' && { conversation }),
    ...(typeof at === 'string' && { stands: at }),
  };
}

function fileView(file: object): readonly { id: string; name: string; type: string }[] {
  const { id, name, mimetype } = file as { id?: string; name?: string; mimetype?: string };
  return id === undefined ? [] : [{ id, name: name ?? id, type: mimetype ?? '' }];
}

/** The desk marks its messages with what they are of, as Slack's `metadata` lets an app do. */
function factsIn(metadata: unknown): { readonly conversation?: unknown; readonly at?: unknown } {
  return ((metadata ?? {}) as { event_payload?: object }).event_payload ?? {};
}

function surfaceOf({ id, hash, blocks, title, submit }: View): SurfaceView {
  return { id, hash, blocks, title: lettersIn(title), submit: lettersIn(submit) };
}

function lettersIn(text: unknown): string {
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : '';
}

/** What tells whether something has changed since it was told. */
export function faceOf(view: unknown): string {
  return createHash('sha256').update(JSON.stringify(view)).digest('base64url');
}
