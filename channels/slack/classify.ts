import { z } from 'zod';
import { neverLeft, type SendError } from '#channel';

/** The vendor's errors by their codes, because a class may be loaded twice. */
const Thrown = z.object({
  code: z.string(),
  retryAfter: z.number().optional(),
  statusCode: z.number().optional(),
  data: z.object({ error: z.string() }).optional(),
  original: z.unknown().optional(),
});

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors */
export function classify(error: unknown): SendError {
  const read = Thrown.safeParse(error);
  if (!read.success) return unnamed(error);
  const { code, retryAfter, statusCode, data, original } = read.data;
  switch (code) {
    case 'slack_webapi_rate_limited_error':
      // Its limits are of one channel far more often than of all: the others go on, and are told themselves if it is theirs too.
      return { kind: 'rate_limited', after: (retryAfter ?? 1) * 1_000, scope: 'conversation' };
    case 'slack_webapi_platform_error':
      return refusal(data?.error ?? '');
    case 'slack_webapi_http_error':
      return (statusCode ?? 0) >= 500 ? { kind: 'retryable' } : { kind: 'permanent', reason: `http_${statusCode}` };
    case 'slack.not_uploaded':
      return { kind: 'retryable' };
    case 'slack_webapi_request_error':
      return neverLeft(original) ? { kind: 'retryable' } : { kind: 'unknown' };
    default:
      return { kind: 'unknown' };
  }
}

const GONE = new Set([
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'user_disabled',
  'user_not_found',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'thread_not_found',
  'restricted_action',
  'restricted_action_thread_locked',
]);
const LOCKED_OUT = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'org_login_required',
  'ekm_access_denied',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'team_access_not_granted',
  'access_denied',
]);
const OURS = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
  'invalid_arguments',
  'invalid_arg_name',
  'invalid_post_type',
  'invalid_form_data',
  'invalid_charset',
  'markdown_text_conflict',
]);
const BUSY = new Set(['service_unavailable', 'team_added_to_org', 'request_timeout']);
const LIMITED = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);

function refusal(word: string): SendError {
  if (LIMITED.has(word)) return { kind: 'rate_limited', after: 1_000, scope: 'conversation' };
  if (GONE.has(word)) return { kind: 'unreachable', reason: word };
  if (LOCKED_OUT.has(word)) return { kind: 'auth', reason: word };
  if (OURS.has(word)) return { kind: 'invalid', reason: word };
  if (BUSY.has(word)) return { kind: 'retryable' };
  // "It's possible some aspect of the operation succeeded", and what is no word of Slack's is not Slack that answers.
  if (word === 'fatal_error' || word === 'internal_error' || !/^[a-z_]{1,64}$/.test(word)) return { kind: 'unknown' };
  return { kind: 'permanent', reason: word };
}

/** A 429 that does not say how long reaches us without a code. */
function unnamed(error: unknown): SendError {
  const { data } = z.object({ message: z.string() }).safeParse(error);
  return data?.message.includes('Retry header')
    ? { kind: 'rate_limited', after: 1_000, scope: 'conversation' }
    : { kind: 'unknown' };
}
