import { type Block, type Element, elementsOf, type Option } from './blocks.ts';
import { compose, richText } from './composer.ts';
import type { Deliveries } from './deliveries.ts';
import { described, keep } from './files.ts';
import { wordsOf } from './mrkdwn.ts';
import type { Answer } from './sockets.ts';
import {
  type Channel,
  change,
  directWith,
  type Message,
  Refused,
  say,
  takeBack,
  type User,
  type View,
  type Workspace,
} from './workspace.ts';

/** Where she writes; without it, in her direct message with the app. */
export interface Where {
  readonly channel?: Channel;
  /** `ts` of the message that the thread hangs from. */
  readonly thread?: string;
}

/** What stands in a form's or list's field: an option's value, several, a date, or words. */
export type Filled = string | readonly string[];

/** Somebody with Slack open. What she does reaches the app as Slack would tell it. */
export class Member {
  readonly user: User;
  readonly #workspace: Workspace;
  readonly #deliveries: Deliveries;
  readonly #url: string;
  /** What she has filled in and not sent, by message or view, block and action. */
  readonly #state = new Map<string, Record<string, Record<string, object>>>();

  constructor(workspace: Workspace, deliveries: Deliveries, user: User, url: string) {
    this.user = user;
    this.#workspace = workspace;
    this.#deliveries = deliveries;
    this.#url = url;
  }

