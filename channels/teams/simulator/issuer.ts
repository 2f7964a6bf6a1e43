import { randomBytes } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { Refused } from './world.ts';

const ISSUER = 'https://api.botframework.com';
/** Seconds that a token lasts. */
const LIFE = 3_600;

interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
  readonly published: JWK & { readonly endorsements?: readonly string[] };
}

/** Both sides' tokens: those that the platform signs for the bot's door, and those that the bot needs for the connector. */
export class Issuer {
  readonly #appId: string;
  readonly #password: string;
  readonly #now: () => number;
  readonly #granted = new Map<string, number>();
  #keys: readonly SigningKey[] = [];
  /** How often a bot has logged in. */
  logins = 0;
  /** How often the keys were asked for. */
  asked = 0;

  constructor(appId: string, password: string, now: () => number) {
    this.#appId = appId;
    this.#password = password;
    this.#now = now;
  }

  /** Signs with a new key from now on; the old one stays published. */
  async rotate(endorsements: readonly string[] | undefined = ['msteams']): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const kid = randomBytes(9).toString('base64url');
    const { kty = 'RSA', n = '', e = '' } = await exportJWK(publicKey);
    const named = endorsements.length === 0 ? {} : { endorsements };
    const published = { kty, use: 'sig', kid, x5t: kid, n, e, ...named };
    this.#keys = [...this.#keys, { kid, key: privateKey, published }];
  }

  get keys(): { readonly keys: readonly JWK[] } {
    this.asked += 1;
    return { keys: this.#keys.map(({ published }) => published) };
  }

  /** `Authorization` of a call to the bot. */
  async authorize(serviceUrl: string): Promise<string> {
    const last = this.#keys.at(-1);
    if (last === undefined) throw new Refused(500, 'NoKey', 'There is no key yet.');
    const seconds = Math.floor(this.#now() / 1000);
    const token = await new SignJWT({ serviceurl: serviceUrl })
      .setProtectedHeader({ alg: 'RS256', kid: last.kid, x5t: last.kid, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(this.#appId)
      .setNotBefore(seconds - 1)
      .setExpirationTime(seconds + LIFE)
      .sign(last.key);
    return `Bearer ${token}`;
  }

  /** OAuth's client credentials: the answer's status and body. */
  login(form: URLSearchParams): { status: number; body: object } {
    this.logins += 1;
    const isRight =
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === this.#appId &&
      form.get('scope') === `${ISSUER}/.default`;
    if (!isRight || form.get('client_secret') !== this.#password)
      return {
        status: 401,
        body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' },
      };
    const token = randomBytes(24).toString('base64url');
    this.#granted.set(`Bearer ${token}`, this.#now() + LIFE * 1000);
    return { status: 200, body: { token_type: 'Bearer', expires_in: LIFE, ext_expires_in: LIFE, access_token: token } };
  }

  /** Throws unless it is a token of ours that still lasts. */
  check(authorization: string | undefined): void {
    const until = this.#granted.get(authorization ?? '');
    if (until === undefined || until < this.#now())
      throw new Refused(401, 'Unauthorized', 'Authorization has been denied for this request.');
  }

  /** None of the tokens that bots have is taken any more. */
  revoke(): void {
    this.#granted.clear();
  }
}
