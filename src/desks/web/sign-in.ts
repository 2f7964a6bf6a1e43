import { createHash, randomBytes } from 'node:crypto';
import { ParleyError } from '../../errors.ts';

/** How an agent shows who she is. Whatever opens the door opens it once. */
export interface SignIn {
  /** A code for this agent: whoever holds the deployment's data folder asks for it and hands it over. */
  invite(agent: string): string;
  /** @throws ParleyError `desk.not_let_in`: one answer whatever is wrong with it */
  redeem(proof: string): Promise<string>;
}

/** Milliseconds that a code is good for. */
export const CODE = 10 * 60_000;
/** Seconds that a business's token may live: it is for one click. */
const LONGEST_LIFE = 600;
const AUDIENCE = 'parley-desk';
const MOST = 1_000;

/**
 * @param secret signs the tokens of a business that lets its agents in by itself: a JWT (HS256) with `sub` the agent, `aud`
 *   `parley-desk` and `exp` within ten minutes; `undefined`: none is taken
 */
export function createSignIn(secret: string | undefined, now: () => number): SignIn {
  const codes = new Map<string, { readonly agent: string; readonly until: number }>();
  /** Tokens that have let somebody in, until they expire. */
  const spent = new Map<string, number>();

  async function byToken(token: string): Promise<string> {
    if (secret === undefined) throw notLetIn('This desk takes no tokens: PARLEY_DESK_SECRET is not set.');
    const { jwtVerify } = await import('jose');
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      ...{ algorithms: ['HS256'], audience: AUDIENCE, requiredClaims: ['exp', 'sub'] },
      currentDate: new Date(now()),
    }).catch((cause: unknown) => {
      throw notLetIn(undefined, cause);
    });
    const { sub = '', exp = 0 } = payload;
    if (exp * 1000 > now() + LONGEST_LIFE * 1000) throw notLetIn('The token lives too long: ten minutes at most.');
    const hash = hashOf(token);
    if (spent.has(hash)) throw notLetIn();
    forget(spent, (until) => until <= now());
    spent.set(hash, exp * 1000);
    return sub;
  }

  return {
    invite(agent) {
      forget(codes, ({ until }) => until <= now());
      const code = randomBytes(24).toString('base64url');
      codes.set(hashOf(code), { agent, until: now() + CODE });
      return code;
    },
    async redeem(proof) {
      if (proof.split('.').length === 3) return byToken(proof);
      const hash = hashOf(proof);
      const invited = codes.get(hash);
      codes.delete(hash);
      if (invited === undefined || invited.until <= now()) throw notLetIn();
      return invited.agent;
    },
  };
}

function forget<Value>(from: Map<string, Value>, isOver: (value: Value) => boolean): void {
  for (const [key, value] of from) if (isOver(value) || from.size >= MOST) from.delete(key);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function notLetIn(
  message = 'This link or token opens nothing: it was used, it has expired, or it is not ours.',
  cause?: unknown,
) {
  return new ParleyError('desk.not_let_in', message, {
    hint: 'Ask for a new one: parley desk <agent> prints a link that is good once and for ten minutes.',
    cause,
  });
}