  /** Her direct message with the app. */
  get direct(): Channel {
    const direct = directWith(this.#workspace, this.user.id);
    if (direct === undefined) throw new Error(`${this.user.name} is not in the workspace.`);
    return direct;
  }

  get messages(): readonly Message[] {
    return this.direct.messages;
  }

  /** The app's words in her direct message, in order. */
  get heard(): readonly string[] {
    return this.hears(this.direct);
  }

  /** The app's words anywhere, as blocks show them. */
  hears({ messages }: Channel): readonly string[] {
    return messages.filter(({ bot_id: bot }) => bot !== undefined).map(shownWords);
  }

  say(text: string, where: Where = {}): Message {
    return this.#post(where, { text: compose(text, this.#workspace), blocks: richText(text) });
  }

  /** A mention of the app, as the composer writes it. */
  mention(text: string, where: Where): Message {
    return this.say(`@${this.#workspace.app.name} ${text}`, where);
  }

  attach(
    name: string,
    bytes: Uint8Array,
    mimetype = 'application/octet-stream',
    text = '',
    where: Where = {},
  ): Message {
    const file = keep(this.#workspace, name, mimetype, bytes);
    const files = [described(this.#workspace, file, this.#url)];
    return this.#post(where, { subtype: 'file_share', text: compose(text, this.#workspace), files });
  }

  edit(message: Message, text: string, { channel = this.direct }: Where = {}): void {
    change(this.#workspace, channel, message, this.user.id, {
      text: compose(text, this.#workspace),
      blocks: richText(text),
    });
  }

  remove(message: Message, { channel = this.direct }: Where = {}): void {
    takeBack(this.#workspace, channel, message);
  }

  /** She looks at the app: its messages, or its Home. */
  openHome(tab: 'home' | 'messages' = 'messages'): void {
    const event_ts = this.#workspace.nextTs();
    this.#workspace.emit({ type: 'app_home_opened', user: this.user.id, channel: this.direct.id, tab, event_ts });
  }

  /** She opens the assistant beside her work: a thread of its own in the direct message. */
  startAssistant(): string {
    const { direct, user } = this;
    const { app, team } = this.#workspace;
    const ts = this.#workspace.nextTs();
    const author = { user: app.user, bot_id: app.bot, app_id: app.id, team: team.id };
    say(this.#workspace, direct, {
      type: 'message',
      subtype: 'assistant_app_thread',
      ts,
      thread_ts: ts,
      ...author,
      text: 'New Chat',
    });
    const assistant_thread = { user_id: user.id, channel_id: direct.id, thread_ts: ts, context: { team_id: team.id } };
    this.#workspace.emit({ type: 'assistant_thread_started', assistant_thread, event_ts: this.#workspace.nextTs() });
    return ts;
  }

  /** Taps the newest button with this label. */
  tap(label: string, { channel = this.direct }: Where = {}): Promise<Answer> {
    const shows = ({ element }: { element: Element }) => element.type === 'button' && element.text?.text === label;
    const message = channel.messages.findLast(({ blocks = [] }) => elementsOf(blocks).some(shows));
    const found = elementsOf(message?.blocks ?? []).find(shows);
    if (message === undefined || found === undefined) throw new Error(`No button says “${label}”.`);
    return this.touch(message, found.block, found.element, undefined, { channel });
  }

  /** Picks in a list, ticks boxes, chooses a date: in the newest message that has such an element. */
  pick(type: string, filled: Filled, { channel = this.direct }: Where = {}): Promise<Answer> {
    const fits = ({ element }: { element: Element }) => element.type === type;
    const message = channel.messages.findLast(({ blocks = [] }) => elementsOf(blocks).some(fits));
    const found = elementsOf(message?.blocks ?? []).find(fits);
    if (message === undefined || found === undefined) throw new Error(`There is no ${type}.`);
    return this.touch(message, found.block, found.element, filled, { channel });
  }

  /** Touches an element of a message as it stood when she saw it: the button may be gone by now. */
  touch(
    message: Message,
    block: Block,
    element: Element,
    filled?: Filled,
    { channel = this.direct }: Where = {},
  ): Promise<Answer> {
    const state = this.#state.get(message.ts) ?? {};
    this.#state.set(message.ts, state);
    const block_id = String(block.block_id);
    const action_id = String(element.action_id);
    const value = filledIn(element, filled);
    if (element.type !== 'button')
      state[block_id] = { ...state[block_id], [action_id]: { type: element.type, ...value } };
    const { thread_ts } = message;
    const action_ts = this.#workspace.nextTs();
    return this.#deliveries.interaction({
      type: 'block_actions',
      ...this.#who(),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: false,
        ...(thread_ts && { thread_ts }),
      },
      channel: { id: channel.id, name: channel.is_im ? 'directmessage' : channel.name },
      message: structuredClone(message),
      state: { values: state },
      response_url: `${this.#url}/actions/${channel.id}/${message.ts}`,
      actions: [
        { action_id, block_id, type: element.type, ...(element.text && { text: element.text }), ...value, action_ts },
      ],
    });
  }

  /** Types a slash command. What the app says to it, only she reads. */
  async command(command: string, text: string, { channel = this.direct }: Where = {}): Promise<string> {
    const { user, team, trigger_id, api_app_id } = this.#who();
    const { payload } = await this.#deliveries.command({
      ...{ token: 'unused', team_id: team.id, team_domain: team.domain, api_app_id, is_enterprise_install: 'false' },
      ...{
        channel_id: channel.id,
        channel_name: channel.name ?? 'directmessage',
        user_id: user.id,
        user_name: user.name,
      },
      ...{ command, text, trigger_id, response_url: `${this.#url}/actions/${channel.id}/0` },
    });
    return String(payload?.text ?? '');
  }

  /** Picks one of the app's entries in a message's menu. */
  shortcut(callback_id: string, message: Message, { channel = this.direct }: Where = {}): Promise<Answer> {
    return this.#deliveries.interaction({
      type: 'message_action',
      ...this.#who(),
      ...{ callback_id, action_ts: this.#workspace.nextTs(), message_ts: message.ts },
      message: structuredClone(message),
      channel: { id: channel.id, name: channel.name ?? 'directmessage' },
      response_url: `${this.#url}/actions/${channel.id}/${message.ts}`,
    });
  }

  /** The app's Home tab, as she sees it. */
  get home(): View | undefined {
    return this.#workspace.homes.get(this.user.id);
  }

  /** Touches something in a modal or on the Home tab: the one with this label, or the only one of this kind. */
  touchIn(view: View | undefined, what: string, filled?: Filled): Promise<Answer> {
    const found = elementsOf(view?.blocks ?? []).find(
      ({ element: { text, type } }) => text?.text === what || type === what,
    );
    if (view === undefined || found === undefined) throw new Error(`Nothing says “${what}”.`);
    return this.touchOn(view, found.block, found.element, filled);
  }

  /** The same of an element that she sees. */
  touchOn(view: View, block: Block, element: Element, filled?: Filled): Promise<Answer> {
    const action = { action_id: element.action_id, block_id: block.block_id, type: element.type };
    const value = filledIn(element, filled);
    return this.#deliveries.interaction({
      ...{ type: 'block_actions', ...this.#who(), container: { type: 'view', view_id: view.id } },
      view: { ...view, state: { values: {} } },
      actions: [
        { ...action, ...(element.text && { text: element.text }), ...value, action_ts: this.#workspace.nextTs() },
      ],
    });
  }

  /** What only she was told there. */
  whispers({ whispers }: Channel): readonly string[] {
    return whispers.filter(({ user }) => user === this.user.id).map(({ text }) => wordsOf(text));
  }

  /** The modal that the app has opened for her. */
  get view(): View | undefined {
    return [...this.#workspace.views.values()].findLast(({ user }) => user === this.user.id);
  }

  /** She closes it without sending it. */
  dismiss(): void {
    if (this.view !== undefined) this.#workspace.views.delete(this.view.id);
    this.#workspace.changed();
  }

  /** Fills a modal in (by the `block_id` or `action_id` of its inputs) and sends it. What the app finds wrong, by block; empty: it is closed. */
  async submit(filled: Readonly<Record<string, Filled>>): Promise<Readonly<Record<string, string>>> {
    const { view } = this;
    if (view === undefined) throw new Error('No modal is open.');
    const values: Record<string, Record<string, object>> = {};
    for (const { block, element } of elementsOf(view.blocks)) {
      const given = filled[String(block.block_id)] ?? filled[String(element.action_id)];
      values[String(block.block_id)] = {
        [String(element.action_id)]: { type: element.type, ...filledIn(element, given) },
      };
    }
    const { payload } = await this.#deliveries.interaction({
      type: 'view_submission',
      ...this.#who(),
      view: { ...view, state: { values } },
      response_urls: [],
    });
    if (payload?.response_action === 'errors') return payload.errors as Readonly<Record<string, string>>;
    this.#workspace.views.delete(view.id);
    this.#workspace.changed();
    return {};
  }

  #post({ channel = this.direct, thread }: Where, content: Pick<Message, 'text'> & Partial<Message>): Message {
    const root = thread === undefined ? undefined : channel.messages.find(({ ts }) => ts === thread);
    if (thread !== undefined && root === undefined) throw new Refused('thread_not_found');
    const within = thread === undefined ? {} : { thread_ts: thread, parent_user_id: root?.user ?? '' };
    const author = { user: this.user.id, team: this.#workspace.team.id };
    return say(this.#workspace, channel, {
      type: 'message',
      ts: this.#workspace.nextTs(),
      ...author,
      ...within,
      ...content,
    });
  }

  #who() {
    const { team, app } = this.#workspace;
    const { id, name } = this.user;
    const trigger_id = this.#workspace.nextId('trigger');
    this.#workspace.triggers.set(trigger_id, { user: id, expires: this.#workspace.now() + 3_000, used: false });
    const installed = { enterprise: null, is_enterprise_install: false };
    const user = { id, username: name, name, team_id: team.id };
    return {
      user,
      team: { id: team.id, domain: team.domain },
      api_app_id: app.id,
      token: 'unused',
      trigger_id,
      ...installed,
    };
  }
}

