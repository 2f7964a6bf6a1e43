import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { codeOf } from '../errors.ts';
import type { JsonObject } from '../type.ts';
import { Refusal } from './refusal.ts';
import type { IdentitySettings } from './settings.ts';

/** Who the business says the visitor is. */
export interface Identity {
  /** The customer's id in the business's own system. */
  readonly customer: string;
  /** The token's other claims, such as `name` and `email`. */
  readonly attributes: JsonObject;
}

/** @throws `chat.bad_identity`, one answer whatever is wrong with it; `chat.identity_unavailable` when the keys cannot be had */
export type Identify = (jwt: string) => Promise<Identity>;

/** Seconds a token may live: it is meant for one page, and a stolen one must soon be worthless. */
const LONGEST_LIFE = 3600;
const CLOCK_TOLERANCE = 5;

const KEY_FAULTS = new Set(['ERR_JWKS_NO_MATCHING_KEY', 'ERR_JWKS_MULTIPLE_MATCHING_KEYS', 'ERR_JOSE_NOT_SUPPORTED']);

/** Named, never taken from the token: a token that picks its own algorithm picks `none`, or a public key as an HMAC secret. */
const ALGORITHMS = {
  secret: ['HS256'],
  jwks: ['ES256', 'RS256', 'PS256', 'EdDSA'],
  jwks_url: ['ES256', 'RS256', 'PS256', 'EdDSA'],
} as const;

/** Claims about the token, not about the customer. */
const REGISTERED = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/**
 * Verifies the short-lived JWT by which a business vouches for a visitor. `jose` is loaded with the first one: it costs 25 ms that
 * a start should not pay.
 */
export function createIdentify(settings: IdentitySettings | undefined, clock: () => number): Identify {
  if (settings === undefined)
    return () =>
      Promise.reject(
        badIdentity('This chat takes no identities.', 'Set `identity` of the web account in parley.yaml to use them.'),
      );
  let keys: Promise<JWTVerifyGetKey> | undefined;

  return async (jwt) => {
    const { jwtVerify } = await import('jose');
    keys ??= loadKeys(settings);
    const key = await keys;
    const now = clock();
    try {
      const { payload } = await jwtVerify(jwt, key, {
        algorithms: [...ALGORITHMS[settings.keys.kind]],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: new Date(now),
        ...(settings.issuer === undefined ? {} : { issuer: settings.issuer }),
        ...(settings.audience === undefined ? {} : { audience: settings.audience }),
      });
      const { sub, exp = Number.POSITIVE_INFINITY, iat } = payload;
      const from = Math.min(iat ?? Number.POSITIVE_INFINITY, now / 1000);
      if (exp - from > LONGEST_LIFE + CLOCK_TOLERANCE) throw badIdentity(TOO_LONG, 'Sign it for an hour at most.');
      if (sub === undefined || sub === '' || sub.length > 256) throw badIdentity(NOT_PROVEN, SIGN_AGAIN);
      return { customer: sub, attributes: attributesOf(payload) };
    } catch (cause) {
      if (cause instanceof Refusal) throw cause;
      throw badIdentity(NOT_PROVEN, SIGN_AGAIN, cause);
    }
  };
}

async function loadKeys({ keys }: IdentitySettings): Promise<JWTVerifyGetKey> {
  const { createLocalJWKSet, createRemoteJWKSet } = await import('jose');
  switch (keys.kind) {
    case 'secret': {
      const secret = new TextEncoder().encode(keys.secret);
      return () => Promise.resolve(secret);
    }
    case 'jwks':
      return createLocalJWKSet(keys.jwks as JSONWebKeySet);
    case 'jwks_url':
      return orUnavailable(createRemoteJWKSet(new URL(keys.url), { timeoutDuration: 5_000 }));
  }
}

function attributesOf(payload: Readonly<Record<string, unknown>>): JsonObject {
  // A verified payload is parsed JSON: what is left of it is JSON too.
  return Object.fromEntries(Object.entries(payload).filter(([claim]) => !REGISTERED.has(claim))) as JsonObject;
}

/** A key that is not among the business's is the token's fault; keys that cannot be fetched are not. */
function orUnavailable(find: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (cause) {
      if (KEY_FAULTS.has(codeOf(cause))) throw cause;
      throw new Refusal(503, 'chat.identity_unavailable', 'Identities cannot be checked right now.', {
        hint: 'Try again in a moment; if it stays, see whether `jwks_url` answers.',
        retryAfter: 5,
        cause,
      });
    }
  };
}

function badIdentity(message: string, hint: string, cause?: unknown): Refusal {
  return new Refusal(401, 'chat.bad_identity', message, cause === undefined ? { hint } : { hint, cause });
}

const NOT_PROVEN = 'The identity is not proven: it is forged, expired, or meant for somebody else.';
const TOO_LONG = 'The identity is valid for too long.';
const SIGN_AGAIN = 'Sign a new one for this visitor (HS256 or a key of the JWKS, with sub and exp) and send it again.';
