import { createHmac, timingSafeEqual } from 'node:crypto';
import { ParleyError, type RawRequest } from '#channel';
import type { SlackSettings } from './settings.ts';

/** Seconds that a signature is worth something, in both directions: Slack's own libraries take any time in the future. */
const TOLERANCE = 5 * 60;

/**
 * Slack signs `v0:<timestamp>:<body>` over the raw bytes (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 * Compared in constant time, and every secret each time.
 * @throws `channel.unverified`
 */
export function verify({ headers, body }: RawRequest, { signingSecrets }: SlackSettings, now: number): void {
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const [, given] = /^v0=([0-9a-f]{64})$/.exec(headers['x-slack-signature'] ?? '') ?? [];
  if (!/^\d{1,12}$/.test(timestamp) || given === undefined) throw unverified('The signature is missing.');
  const signature = Buffer.from(given, 'hex');
  const matches = signingSecrets.map((secret) => timingSafeEqual(signature, sign(secret, timestamp, body)));
  if (!matches.includes(true)) throw unverified('The signature is not right.');
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE) throw unverified('The signature is not of this time.');
}

function sign(secret: string, timestamp: string, body: Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
}

function unverified(message: string): ParleyError {
  return new ParleyError('channel.unverified', message);
}
