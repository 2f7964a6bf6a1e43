import { z } from 'zod';
import {
  type CallContext,
  neverLeft,
  ParleyError,
  type Part,
  type Receipt,
  type SendContext,
  type SendError,
} from '#channel';
import { callConnector, Refusal } from './client.ts';
import { isFilePart, linkTo } from './file.ts';
import type { TeamsSettings } from './settings.ts';
import { offered } from './upload.ts';

const Sent = z.object({ id: z.string().optional() });

/** One activity into a conversation, whether she has just written or not. */
export async function send(part: Part, context: SendContext<TeamsSettings>): Promise<Receipt> {
  if (!isFilePart(part)) return await say(part, context);
  try {
    return await say(await offered(part.file, context.address, context), context);
  } catch (error) {
    // An app whose manifest does not say `supportsFiles` may not ask: refused for what it is, so nothing was said.
    if (!(error instanceof Refusal) || error.status !== 400) throw error;
    return await say(linkTo(part.file), context);
  }
}

async function say(part: Part, context: SendContext<TeamsSettings>): Promise<Receipt> {
  const { id } = Sent.parse(
    (await callConnector('POST', context.address, 'activities', ours(part, context), context)) ?? {},
  );
  return id === undefined ? {} : { id };
}

export async function edit(part: Part, context: SendContext<TeamsSettings> & { readonly id: string }): Promise<void> {
  const path = `activities/${encodeURIComponent(context.id)}`;
  const said = isFilePart(part) ? await offered(part.file, context.address, context) : part;
  await callConnector('PUT', context.address, path, { ...ours(said, context), id: context.id }, context);
}

export async function remove(context: SendContext<TeamsSettings> & { readonly id: string }): Promise<void> {
  await callConnector('DELETE', context.address, `activities/${encodeURIComponent(context.id)}`, undefined, context);
}

export async function typing(context: CallContext<TeamsSettings> & { readonly address: string }): Promise<void> {
  await callConnector('POST', context.address, 'activities', ours({ type: 'typing' }, context), context);
}

/** In Teams a bot is `28:` and its App ID. */
function ours(part: Part, { settings }: CallContext<TeamsSettings>): Part {
  return { ...part, from: { id: `28:${settings.appId}` } };
}

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit and …/conversations/send-proactive-messages */
export function classify(error: unknown): SendError {
  if (error instanceof ParleyError) return classifyOurs(error);
  if (!(error instanceof Refusal)) return classifyLine(error);
  const { status, code, after } = error;
  if (status === 429) return { kind: 'rate_limited', after: after ?? 1_000, scope: 'conversation' };
  if (RETRYABLE.has(status)) return { kind: 'retryable', ...(after === undefined ? {} : { after }) };
  if (status === 401) return { kind: 'auth', reason: 'channel.auth' };
  if (UNREACHABLE.has(code) || status === 403 || (status === 404 && code !== 'ActivityNotFoundInConversation'))
    return { kind: 'unreachable', reason: code === '' ? `status_${status}` : code };
  // Its own mistake, after which it may have been said or not.
  if (status >= 500) return { kind: 'unknown' };
  return status === 400 || status === 413
    ? { kind: 'invalid', reason: 'channel.invalid_content' }
    : { kind: 'permanent', reason: 'channel.refused' };
}

/** What Teams asks to try again; 503 comes from what stands before it. */
const RETRYABLE: ReadonlySet<number> = new Set([412, 502, 503, 504]);

/** She has taken the app away or blocked it, or her administrator has. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'BotNotInConversationRoster',
  'ConversationBlockedByUser',
  'BotDisabledByAdmin',
  'MessageWritesBlocked',
  'ConversationNotFound',
]);

/** Without a token nothing has left. */
function classifyOurs({ code, retryable }: ParleyError): SendError {
  if (code === 'teams.login_refused') return { kind: 'auth', reason: 'channel.auth' };
  return retryable ? { kind: 'retryable' } : { kind: 'unknown' };
}

/** Where no connection came about, nothing can have arrived; where one broke or fell silent, it may have. */
function classifyLine(error: unknown): SendError {
  return neverLeft(error) ? { kind: 'retryable' } : { kind: 'unknown' };
}
