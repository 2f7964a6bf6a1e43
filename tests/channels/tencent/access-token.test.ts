import { describe, expect, test } from '@jest/globals';
import { type AccessToken, AccessTokens, type AskForToken } from '../../../channels/tencent/access-token.ts';

const HOUR = 3_600_000;
const patient = new AbortController().signal;

/** A platform that gives everybody the same token until it is forced to make another, and that answers when it is told to. */
class Platform {
  readonly asked: boolean[] = [];
  made = 1;
  lasts = 2 * HOUR;
  readonly #waiting: (() => void)[] = [];
  held = false;

  readonly ask: AskForToken = async ({ force }) => {
    this.asked.push(force);
    if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (force) this.made += 1;
    return { value: `token ${this.made}`, lasts: this.lasts };
  };

  release(): void {
    for (const answer of this.#waiting.splice(0)) answer();
  }
}

describe('an access token', () => {
  test('is asked for once, however many want it', async () => {
    const platform = new Platform();
    const tokens = new AccessTokens(platform.ask, () => 0);
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.get(patient)));
    expect(new Set(all)).toEqual(new Set(['token 1']));
    expect(await tokens.get(patient)).toBe('token 1');
    expect(platform.asked).toEqual([false]);
  });

  test('is asked for anew five minutes before its end', async () => {
    const platform = new Platform();
    let now = 0;
    const tokens = new AccessTokens(platform.ask, () => now);
    await tokens.get(patient);
    now = 2 * HOUR - 5 * 60_000 - 1;
    await tokens.get(patient);
    expect(platform.asked).toHaveLength(1);
    now += 1;
    await tokens.get(patient);
    expect(platform.asked).toHaveLength(2);
  });

  test('that lasts only a little is still used', async () => {
    const platform = new Platform();
    platform.lasts = 60_000;
    let now = 0;
    const tokens = new AccessTokens(platform.ask, () => now);
    await tokens.get(patient);
    now = 29_999;
    await tokens.get(patient);
    expect(platform.asked).toHaveLength(1);
  });

  test('that was refused is replaced, by force only where the platform gives the same one again', async () => {
    const platform = new Platform();
    const tokens = new AccessTokens(platform.ask, () => 0);
    tokens.refuse(await tokens.get(patient));
    expect(await tokens.get(patient)).toBe('token 2');
    expect(platform.asked).toEqual([false, false, true]);
  });

  test('that another process has replaced is replaced without force', async () => {
    const platform = new Platform();
    const tokens = new AccessTokens(platform.ask, () => 0);
    const old = await tokens.get(patient);
    platform.made = 2;
    tokens.refuse(old);
    expect(await tokens.get(patient)).toBe('token 2');
    expect(platform.asked).toEqual([false, false]);
  });

  test('that was refused twice at the same time is replaced once', async () => {
    const platform = new Platform();
    const tokens = new AccessTokens(platform.ask, () => 0);
    const old = await tokens.get(patient);
    tokens.refuse(old);
    await tokens.get(patient);
    tokens.refuse(old);
    expect(await tokens.get(patient)).toBe('token 2');
    expect(platform.asked).toEqual([false, false, true]);
  });

  test('is not lost to the others when one of them gives up', async () => {
    const platform = new Platform();
    platform.held = true;
    const tokens = new AccessTokens(platform.ask, () => 0);
    const hasty = new AbortController();
    const given = tokens.get(hasty.signal);
    const waiting = tokens.get(patient);
    hasty.abort(new Error('no time'));
    await expect(given).rejects.toThrow('no time');
    platform.release();
    await expect(waiting).resolves.toBe('token 1');
    await expect(tokens.get(hasty.signal)).rejects.toThrow('no time');
  });

  test('that could not be had is asked for again', async () => {
    let broken = true;
    const ask = async (): Promise<AccessToken> => {
      if (broken) throw new Error('the line broke');
      return { value: 'token', lasts: HOUR };
    };
    const tokens = new AccessTokens(ask, () => 0);
    await expect(Promise.all([tokens.get(patient), tokens.get(patient)])).rejects.toThrow('the line broke');
    broken = false;
    await expect(tokens.get(patient)).resolves.toBe('token');
  });
});
