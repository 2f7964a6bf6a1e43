import type { Block } from './blocks.ts';

/** What the stand-in knows: one workspace with its people and channels, and one app in it. The words are Slack's. */
export interface Workspace {
  readonly team: { readonly id: string; readonly domain: string; readonly name: string };
  readonly app: App;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly files: Map<string, StoredFile>;
  /** Modals that are open, by their id. */
  readonly views: Map<string, View>;
  /** The Home tab, by who looks at it. */
  readonly homes: Map<string, View>;
  /** What a tap lets the app do, for three seconds and once. */
  readonly triggers: Map<string, Trigger>;
  /** `tooFast`: messages that came within a second of the one before in their channel, and calls beyond what a method may be called a minute. */
  readonly rates: {
    readonly last: Map<string, number>;
    readonly recent: Map<string, readonly number[]>;
    tooFast: number;
    enforced: boolean;
  };
  readonly now: () => number;
  /** `1700000000.000100`: never the same twice, and ever growing. */
  nextTs(): string;
  nextId(prefix: string): string;
  /** Tells the app, if it has subscribed. */
  emit(event: Readonly<Record<string, unknown>>): void;
  /** Something can be seen that could not be seen before. */
  changed(): void;
}

export interface App {
  readonly id: string;
  readonly name: string;
  /** The bot among the users. */
  readonly user: string;
  readonly bot: string;
  readonly botToken: string;
  readonly appToken: string;
  signingSecret: string;
  /** What the app may do: told with every answer. */
  scopes: readonly string[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly real_name: string;
  readonly locale: string;
  readonly is_bot: boolean;
  deleted: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name?: string;
  readonly is_im: boolean;
  readonly is_private: boolean;
  is_archived: boolean;
  readonly members: Set<string>;
  readonly messages: Message[];
  /** What only one person sees, until she looks away. */
  readonly whispers: Whisper[];
  /** By `thread_ts`: what the app says that it is doing. */
  readonly status: Map<string, string>;
}

export interface Whisper {
  readonly user: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly thread_ts?: string;
}

export interface Message {
  readonly type: 'message';
  readonly ts: string;
  readonly user: string;
  readonly team: string;
  text: string;
  blocks?: readonly Block[];
  readonly subtype?: string;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly thread_ts?: string;
  readonly parent_user_id?: string;
  readonly files?: readonly object[];
  metadata?: unknown;
  /** Under whose name the app says it. */
  readonly username?: string;
  readonly reactions?: Reaction[];
  edited?: { readonly user: string; readonly ts: string };
}

export interface Reaction {
  readonly name: string;
  readonly users: string[];
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  bytes: Uint8Array;
}

export interface View {
  readonly id: string;
  readonly type: 'modal' | 'home';
  hash: string;
  readonly user: string;
  readonly blocks: readonly Block[];
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly [more: string]: unknown;
}

export interface Trigger {
  readonly user: string;
  readonly expires: number;
  used: boolean;
}

/** A refusal in the Web API's words: `{ok: false, error}`. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly details: readonly string[];

  constructor(error: string, details: readonly string[] = []) {
    super(error);
    this.details = details;
  }
}

/** The channel, unless the bot may not write there. */
export function openChannel(workspace: Workspace, id: unknown): Channel {
  const channel = workspace.channels.get(String(id)) ?? directWith(workspace, String(id));
  if (channel === undefined) throw new Refused('channel_not_found');
  if (channel.is_archived) throw new Refused('is_archived');
  if (!channel.members.has(workspace.app.user)) throw new Refused('not_in_channel');
  return channel;
}

/** Writing to a person opens the direct message with her. */
export function directWith(workspace: Workspace, user: string): Channel | undefined {
  if (!workspace.users.has(user) || user === workspace.app.user) return undefined;
  const known = [...workspace.channels.values()].find(({ is_im: direct, members }) => direct && members.has(user));
  if (known !== undefined) return known;
  const id = workspace.nextId('D');
  const members = new Set([user, workspace.app.user]);
  return addChannel(workspace, { id, is_im: true, is_private: true, members });
}

export function addChannel(
  workspace: Workspace,
  given: Pick<Channel, 'id' | 'is_im' | 'is_private' | 'members'> & { readonly name?: string },
): Channel {
  const channel: Channel = { ...given, is_archived: false, messages: [], whispers: [], status: new Map() };
  workspace.channels.set(channel.id, channel);
  return channel;
}

/** `im`, `channel`, `group`: as events name it. */
export function typeOf({ is_im: direct, is_private: hidden }: Channel): string {
  if (direct) return 'im';
  return hidden ? 'group' : 'channel';
}

export function find(channel: Channel, ts: unknown): Message | undefined {
  return channel.messages.find((message) => message.ts === String(ts));
}

/** Puts it where it belongs, and tells the app, which hears its own words too. */
export function say(workspace: Workspace, channel: Channel, message: Message): Message {
  channel.messages.push(message);
  workspace.changed();
  const { id } = channel;
  const event = { ...structuredClone(message), channel: id, event_ts: message.ts, channel_type: typeOf(channel) };
  if (channel.members.has(workspace.app.user)) workspace.emit(event);
  const { type: _, channel_type: __, ...mention } = event;
  if (!channel.is_im && message.bot_id === undefined && message.text.includes(`<@${workspace.app.user}>`))
    workspace.emit({ type: 'app_mention', ...mention });
  return message;
}

/** A message is another now: Slack tells what it was. */
export function change(
  workspace: Workspace,
  channel: Channel,
  message: Message,
  by: string,
  content: Partial<Message>,
): void {
  const before = structuredClone(message);
  const ts = workspace.nextTs();
  Object.assign(message, content, { edited: { user: by, ts } });
  workspace.changed();
  workspace.emit({
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    message: structuredClone(message),
    previous_message: before,
    channel: channel.id,
    ts,
    event_ts: ts,
    channel_type: typeOf(channel),
  });
}

export function takeBack(workspace: Workspace, channel: Channel, message: Message): void {
  channel.messages.splice(channel.messages.indexOf(message), 1);
  const ts = workspace.nextTs();
  workspace.changed();
  workspace.emit({
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: message.ts,
    previous_message: structuredClone(message),
    channel: channel.id,
    ts,
    event_ts: ts,
    channel_type: typeOf(channel),
  });
}
