import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actor } from './actor.ts';
import type { Name } from './contestants/contestants.ts';
import type { Opening, Wishes } from './stage.ts';

/** A contestant in a process of its own, pinned to one core, with a folder on disk that goes when it ends. */
export class Theatre {
  readonly folder: string;
  readonly #actor: Actor<Wishes>;

  private constructor(folder: string) {
    this.folder = folder;
    this.#actor = new Actor(join(import.meta.dirname, 'stage.ts'));
  }

  static async open(contestant: Name, options: Partial<Omit<Opening, 'contestant' | 'folder'>> = {}): Promise<Theatre> {
    const theatre = new Theatre(mkdtempSync(join(tmpdir(), 'parley-bench-')));
    await theatre.ask('open', { contestant, folder: theatre.folder, flows: 10, ...options });
    return theatre;
  }

  ask<Wish extends keyof Wishes>(
    wish: Wish,
    ...asked: Parameters<Wishes[Wish]>
  ): Promise<Awaited<ReturnType<Wishes[Wish]>>> {
    return this.#actor.ask(wish, ...asked);
  }

  /** Closes the contestant; `look` may then see its files, before they go. */
  async close(look: () => void = () => undefined): Promise<void> {
    await this.ask('close');
    await this.#actor.end();
    look();
    rmSync(this.folder, { recursive: true });
  }
}
