import { type Answered, type CallContext, type Media, ParleyError, request, TooLarge } from '#channel';
import type { SlackSettings } from './settings.ts';

/** Bytes that we are ready to hold. */
const FILE_LIMIT = 20 * 1024 * 1024;
/** Where Slack keeps files; https://docs.slack.dev/reference/objects/file-object says that addresses of others are not ours to fetch. */
const HOME = 'https://files.slack.com';

/**
 * Gets a file at its private address, with the bot's token: so only from Slack itself, and redirects, which lead to a login page, are
 * not followed. Without the scope `files:read`, Slack answers with that page.
 * @throws `slack.file_unavailable` (retryable), `slack.file_refused`, `slack.file_too_large`
 */
export async function fetchMedia(
  { ref, name, size }: Media,
  { settings, signal }: CallContext<SlackSettings>,
): Promise<Uint8Array> {
  if ((size ?? 0) > FILE_LIMIT) throw tooLarge();
  if (!isHome(ref, settings)) throw refused();
  const answer = await ask(ref, settings.botToken, signal);
  if (answer.status !== 200) throw answer.status >= 500 || answer.status === 429 ? unavailable() : refused();
  const isPage = answer.header('content-type')?.startsWith('text/html') === true;
  if (isPage && !/\.html?$/i.test(name)) throw refused();
  return answer.bytes;
}

function isHome(ref: string, { apiRoot }: SlackSettings): boolean {
  return URL.canParse(ref) && [HOME, apiRoot].includes(new URL(ref).origin);
}

async function ask(ref: string, token: string, signal: AbortSignal): Promise<Answered> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    return await request({ url: ref, method: 'GET', headers, signal, limit: FILE_LIMIT });
  } catch (cause) {
    throw cause instanceof TooLarge ? tooLarge() : unavailable(cause);
  }
}

function tooLarge(): ParleyError {
  return new ParleyError('slack.file_too_large', 'A file that a customer sent in Slack is larger than 20 MB.');
}

function refused(): ParleyError {
  return new ParleyError('slack.file_refused', 'Slack does not give this file.', {
    hint: 'Has the app the scope files:read?',
  });
}

function unavailable(cause?: unknown): ParleyError {
  return new ParleyError('slack.file_unavailable', 'A file could not be fetched from Slack right now.', {
    retryable: true,
    cause,
  });
}
