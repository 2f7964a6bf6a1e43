import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { type Consent, type Inbound, type Media, ParleyError, type RawRequest, type Report } from '#channel';
import { consentWordOf } from './keywords.ts';
import type { SmsSettings } from './settings.ts';

/**
 * `X-Twilio-Signature`: HMAC-SHA1 of the webhook's address and all parameters (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
 * Of a body that is no form the address carries the hash. The address is the configured one: what reaches us is the proxy's.
 * A signature has no time in it: an old request is harmless because its key is known.
 */
export function verify(request: RawRequest, settings: SmsSettings): void {
  if (request.body.byteLength > MOST_BYTES) throw new ParleyError('channel.unverified', 'Twilio sends no such body.');
  const signature = request.headers['x-twilio-signature'] ?? '';
  const address = `${settings.webhook}${request.url.search}`;
  const body = textOf(request.body);
  const params = isForm(request) ? listed(new URLSearchParams(body)) : {};
  // Every token each time: how long it takes must not tell which one was nearly right.
  const matches = settings.authTokens.map((token) => webhooks.validateRequest(token, signature, address, params));
  const whole = isForm(request) || webhooks.validateBody(body, request.url.searchParams.get('bodySHA256') ?? '');
  if (!matches.includes(true) || !whole) throw new ParleyError('channel.unverified', 'The signature is not right.');
}

/** 1,600 letters of nine bytes each, ten addresses of media, and as much again. What is larger is not worth hashing. */
const MOST_BYTES = 32 * 1024;

/**
 * A message is an event. `MessageSid` is what Twilio repeats when it delivers again; status callbacks are {@link reports}.
 * @throws `sms.invalid_webhook`
 */
export function parse(request: RawRequest, settings: SmsSettings): readonly Inbound[] {
  const form = formOf(request);
  if (isReport(form)) return [];
  const from = form.get('From') ?? '';
  const sid = form.get('MessageSid') ?? '';
  if (form.get('AccountSid') !== settings.accountSid || from === '' || !/^(?:SM|MM)[0-9a-f]{32}$/i.test(sid))
    throw new ParleyError('sms.invalid_webhook', 'This is no message of this Twilio account.');
  const text = form.get('Body') ?? '';
  const media = mediaOf(form);
  const consent = consentOf(text, form.get('OptOutType'), settings);
  const locale = localeOf(text, settings);
  return [
    {
      account: decodeURIComponent(request.url.pathname.split('/').at(-1) ?? ''),
      address: from,
      key: sid,
      event: { kind: 'message', text, ...(consent === undefined ? {} : { consent }) },
      ...(locale === undefined ? {} : { locale }),
      ...(media.length === 0 ? {} : { media }),
    },
  ];
}

/** What we asked for by `StatusCallback`, which carries the message's own key. */
export function reports(request: RawRequest): readonly Report[] {
  const form = formOf(request);
  const key = request.url.searchParams.get('message');
  const status = STATUSES.get(form.get('MessageStatus') ?? '');
  if (!isReport(form) || key === null || status === undefined) return [];
  const code = form.get('ErrorCode');
  return [{ key, status, ...(code === null || code === '' ? {} : { code }) }];
}

/** https://www.twilio.com/docs/messaging/api/message-resource#message-status-values; the others say nothing new. */
const STATUSES: ReadonlyMap<string, Report['status']> = new Map([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
]);

/** Twilio tells `received` of what customers wrote. */
function isReport(form: URLSearchParams): boolean {
  const status = form.get('MessageStatus');
  return status !== null && status !== 'received';
}

/** With `OptOutType` Twilio has found the word, and answered it in its own words. */
function consentOf(text: string, found: string | null, { twilioAnswers }: SmsSettings): Consent | undefined {
  const type = found?.toLowerCase();
  if (type === 'stop' || type === 'start' || type === 'help') return { word: type, answered: true };
  const own = consentWordOf(text);
  return own && { word: own.word, locale: own.locale, answered: own.known && twilioAnswers };
}

/** Twilio tells no language: Han letters do. */
function localeOf(text: string, { locale }: SmsSettings): string | undefined {
  return /\p{sc=Han}/u.test(text) ? 'zh' : locale;
}

function mediaOf(form: URLSearchParams): Media[] {
  const count = Math.min(Number(form.get('NumMedia') ?? 0) || 0, MOST_MEDIA);
  return Array.from({ length: count }, (_, index) => {
    const type = form.get(`MediaContentType${index}`) ?? '';
    return { ref: form.get(`MediaUrl${index}`) ?? '', name: `${index + 1}.${type.split('/')[1] ?? 'bin'}` };
  });
}

/** https://www.twilio.com/docs/messaging/guides/webhook-request */
const MOST_MEDIA = 10;

function formOf(request: RawRequest): URLSearchParams {
  if (!isForm(request)) throw new ParleyError('sms.invalid_webhook', 'Twilio tells of messages in forms.');
  return new URLSearchParams(textOf(request.body));
}

function isForm({ headers }: RawRequest): boolean {
  return (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new ParleyError('channel.unverified', 'The body is not UTF-8.', { cause });
  }
}

/** As Twilio's validator wants them: a name that comes several times has a list. */
function listed(form: URLSearchParams): Record<string, string | string[]> {
  // In one pass: whoever forges may send thousands of names.
  const byName = Map.groupBy(form, ([name]) => name);
  return Object.fromEntries(
    [...byName].map(([name, pairs]) => {
      const values = pairs.map(([, value]) => value);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
