import { Refusal } from '../refusal.ts';

/**
 * What this door refuses. The statuses are Direct Line's own, which clients act on: 401 and 400 are final, 403 `TokenExpired` asks for
 * a new token, 404 ends the conversation
 * (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-direct-line-3-0-api-reference#http-status-codes).
 */
export const noBearer = () =>
  new Refusal(401, 'directline.no_token', 'There is no token or secret.', {
    hint: 'Send Authorization: Bearer SECRET_OR_TOKEN.',
  });

/** One answer for an invented token, one of another account, and one of another conversation: it tells nobody which there are. */
export const badToken = (cause?: unknown) =>
  new Refusal(403, 'directline.bad_token', 'This token or secret does not open this.', {
    hint: 'Ask your own server for a new one.',
    cause,
  });

export const expired = () =>
  new Refusal(403, 'directline.token_expired', 'This token has expired.', {
    hint: 'Refresh tokens while they are good; now ask your own server for a new one.',
  });

/** Addresses end up in logs, histories and referrers. */
export const tokenInUrl = () =>
  new Refusal(400, 'directline.token_in_url', 'A token does not belong in an address.', {
    hint: 'Send it as Authorization: Bearer …, and treat this one as known to others.',
  });

export const secretInPage = () =>
  new Refusal(403, 'directline.secret_in_page', 'A page sent the secret: whoever opens the page can read it.', {
    hint: 'Replace the secret, and have your server turn it into tokens with POST /tokens/generate.',
  });

export const secretNeeded = () =>
  new Refusal(403, 'directline.secret_needed', 'Only the secret opens this.', {
    hint: 'Call it from your own server.',
  });

export const tokenNeeded = () =>
  new Refusal(403, 'directline.token_needed', 'Only a token can be refreshed; a secret does not expire.', {
    hint: 'Send the token that is to be replaced.',
  });

export const noConversation = () =>
  new Refusal(404, 'directline.no_conversation', 'There is no such conversation.', {
    hint: 'Start one with POST /conversations.',
  });

export const noAccount = () =>
  new Refusal(404, 'directline.no_account', 'No account speaks Direct Line here.', {
    hint: 'Compare the address with the accounts in parley.yaml.',
  });

export const invalid = (what: string) =>
  new Refusal(400, 'directline.invalid', `The request does not fit: ${what}.`, {
    hint: 'See channels/directline/README.md for what is taken.',
  });

/** Direct Line's own words for what is wrong; its clients know no others. */
const CODES: Readonly<Record<string, string>> = {
  'directline.token_expired': 'TokenExpired',
  'directline.no_conversation': 'ConversationNotFound',
  'chat.empty': 'MissingProperty',
};

/** `{error: {code, message}}`: what every 4xx and 5xx of Direct Line brings. */
export function toErrorResponse(refusal: Refusal): Response {
  const { status, code, message, hint, retryAfter } = refusal;
  const headers: Record<string, string> = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const error = { code: CODES[code] ?? codeFor(status), message: hint === undefined ? message : `${message} ${hint}` };
  return new Response(JSON.stringify({ error }), { status, headers });
}

function codeFor(status: number): string {
  if (status === 413) return 'MessageSizeTooBig';
  if (status === 429) return 'TooManyRequests';
  return status >= 500 ? 'ServiceError' : 'BadArgument';
}
