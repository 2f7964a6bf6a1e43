import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { StoredEntry } from '../../src/store/store.ts';
import { until } from '../journeys/process.ts';
import type { Platform, Stand } from './platforms.ts';

/** See `channel-bot.ts`. */
export type Point = 'accepted' | 'begun' | 'sent' | 'settled';

/** Seeded on purpose: see `channel-bot.ts`. */
export type Bug = 'ack-early' | 'no-dedupe' | 'no-mark' | 'no-record' | 'sure' | 'fresh-key';

/** Where a life is to stand still, and which fault it has. */
export interface Doom {
  readonly point: Point | 'none';
  readonly nth?: number;
  readonly bug?: Bug;
}

interface Line {
  readonly url?: string;
  readonly reached?: Point;
  readonly times?: number;
  readonly stands?: Point;
}

/** A bot with one platform, over its lives: always the same file and the same address. */
export class Lives {
  readonly stand: Stand;
  readonly #directory = mkdtempSync(join(tmpdir(), 'parley-channels-'));
  readonly #place: { url: string; back: PromiseWithResolvers<void> };
  #child: ChildProcess | undefined;
  #lines: Line[] = [];

  private constructor(stand: Stand, place: { url: string; back: PromiseWithResolvers<void> }) {
    this.stand = stand;
    this.#place = place;
    const settings = { name: 'Shop', channels: { it: stand.account } };
    // JSON is YAML.
    writeFileSync(join(this.#directory, 'parley.yaml'), JSON.stringify(settings));
  }

  static async with(platform: Platform): Promise<Lives> {
    const place = { url: 'http://127.0.0.1:1', back: Promise.withResolvers<void>() };
    const pause = async () => {
      await new Promise((next) => setTimeout(next, 20));
      await place.back.promise;
    };
    return new Lives(await platform.open({ url: () => place.url, pause }), place);
  }

  async begin({ point, nth = 1, bug = undefined }: Doom = { point: 'none' }): Promise<void> {
    const { port } = new URL(this.#place.url);
    const given = [this.#directory, port === '1' ? '0' : port, point, String(nth), ...(bug === undefined ? [] : [bug])];
    const child = spawn(process.execPath, [join(import.meta.dirname, 'channel-bot.ts'), ...given], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, ...this.stand.environment },
    });
    this.#child = child;
    const lines: Line[] = [];
    this.#lines = lines;
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line));
    // A whole bot, on a machine that may have others to run.
    await this.#says(({ url }) => url !== undefined, 'its address', 60_000);
    this.#place.url = lines[0]?.url ?? '';
    await this.stand.connect?.();
    this.#place.back.resolve();
  }

  async reaches(point: Point, times: number): Promise<void> {
    await this.#says((line) => line.reached === point && line.times === times, `${point} ${times} times`);
  }

  /** It stands where it was to stand. */
  async stands(): Promise<void> {
    await this.#says(({ stands }) => stands !== undefined, 'where it stands');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // Platforms try a few times only, and a machine restarts faster than they try.
    this.#place.back = Promise.withResolvers();
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** Waits until she has heard this. */
  async hears(word: string): Promise<void> {
    await until(
      () => this.heard.includes(word),
      () => `${word}; heard ${this.heard}`,
    );
  }

  /** Waits until she has heard this and all is quiet, and says what she has heard in all. */
  async ends(word: string): Promise<readonly string[]> {
    await this.hears(word);
    await this.stand.settled();
    return this.heard;
  }

  get heard(): readonly string[] {
    return this.stand.heard.flatMap((text) => text.match(/[a-z]+\d+[ab]/g) ?? []);
  }

  /** Ends in order, and shows what stands in the store. */
  async end(): Promise<readonly StoredEntry[]> {
    const exit = once(this.#child!, 'exit');
    this.#child!.stdin!.end();
    await exit;
    const store = openSqlite(join(this.#directory, '.parley', 'parley.db'));
    const [conversation] = await store.states(0, 2);
    const entries = conversation === undefined ? [] : await store.transcript(conversation.id, 0, 1_000);
    await store.close();
    return entries;
  }

  async clean(): Promise<void> {
    await this.kill();
    this.#place.back.resolve();
    await this.stand.close();
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #says(fits: (line: Line) => boolean, what: string, limit?: number): Promise<void> {
    const child = this.#child;
    const said = () => {
      if (child?.exitCode !== null) throw new Error(`It ended before it said ${what}.`);
      return this.#lines.some(fits);
    };
    await until(said, what, limit);
  }
}
