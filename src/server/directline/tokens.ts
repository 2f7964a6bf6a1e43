import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { codeOf } from '../../errors.ts';
import { badToken, expired } from './refusals.ts';
import type { DirectlineSettings } from './settings.ts';

/** What a token says: which conversation it opens, for whom, and to whose pages. Signed, so that nothing of it needs to be stored. */
export interface Token {
  readonly conversation: string;
  readonly user?: string;
  /** The holder of the secret vouches for whom it names, or for whom the client will name; a customer's own word is not that. */
  readonly trusted?: true;
  /** Only pages of these sites. Absent: all that the account allows. */
  readonly origins?: readonly string[];
}

export interface Tokens {
  isSecret(text: string): boolean;
  issue(token: Token): Promise<string>;
  /** @throws `directline.bad_token`, `directline.token_expired` */
  read(text: string): Promise<Token>;
  /**
   * Opens a conversation's stream, and nothing else, for a minute: a browser's socket cannot send a header, so the protocol puts this
   * into the stream's address.
   */
  ticket(conversation: string): Promise<string>;
  /** The conversation that a ticket opens. @throws `directline.bad_token`, `directline.token_expired` */
  punch(ticket: string): Promise<string>;
}

/** Seconds in which a client has to connect to its stream. */
const TICKET_LIFE = 60;

type Purpose = 'token' | 'stream';

/** `user` is where clients look for the id that a token carries. */
const Claims = z.object({
  conv: z.string(),
  user: z.string().optional(),
  trusted: z.literal(true).optional(),
  origins: z.array(z.string()).optional(),
});

/** JSON Web Tokens under keys derived from the account's secrets. `jose` is loaded with the first. */
export function createTokens(account: string, settings: DirectlineSettings, clock: () => number): Tokens {
  const fingerprints = settings.secrets.map(fingerprint);
  const keys = settings.secrets.map((secret) =>
    createHmac('sha256', secret).update(`parley.directline\0${account}`).digest(),
  );

  async function sign(purpose: Purpose, claims: JWTPayload, life: number): Promise<string> {
    const { SignJWT } = await import('jose');
    const now = Math.floor(clock() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(purpose)
      .setIssuedAt(now)
      .setExpirationTime(now + life)
      .sign(keys[0]!);
  }

  async function verify(purpose: Purpose, text: string): Promise<z.infer<typeof Claims>> {
    const { jwtVerify } = await import('jose');
    let failure: unknown;
    for (const key of keys) {
      try {
        const { payload } = await jwtVerify(text, key, {
          algorithms: ['HS256'],
          audience: purpose,
          requiredClaims: ['exp'],
          currentDate: new Date(clock()),
        });
        return Claims.parse(payload);
      } catch (error) {
        // The signature is looked at first: what has expired was good once.
        if (codeOf(error) === 'ERR_JWT_EXPIRED') throw expired();
        failure = error;
      }
    }
    throw badToken(failure);
  }

  return {
    isSecret: (text) => {
      const given = fingerprint(text);
      return fingerprints.some((own) => timingSafeEqual(own, given));
    },
    issue: ({ conversation, ...rest }) => sign('token', { conv: conversation, ...rest }, settings.tokenLife),
    async read(text) {
      const { conv, user, trusted, origins } = await verify('token', text);
      return {
        conversation: conv,
        ...(user === undefined ? {} : { user }),
        ...(trusted === undefined ? {} : { trusted }),
        ...(origins === undefined ? {} : { origins }),
      };
    },
    ticket: (conversation) => sign('stream', { conv: conversation }, TICKET_LIFE),
    punch: async (ticket) => (await verify('stream', ticket)).conv,
  };
}

/** Of one length, so that a comparison takes one time. */
function fingerprint(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
