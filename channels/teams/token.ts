import { z } from 'zod';
import { ParleyError, request } from '#channel';
import type { TeamsSettings } from './settings.ts';

const Granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
/** Milliseconds before its end from which a token is replaced, or half its life where that is short. */
const MARGIN = 300_000;

interface Token {
  readonly text: string;
  /** On the machine's own clock that only runs forward, whatever the time of day is set to. */
  readonly until: number;
}

/** An account's key to the connector. All who need one at the same time wait for the same. */
class TokenKeeper {
  readonly #settings: TeamsSettings;
  #token: Token | undefined;
  #asking: Promise<Token> | undefined;
  /** Which of the passwords was taken last. */
  #password = 0;

  constructor(settings: TeamsSettings) {
    this.#settings = settings;
  }

  /**
   * @param refused a token that the connector no longer takes
   * @throws `teams.no_token` (retryable), `teams.login_refused`
   */
  async get(signal: AbortSignal, refused?: string): Promise<string> {
    if (refused !== undefined && this.#token?.text === refused) this.#token = undefined;
    if (this.#token !== undefined && performance.now() < this.#token.until) return this.#token.text;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    // Whoever is called off stops waiting; the token is still for the others.
    const token = await Promise.race([this.#asking, aborted(signal)]);
    return token.text;
  }

  /** The first password that is taken; which one that is, is remembered. */
  async #ask(): Promise<Token> {
    const { passwords } = this.#settings;
    for (let tried = 0; tried < passwords.length; tried++) {
      const granted = await this.#login(passwords[this.#password] ?? '');
      if (granted !== undefined) {
        this.#token = granted;
        return granted;
      }
      this.#password = (this.#password + 1) % passwords.length;
    }
    throw new ParleyError('teams.login_refused', 'Microsoft takes none of the passwords of the Teams account.', {
      hint: 'Has the client secret run out? Make a new one at the app registration, and set the variable of `app_password`.',
    });
  }

  /** OAuth 2.0 client credentials. `undefined`: this password is not right. */
  async #login(password: string): Promise<Token | undefined> {
    const { loginRoot, loginTenant, tenant = loginTenant, appId, scope } = this.#settings;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: password,
      scope,
    });
    const asked = performance.now();
    const answer = await request({
      url: `${loginRoot}/${tenant}/oauth2/v2.0/token`,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      signal: AbortSignal.timeout(LOGIN_TIMEOUT),
    }).catch((cause: unknown) => {
      throw unavailable(cause);
    });
    if (answer.status === 400 || answer.status === 401) return undefined;
    const granted = Granted.safeParse(answer.json());
    if (answer.status !== 200 || !granted.success) throw unavailable(new Error(`The login answers ${answer.status}.`));
    const life = granted.data.expires_in * 1000;
    return { text: granted.data.access_token, until: asked + Math.max(life - MARGIN, life / 2) };
  }
}

const LOGIN_TIMEOUT = 10_000;

const keepers = new WeakMap<TeamsSettings, TokenKeeper>();

export function tokenOf(settings: TeamsSettings): TokenKeeper {
  const keeper = keepers.get(settings) ?? new TokenKeeper(settings);
  keepers.set(settings, keeper);
  return keeper;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(unavailable(signal.reason));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

function unavailable(cause: unknown): ParleyError {
  return new ParleyError('teams.no_token', 'Microsoft gives us no token for the connector right now.', {
    retryable: true,
    cause,
  });
}
