import { type CryptoKey, importJWK } from 'jose';
import { z } from 'zod';
import { ParleyError, request } from '#channel';

/** A key of the platform, and the channels that it may sign for (`msteams`, …); none named: all of them. */
export interface PlatformKey {
  readonly key: CryptoKey;
  readonly endorsements: readonly string[];
}

const Configuration = z.object({ jwks_uri: z.url({ protocol: /^https?$/ }) });
const KeySet = z.object({
  keys: z.array(
    z.looseObject({
      kid: z.string().optional(),
      kty: z.string(),
      n: z.string().optional(),
      e: z.string().optional(),
      endorsements: z.array(z.string()).optional(),
    }),
  ),
});

/** Milliseconds. The platform asks for a refresh a day, and lets keys come in between (…/bot-service/rest-api/bot-framework-rest-connector-authentication). */
const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;
/** Between two tries that failed, so that a stranger's tokens cannot make us ask without end. */
const PAUSE = 5_000;
const TIMEOUT = 10_000;

/**
 * The keys that the platform publishes at one address. They are fetched when first needed, once a day, and when a token names a key
 * that we do not know, at most once an hour. While the platform cannot be asked, the keys that we have go on holding.
 */
export class PlatformKeys {
  readonly #address: string;
  #keys: ReadonlyMap<string, PlatformKey> = new Map();
  #fetched = Number.NEGATIVE_INFINITY;
  #tried = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;

  constructor(address: string) {
    this.#address = address;
  }

  /** @throws `teams.keys_unavailable` (retryable) while there is none at all */
  async find(kid: string, now: number): Promise<PlatformKey | undefined> {
    const isStale = now - this.#fetched >= (this.#keys.has(kid) ? DAY : HOUR);
    if (isStale) await this.#refresh(now);
    return this.#keys.get(kid);
  }

  /** All who ask at the same time wait for the same answer. */
  async #refresh(now: number): Promise<void> {
    if (this.#fetching === undefined) {
      if (now - this.#tried < PAUSE) return this.#unlessEmpty(undefined);
      this.#tried = now;
      this.#fetching = this.#fetch(now).finally(() => {
        this.#fetching = undefined;
      });
    }
    try {
      await this.#fetching;
    } catch (cause) {
      this.#unlessEmpty(cause);
    }
  }

  async #fetch(now: number): Promise<void> {
    const { jwks_uri: address } = Configuration.parse(await read(this.#address));
    const { keys } = KeySet.parse(await read(address));
    const found = keys.flatMap(async ({ kid, kty, n, e, endorsements = [] }) => {
      if (kid === undefined || kty !== 'RSA' || n === undefined || e === undefined) return undefined;
      const key = (await importJWK({ kty, n, e }, 'RS256')) as CryptoKey;
      return [kid, { key, endorsements }] as const;
    });
    this.#keys = new Map((await Promise.all(found)).filter((each) => each !== undefined));
    this.#fetched = now;
  }

  #unlessEmpty(cause: unknown): void {
    if (this.#keys.size > 0) return;
    throw new ParleyError('teams.keys_unavailable', 'The keys of the Bot Framework cannot be fetched right now.', {
      hint: 'The bot must reach the address `openid` of its Teams account, by default login.botframework.com.',
      retryable: true,
      cause,
    });
  }
}

async function read(address: string): Promise<unknown> {
  const answer = await request({ url: address, method: 'GET', signal: AbortSignal.timeout(TIMEOUT) });
  if (answer.status !== 200) throw new Error(`${new URL(address).host} answers ${answer.status}.`);
  return answer.json();
}
