import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';

/**
 * A visitor is whoever holds her token: 256 random bits, told once. The conversation's address is the token's SHA-256, so the
 * store holds nothing that opens a conversation, and no table of tokens is needed.
 *
 * Once a customer is verified, the token also carries a tag of who she is (`<random>.<tag>`). It is covered by the address like the rest, so it
 * cannot be forged, and it lets the door tell "the same customer again" from "another customer at the same screen" without storage.
 */
export function newToken(customer?: string): string {
  return tagged(randomBytes(32).toString('base64url'), customer);
}

/**
 * The token that replaces `token` when an identity is proven. It is derived, so that a client whose answer was lost gets the same
 * one when it asks again, and it cannot be foreseen without the business's signature: whoever planted the old token is out.
 */
export function raisedToken(token: string, identity: string, customer: string): string {
  const random = createHash('sha256').update(`parley.raised\0${token}\0${identity}`).digest('base64url');
  return tagged(random, customer);
}

export function addressOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Whom a token was issued to: nobody in particular, this customer, or another one. */
export function heldBy(token: string, customer: string): 'nobody' | 'same' | 'other' {
  const tag = token.split('.')[1];
  if (tag === undefined) return 'nobody';
  return tag === tagOf(customer) ? 'same' : 'other';
}

/** The bearer token of a request, if it has one. Only the header counts. */
export function bearerOf(headers: Headers): string | undefined {
  const value = headers.get('authorization');
  if (value === null) return undefined;
  const token = /^Bearer +(\S+)$/i.exec(value)?.[1];
  if (token === undefined || !isToken(token)) throw unknownToken();
  return token;
}

export function isToken(value: string): boolean {
  return TOKEN.test(value);
}

/** One answer for a missing, an invented, a withdrawn and a foreign token: it tells nobody which conversations exist. */
export function unknownToken(): Refusal {
  return new Refusal(401, 'chat.unknown_token', 'This token opens no conversation.', {
    hint: 'Start one with POST /chat/session and send its token as Authorization: Bearer …',
  });
}

function tagged(random: string, customer: string | undefined): string {
  return customer === undefined ? random : `${random}.${tagOf(customer)}`;
}

function tagOf(customer: string): string {
  return createHash('sha256').update(`parley.customer\0${customer}`).digest().subarray(0, 16).toString('base64url');
}

const TOKEN = /^[A-Za-z0-9_-]{43}(\.[A-Za-z0-9_-]{22})?$/;