function filledIn({ type, value, options = [] }: Element, filled: Filled | undefined): object {
  const chosen = (wanted: string) =>
    options.find((option: Option) => option.value === wanted || option.text.text === wanted);
  const several = filled === undefined ? [] : [filled].flat();
  switch (type) {
    case 'button':
      return value === undefined ? {} : { value };
    case 'static_select':
    case 'radio_buttons':
      return { selected_option: chosen(several[0] ?? '') ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { selected_options: several.flatMap((each) => chosen(each) ?? []) };
    case 'datepicker':
      return { selected_date: several[0] ?? null };
    default:
      return { value: several[0] ?? null };
  }
}

/** All words of a message, as they are read from top to bottom. */
export function shownWords({ text, blocks }: Message): string {
  if (blocks === undefined) return wordsOf(text);
  return blocks
    .flatMap(({ text: own, fields }) => [own, ...(Array.isArray(fields) ? fields : [])])
    .flatMap((object: unknown) =>
      hasText(object) ? [object.type === 'mrkdwn' ? wordsOf(object.text) : object.text] : [],
    )
    .join('\n');
}

function hasText(object: unknown): object is { type: string; text: string } {
  return (
    typeof object === 'object' &&
    object !== null &&
    'text' in object &&
    typeof object.text === 'string' &&
    'type' in object
  );
}
