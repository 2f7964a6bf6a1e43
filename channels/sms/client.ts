import twilio from 'twilio';
import { type CallContext, request } from '#channel';
import type { SmsSettings } from './settings.ts';

/**
 * Twilio's own client over a line of ours: at the account's API root, ended by our signal, and without axios, whose answers hide the
 * headers. It retries nothing.
 */
class Line extends twilio.RequestClient {
  /** Seconds that Twilio wants to be left alone. */
  retryAfter: string | null = null;
  readonly #root: string;
  readonly #signal: AbortSignal;

  constructor(root: string, signal: AbortSignal) {
    super();
    this.#root = root;
    this.#signal = signal;
  }

  override async request<T>(asked: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]) {
    const { uri, method, username = '', password = '', data } = asked;
    const { pathname, search } = new URL(uri);
    const answer = await request({
      url: new URL(pathname + search, this.#root),
      method: method.toUpperCase() as 'GET' | 'POST' | 'DELETE',
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      ...(data === undefined ? {} : { body: formOf(data as Readonly<Record<string, unknown>>).toString() }),
      signal: this.#signal,
    });
    this.retryAfter = answer.header('retry-after') ?? null;
    const body = new TextDecoder().decode(answer.bytes);
    return { statusCode: answer.status, body: body as T, headers: {}, toString: () => body };
  }
}

/** A list is the same name several times. */
function formOf(data: Readonly<Record<string, unknown>>): URLSearchParams {
  const pairs = Object.entries(data).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, String(each)]),
  );
  return new URLSearchParams(pairs);
}

export interface NewMessage {
  readonly to: string;
  readonly body: string;
  readonly mediaUrl?: string[];
  readonly statusCallback: string;
}

/** One call of the REST API. */
export async function createMessage(message: NewMessage, context: CallContext<SmsSettings>): Promise<string> {
  const { client, line } = open(context);
  const { sender } = context.settings;
  try {
    const { sid } = await client.messages.create({ ...message, ...sender });
    return sid;
  } catch (error) {
    throw line.retryAfter === null ? error : Object.assign(error as object, { retryAfter: Number(line.retryAfter) });
  }
}

/** `active`, `suspended` or `closed`: https://www.twilio.com/docs/iam/api/account#account-status-values */
export async function accountStatus(context: CallContext<SmsSettings>): Promise<string> {
  const { status } = await open(context).client.api.v2010.accounts(context.settings.accountSid).fetch();
  return status;
}

function open({ settings, signal }: CallContext<SmsSettings>) {
  const { accountSid, authTokens, apiRoot } = settings;
  const line = new Line(apiRoot, signal);
  return { client: twilio(accountSid, authTokens[0], { httpClient: line }), line };
}
