import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** Who signs for a platform by keys that it publishes: each secret is a key, and an account looks where its own are published. */
export class PlatformKeys {
  readonly #keys = new Map<string, Promise<{ key: CryptoKey; published: JWK }>>();
  readonly #server: Server = createServer((request, response) => void this.#answer(request.url ?? '', response));

  async open(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
  }

  /** The OpenID configuration that names these keys and no other. */
  openidOf(secrets: readonly string[]): string {
    return `${this.#url}/${secrets.join('+')}/openid`;
  }

  async sign(claims: Record<string, unknown>, secret: string, from: number): Promise<string> {
    const { key } = await this.#keyOf(secret);
    const seconds = Math.floor(from / 1000);
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: secret, typ: 'JWT' })
      .setNotBefore(seconds)
      .setExpirationTime(seconds + 3_600)
      .sign(key);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #keyOf(secret: string) {
    const known = this.#keys.get(secret) ?? make(secret);
    this.#keys.set(secret, known);
    return known;
  }

  async #answer(path: string, response: { end(body: string): void }): Promise<void> {
    const [, secrets = '', wanted] = path.split('/');
    if (wanted === 'openid') return response.end(JSON.stringify({ jwks_uri: `${this.#url}/${secrets}/keys` }));
    const keys = await Promise.all(secrets.split('+').map(async (secret) => (await this.#keyOf(secret)).published));
    response.end(JSON.stringify({ keys }));
  }
}

async function make(secret: string): Promise<{ key: CryptoKey; published: JWK }> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  return { key: privateKey, published: { ...(await exportJWK(publicKey)), kid: secret, use: 'sig' } };
}
