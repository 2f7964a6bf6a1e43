import { asKept, type Block, isBlocks, MOST_CHARACTERS, mistakesIn } from './blocks.ts';
import {
  type Channel,
  change,
  directWith,
  find,
  type Message,
  openChannel,
  type Reaction,
  Refused,
  say,
  takeBack,
  typeOf,
  type View,
  type Workspace,
} from './workspace.ts';

export type Parameters = Readonly<Record<string, unknown>>;
/** A method of the Web API: what it answers beside `ok: true`. */
type Method = (workspace: Workspace, given: Parameters) => object;

/** https://docs.slack.dev/reference/methods, as many as a bot and a desk of agents need. */
export const METHODS: Readonly<Record<string, Method>> = {
  'auth.test': ({ team, app }) => ({
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: app.name,
    team_id: team.id,
    user_id: app.user,
    bot_id: app.bot,
    is_enterprise_install: false,
  }),
  'api.test': () => ({}),

  'chat.postMessage'(workspace, given) {
    const channel = openChannel(workspace, given.channel);
    pace(workspace, channel);
    const message = say(workspace, channel, written(workspace, channel, given));
    for (const thread of [message.thread_ts ?? '', '']) channel.status.delete(thread);
    return { channel: channel.id, ts: message.ts, message };
  },
  'chat.update'(workspace, given) {
    const channel = openChannel(workspace, given.channel);
    const message = own(workspace, channel, given.ts, 'cant_update_message');
    const { text, blocks } = contentOf(workspace, given);
    const metadata = given.metadata === undefined ? {} : { metadata: json(given.metadata) };
    change(workspace, channel, message, workspace.app.user, {
      text,
      ...(blocks === undefined ? {} : { blocks }),
      ...metadata,
    });
    return { channel: channel.id, ts: message.ts, text, message };
  },
  'chat.delete'(workspace, given) {
    const channel = openChannel(workspace, given.channel);
    const message = own(workspace, channel, given.ts, 'cant_delete_message');
    takeBack(workspace, channel, message);
    return { channel: channel.id, ts: message.ts };
  },
  'chat.postEphemeral'(workspace, given) {
    const channel = openChannel(workspace, given.channel);
    if (!channel.members.has(String(given.user))) throw new Refused('user_not_in_channel');
    const { thread_ts: thread } = given;
    const whisper = { ts: workspace.nextTs(), user: String(given.user), ...contentOf(workspace, given) };
    channel.whispers.push({
      ...whisper,
      ...(thread === undefined ? {} : { thread_ts: String(thread) }),
    });
    workspace.changed();
    return { message_ts: whisper.ts };
  },
  'chat.getPermalink'({ team, ...workspace }, given) {
    const { id } = openChannel({ team, ...workspace }, given.channel);
    return {
      channel: id,
      permalink: `https://${team.domain}.slack.com/archives/${id}/p${String(given.message_ts).replace('.', '')}`,
    };
  },

  'conversations.open'(workspace, given) {
    const channel = directWith(workspace, String(given.users ?? ''));
    if (channel === undefined) throw new Refused('user_not_found');
    return { channel: { id: channel.id } };
  },
  'conversations.info': (workspace, given) => ({ channel: described(openChannel(workspace, given.channel)) }),
  'conversations.members': (workspace, given) => ({ members: [...openChannel(workspace, given.channel).members] }),
  'conversations.list': ({ channels }) => ({
    channels: [...channels.values()].filter(({ is_im: direct }) => !direct).map(described),
  }),
  'conversations.history': (workspace, given) => ({
    messages: openChannel(workspace, given.channel)
      .messages.filter(({ thread_ts: root, ts }) => root === undefined || root === ts)
      .toReversed(),
    has_more: false,
  }),
  'conversations.replies'(workspace, given) {
    const thread = String(given.ts);
    const messages = openChannel(workspace, given.channel).messages.filter(
      ({ ts, thread_ts: root }) => ts === thread || root === thread,
    );
    if (messages.length === 0) throw new Refused('thread_not_found');
    return { messages, has_more: false };
  },

  'users.info'({ users, team }, given) {
    const user = users.get(String(given.user));
    if (user === undefined) throw new Refused('user_not_found');
    return { user: { ...user, team_id: team.id, profile: { real_name: user.real_name, display_name: user.name } } };
  },

  'views.open'(workspace, given) {
    const user = spend(workspace, given.trigger_id);
    const view = viewOf(workspace, given.view, 'modal', user);
    workspace.views.set(view.id, view);
    workspace.changed();
    return { view };
  },
  'views.update'(workspace, given) {
    const known = workspace.views.get(String(given.view_id));
    if (known === undefined) throw new Refused('not_found');
    if (given.hash !== undefined && given.hash !== known.hash) throw new Refused('hash_conflict');
    const view = { ...viewOf(workspace, given.view, 'modal', known.user), id: known.id };
    workspace.views.set(view.id, view);
    workspace.changed();
    return { view };
  },
  'views.publish'(workspace, given) {
    if (!workspace.users.has(String(given.user_id))) throw new Refused('user_not_found');
    const view = viewOf(workspace, given.view, 'home', String(given.user_id));
    workspace.homes.set(view.user, view);
    workspace.changed();
    return { view };
  },

  'assistant.threads.setStatus'(workspace, given) {
    const channel = openChannel(workspace, given.channel_id);
    const thread = String(given.thread_ts);
    if (!channel.is_im || find(channel, thread) === undefined) throw new Refused('invalid_thread_ts');
    if (given.status === '') channel.status.delete(thread);
    else channel.status.set(thread, String(given.status));
    workspace.changed();
    return {};
  },
  'reactions.add'(workspace, given) {
    const reactions = reactionsOf(workspace, given);
    if (reactions.some(({ name }) => name === given.name)) throw new Refused('already_reacted');
    reactions.push({ name: String(given.name), users: [workspace.app.user] });
    workspace.changed();
    return {};
  },
  'reactions.remove'(workspace, given) {
    const reactions = reactionsOf(workspace, given);
    const at = reactions.findIndex(({ name }) => name === given.name);
    if (at < 0) throw new Refused('no_reaction');
    reactions.splice(at, 1);
    workspace.changed();
    return {};
  },
};

