import { type Answered, type CallContext, type Media, ParleyError, request, TooLarge } from '#channel';
import type { SmsSettings } from './settings.ts';

/** Bytes: what Twilio itself takes of an MMS (https://www.twilio.com/docs/messaging/guides/accepted-mime-types). */
const FILE_LIMIT = 5 * 1024 * 1024;
/** Where Twilio's API sends on to, without our password. */
const STORES = /(?:^|\.)(?:twilio\.com|twiliocdn\.com|amazonaws\.com)$/;
const HOPS = 3;

/**
 * Gets a file that came with an MMS. Only from the account's own API host, and from where that sends on to: a form can say anything,
 * and our password goes to Twilio alone.
 * @throws `sms.file_refused`, `sms.file_too_large`, `sms.file_unavailable` (retryable)
 */
export async function fetchMedia({ ref }: Media, { settings, signal }: CallContext<SmsSettings>): Promise<Uint8Array> {
  if (!URL.canParse(ref) || new URL(ref).origin !== settings.apiRoot) throw refused('It is not at Twilio.');
  const authorization = `Basic ${Buffer.from(`${settings.accountSid}:${settings.authTokens[0]}`).toString('base64')}`;
  let address = new URL(ref);
  for (let hop = 0; hop < HOPS; hop++) {
    const headers = address.origin === settings.apiRoot ? { authorization } : {};
    const answer = await get(address, headers, signal);
    const next = answer.header('location');
    if (answer.status < 300 || answer.status >= 400 || next === undefined) return bytesOf(answer);
    address = new URL(next, address);
    const trusted = address.protocol === 'https:' && STORES.test(address.hostname);
    if (!trusted && address.origin !== settings.apiRoot) throw refused('It is sent on to a stranger.');
  }
  throw refused('It is sent on for ever.');
}

async function get(address: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Answered> {
  try {
    return await request({ url: address, method: 'GET', headers, signal, limit: FILE_LIMIT });
  } catch (cause) {
    if (cause instanceof TooLarge) throw new ParleyError('sms.file_too_large', 'A file is larger than an MMS can be.');
    throw unavailable(cause);
  }
}

function bytesOf({ status, bytes }: Answered): Uint8Array {
  // A file is sometimes told of a moment before it is there.
  if (status === 404 || status === 429 || status >= 500) throw unavailable(undefined);
  if (status !== 200) throw refused(`Twilio answers ${status}.`);
  return bytes;
}

function refused(why: string): ParleyError {
  return new ParleyError('sms.file_refused', `A file of an MMS is not fetched. ${why}`);
}

function unavailable(cause: unknown): ParleyError {
  return new ParleyError('sms.file_unavailable', 'A file could not be fetched from Twilio right now.', {
    retryable: true,
    cause,
  });
}
