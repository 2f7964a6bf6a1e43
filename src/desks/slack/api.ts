import type { Logger, WebClient } from '@slack/web-api';
import type { Block } from './text.ts';

/** The Web API, as far as the desk needs it; every call is tried once. @throws {@link SlackFailure} */
export interface SlackApi {
  /** Resolves with the `ts`. */
  post(message: Posted): Promise<string>;
  update(message: Omit<Posted, 'thread' | 'as'> & { readonly ts: string }): Promise<void>;
  /** Only this user sees it. */
  whisper(user: string, message: Omit<Posted, 'as' | 'mark'>): Promise<void>;
  /** The message under that mark, if it is there: asked only when nobody knows what became of a call. */
  search(channel: string, mark: string, thread?: string): Promise<string | undefined>;
  react(channel: string, ts: string, name: string): Promise<void>;
  unreact(channel: string, ts: string, name: string): Promise<void>;
  openView(trigger: string, view: object): Promise<string>;
  updateView(id: string, view: object): Promise<void>;
  publishHome(user: string, view: object): Promise<void>;
}

export interface Posted {
  readonly channel: string;
  readonly thread?: string;
  /** Under whose name; default: the app's own. */
  readonly as?: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** By which it is found again. */
  readonly mark?: { readonly id: string; readonly facts?: Readonly<Record<string, unknown>> };
}

/** What a failed call means for whoever made it. */
export class SlackFailure extends Error {
  override readonly name = 'SlackFailure';
  /**
   * `flood`: not before `after` milliseconds; `gone`: the channel or thread cannot be written to any more; `refused`: this content never
   * will be taken; `closed`: the app has no access now; `lost`: nobody knows whether it was done; `down`: it was not done.
   */
  readonly kind: 'flood' | 'gone' | 'refused' | 'closed' | 'lost' | 'down';
  /** Slack's own word. */
  readonly code: string;
  readonly after: number;

  constructor(kind: SlackFailure['kind'], code: string, after = 0, cause?: unknown) {
    super(`Slack: ${code}`, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.code = code;
    this.after = after;
  }
}

export interface ApiOptions {
  readonly token: string;
  readonly apiRoot: string;
}

/** By the vendor's client, with its own retries off: the pump knows better what may be said again. */
export function openApi({ token, apiRoot }: ApiOptions): SlackApi {
  let client: Promise<WebClient> | undefined;

  async function call(method: string, given: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    client ??= import('@slack/web-api').then(({ WebClient }) => new WebClient(token, clientOptions(apiRoot)));
    try {
      return { ...(await (await client).apiCall(method, { ...given })) };
    } catch (error) {
      throw failureOf(error);
    }
  }

  return {
    async post({ channel, thread, as, text, blocks, mark }) {
      const { ts } = await call('chat.postMessage', {
        ...{ channel, text, blocks, ...QUIET },
        ...(thread === undefined ? {} : { thread_ts: thread }),
        ...(as === undefined ? {} : { username: as }),
        ...metadataOf(mark),
      });
      return String(ts);
    },
    async update({ channel, ts, text, blocks, mark }) {
      await call('chat.update', { ...{ channel, ts, text, blocks }, ...QUIET, ...metadataOf(mark) });
    },
    async whisper(user, { channel, thread, text, blocks }) {
      const within = thread === undefined ? {} : { thread_ts: thread };
      await call('chat.postEphemeral', { ...{ channel, user, text, blocks }, ...within, ...QUIET });
    },
    async search(channel, mark, thread) {
      const within = { channel, include_all_metadata: true, limit: 100 };
      const { messages } =
        thread === undefined
          ? await call('conversations.history', within)
          : await call('conversations.replies', { ...within, ts: thread });
      const found = (Array.isArray(messages) ? messages : []).find((message) => markIn(message) === mark);
      return found === undefined ? undefined : String(found.ts);
    },
    async react(channel, ts, name) {
      await call('reactions.add', { channel, timestamp: ts, name });
    },
    async unreact(channel, ts, name) {
      await call('reactions.remove', { channel, timestamp: ts, name });
    },
    async openView(trigger, view) {
      const { view: opened } = await call('views.open', { trigger_id: trigger, view });
      return String((opened as { id?: unknown } | undefined)?.id);
    },
    async updateView(id, view) {
      await call('views.update', { view_id: id, view });
    },
    async publishHome(user, view) {
      await call('views.publish', { user_id: user, view });
    },
  };
}

/** Nothing in it is made a link, a name or a preview that we have not marked as one. */
const QUIET = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
const EVENT = 'parley_desk';

function metadataOf(mark: Posted['mark']): object {
  if (mark === undefined) return {};
  return { metadata: { event_type: EVENT, event_payload: { mark: mark.id, ...mark.facts } } };
}

function markIn(message: unknown): unknown {
  const { metadata } = message as { metadata?: { event_type?: unknown; event_payload?: { mark?: unknown } } };
  return metadata?.event_type === EVENT ? metadata.event_payload?.mark : undefined;
}

const GONE =
  /^(channel_not_found|is_archived|not_in_channel|channel_is_limited_access|thread_not_found|message_not_found|cannot_reply_to_message|restricted_action.*|cant_update_message|no_permission)$/;
const CLOSED =
  /^(invalid_auth|not_authed|account_inactive|token_revoked|token_expired|missing_scope|not_allowed_token_type|team_access_not_granted|org_login_required)$/;
const DOWN = /^(ratelimited|internal_error|fatal_error|service_unavailable|request_timeout|team_added_to_org)$/;

function failureOf(error: unknown): SlackFailure {
  const { code, retryAfter, data } = error as { code?: string; retryAfter?: number; data?: { error?: string } };
  if (code === 'slack_webapi_rate_limited_error')
    return new SlackFailure('flood', code, (retryAfter ?? 1) * 1000, error);
  const word = data?.error;
  if (word === undefined) return new SlackFailure('lost', String(code ?? 'unreachable'), 0, error);
  if (GONE.test(word)) return new SlackFailure('gone', word, 0, error);
  if (CLOSED.test(word)) return new SlackFailure('closed', word, 0, error);
  if (DOWN.test(word)) return new SlackFailure('down', word, 0, error);
  return new SlackFailure('refused', word, 0, error);
}

/** Milliseconds; the vendor's client has no limit of its own. */
const TIMEOUT = 15_000;

export function clientOptions(apiRoot: string) {
  return {
    slackApiUrl: `${apiRoot}/api/`,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT,
    logger: SILENT,
  };
}

/** The vendor's log would go to the terminal, with customers' words in it. What it tells is in what it throws. */
export const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as ReturnType<Logger['getLevel']>,
  setName: () => undefined,
};
