import { neverLeft, type Part, type Receipt, type SendContext, type SendError } from '#channel';
import { createMessage } from './client.ts';
import type { SmsPart } from './plan.ts';
import type { SmsSettings } from './settings.ts';

/** One message. Its key comes back with each of Twilio's reports on it. */
export async function send(part: Part, context: SendContext<SmsSettings>): Promise<Receipt> {
  const { body, media } = part as SmsPart;
  const { settings, address: to, key } = context;
  const statusCallback = `${settings.webhook}?message=${encodeURIComponent(key)}`;
  const pictured = media !== undefined && settings.mms && isNorthAmerican(to);
  const content = pictured ? { body: body.replace(media, '').replace(/: $/, ''), mediaUrl: [media] } : { body };
  return { id: await createMessage({ to, statusCallback, ...content }, context) };
}

/** Twilio sends MMS to the United States and Canada; elsewhere a picture is its address. */
function isNorthAmerican(number: string): boolean {
  return /^\+1\d{10}$/.test(number);
}

/** Twilio's queue for this number is full: it empties by a segment a second. */
const QUEUE_FULL = 60_000;

/** By Twilio's own codes first (https://www.twilio.com/docs/api/errors), then by the status. */
export function classify(error: unknown): SendError {
  const { status, code, retryAfter } = error as Partial<Record<string, unknown>>;
  // Where the line broke or fell silent, it may have arrived.
  if (typeof status !== 'number') return neverLeft(error) ? { kind: 'retryable' } : { kind: 'unknown' };
  const after = typeof retryAfter === 'number' && retryAfter > 0 ? retryAfter * 1000 : undefined;
  if (code === 20429 || status === 429) return { kind: 'rate_limited', after: after ?? 1_000, scope: 'account' };
  if (code === 20003 || status === 401) return { kind: 'auth', reason: 'sms.token_refused' };
  if (code === 21611 || code === 30001) return { kind: 'rate_limited', after: after ?? QUEUE_FULL, scope: 'account' };
  // She said STOP to Twilio; only her START lets us in again.
  if (code === 21610) return { kind: 'opted_out' };
  const unreachable = UNREACHABLE.get(String(code));
  if (unreachable !== undefined) return unreachable;
  const reason = REASONS.get(Number(code));
  if (reason !== undefined) return { kind: 'permanent', reason };
  if (status >= 500 || code === 21730) return { kind: 'retryable', ...(after === undefined ? {} : { after }) };
  return { kind: 'permanent', reason: 'channel.refused' };
}

/** What a report's code says about her number. Other failures are of one message. */
export function failure(code: string): SendError | undefined {
  return code === '21610' ? { kind: 'opted_out' } : UNREACHABLE.get(code);
}

/**
 * Blocked by her or by her carrier, unknown, or a landline: nothing will arrive there before she writes to us. A handset that is off or
 * out of the net (30003) is as unreachable for this message, and is switched on again. By https://www.twilio.com/docs/api/errors
 */
const UNREACHABLE: ReadonlyMap<string, SendError> = new Map([
  ['30003', { kind: 'unreachable', reason: 'channel.unreachable', passing: true }],
  ...['30004', '30005', '30006'].map(
    (code) => [code, { kind: 'unreachable', reason: 'channel.unreachable' }] as [string, SendError],
  ),
]);

const REASONS: ReadonlyMap<number, string> = new Map([
  ...[21211, 21214, 21217, 21408, 21612, 21614].map((code) => [code, 'channel.invalid_address'] as const),
  ...[21602, 21617, 21619, 21620, 30007].map((code) => [code, 'channel.invalid_content'] as const),
]);