/** About one message a second and channel (https://docs.slack.dev/apis/web-api/rate-limits). */
function pace({ rates, now }: Workspace, { id }: Channel): void {
  const last = rates.last.get(id) ?? Number.NEGATIVE_INFINITY;
  if (now() - last < 1_000) {
    rates.tooFast += 1;
    if (rates.enforced) throw new Refused('ratelimited');
  }
  rates.last.set(id, now());
}

function reactionsOf(workspace: Workspace, given: Parameters): Reaction[] {
  const message = find(openChannel(workspace, given.channel), given.timestamp);
  if (message === undefined) throw new Refused('message_not_found');
  const { reactions = [] } = message;
  Object.assign(message, { reactions });
  return reactions;
}

function written(workspace: Workspace, channel: Channel, given: Parameters): Message {
  const { team, app } = workspace;
  const thread = given.thread_ts === undefined ? undefined : String(given.thread_ts);
  const root = thread === undefined ? undefined : find(channel, thread);
  if (thread !== undefined && root === undefined) throw new Refused('thread_not_found');
  return {
    type: 'message',
    ts: workspace.nextTs(),
    user: app.user,
    bot_id: app.bot,
    app_id: app.id,
    team: team.id,
    ...contentOf(workspace, given),
    ...(thread === undefined || root === undefined ? {} : { thread_ts: thread, parent_user_id: root.user }),
    ...(given.metadata === undefined ? {} : { metadata: json(given.metadata) }),
    ...(given.username === undefined ? {} : { username: String(given.username) }),
  };
}

function contentOf(workspace: Workspace, given: Parameters): { text: string; blocks?: readonly Block[] } {
  const text = given.text === undefined ? '' : String(given.text);
  if (text.length > 40_000) throw new Refused('msg_too_long');
  const blocks = given.blocks === undefined ? undefined : json(given.blocks);
  if (blocks === undefined && text === '') throw new Refused('no_text');
  if (blocks === undefined) return { text };
  const mistakes = mistakesIn(blocks);
  if (mistakes.length > 0 || !isBlocks(blocks)) throw new Refused('invalid_blocks', mistakes);
  if (JSON.stringify(blocks).length > MOST_CHARACTERS && blocks.length > 1) throw new Refused('msg_blocks_too_long');
  return { text, blocks: asKept(blocks, () => workspace.nextId('b')) };
}

function own({ app }: Workspace, channel: Channel, ts: unknown, refusal: string): Message {
  const message = find(channel, ts);
  if (message === undefined) throw new Refused('message_not_found');
  if (message.user !== app.user) throw new Refused(refusal);
  return message;
}

function described(channel: Channel): object {
  const { id, name, is_im, is_private, is_archived } = channel;
  return { id, name, is_im, is_private, is_archived, is_channel: typeOf(channel) === 'channel', is_member: true };
}

function spend({ triggers, now }: Workspace, id: unknown): string {
  const trigger = triggers.get(String(id));
  if (trigger === undefined) throw new Refused('invalid_trigger_id');
  if (trigger.used) throw new Refused('exchanged_trigger_id');
  if (now() > trigger.expires) throw new Refused('expired_trigger_id');
  trigger.used = true;
  return trigger.user;
}

function viewOf(workspace: Workspace, raw: unknown, type: 'modal' | 'home', user: string): View {
  const given = json(raw);
  if (typeof given !== 'object' || given === null) throw new Refused('invalid_arguments');
  const {
    title,
    submit,
    close,
    callback_id = '',
    private_metadata = '',
    blocks,
    ...rest
  } = given as Record<string, unknown>;
  const mistakes = [...mistakesIn(blocks, type)];
  const words = (text: unknown) =>
    typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : '';
  if (rest.type !== type) mistakes.push('[ERROR] must be a valid enum value [json-pointer:/view/type]');
  if (type === 'modal' && (words(title) === '' || words(title).length > 24))
    mistakes.push('[ERROR] must be less than 25 characters [json-pointer:/view/title]');
  if (words(submit).length > 24) mistakes.push('[ERROR] must be less than 25 characters [json-pointer:/view/submit]');
  if (String(private_metadata).length > 3_000)
    mistakes.push('[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]');
  if (mistakes.length > 0 || !isBlocks(blocks)) throw new Refused('invalid_arguments', mistakes);
  return {
    ...rest,
    title,
    submit: submit ?? null,
    close: close ?? null,
    id: workspace.nextId('V'),
    type,
    hash: `${workspace.nextTs()}.${workspace.nextId('h')}`,
    user,
    team_id: workspace.team.id,
    app_id: workspace.app.id,
    bot_id: workspace.app.bot,
    blocks: asKept(blocks, () => workspace.nextId('b')),
    callback_id: String(callback_id),
    private_metadata: String(private_metadata),
  };
}

/** Forms carry objects as JSON text. */
function json(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}
