import { type Inbound, ParleyError, type RawRequest, type RawResponse } from '#channel';
import { Payload } from './payload.ts';
import { type Parsed, said } from './said.ts';
import type { SlackSettings } from './settings.ts';
import { submitted } from './submitted.ts';
import { tapped } from './tapped.ts';

/** Slack proves a new Request URL by a question that wants its own words back: https://docs.slack.dev/reference/events/url_verification */
export function challenge(request: RawRequest): RawResponse | undefined {
  const body = readBody(request);
  if (typeof body !== 'object' || body === null || !('type' in body) || body.type !== 'url_verification')
    return undefined;
  if (!('challenge' in body) || typeof body.challenge !== 'string') throw unreadable();
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ challenge: body.challenge }),
  };
}

/** The events of one webhook call. `POST /channels/<account>` names the account. */
export function parse(request: RawRequest, settings: SlackSettings): readonly Inbound[] {
  const account = decodeURIComponent(request.url.pathname.split('/').at(-1) ?? '');
  return eventsOf(readBody(request), account, settings);
}

/** What a webhook or a socket brought: one event, or none. */
export function eventsOf(raw: unknown, account: string, settings: SlackSettings): readonly Inbound[] {
  const read = Payload.safeParse(raw);
  if (!read.success) throw unreadable(read.error);
  if (read.data === undefined) return [];
  const event = happened(read.data, settings);
  return event === undefined ? [] : [{ account, ...event }];
}

function happened(payload: NonNullable<Payload>, settings: SlackSettings): Parsed | undefined {
  switch (payload.type) {
    case 'event_callback':
      return said(payload, settings);
    case 'block_actions':
      return tapped(payload, settings);
    case 'view_submission':
      return submitted(payload);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Events are JSON; what people do with buttons is JSON in the `payload` of a form, whose type may name a charset. */
function readBody({ headers, body }: RawRequest): unknown {
  try {
    const text = utf8.decode(body);
    const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '');
    return JSON.parse(isForm ? (new URLSearchParams(text).get('payload') ?? '{"type":"form"}') : text);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): ParleyError {
  return new ParleyError('slack.invalid_payload', 'This is nothing that Slack sends.', { cause });
}
