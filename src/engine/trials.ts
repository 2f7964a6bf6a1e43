import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../errors.ts';
import type { OpenEvent } from '../store/store.ts';
import { wait } from './backoff.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { type Shared, TRIES } from './parts.ts';
import { isStoreFailure, patiently } from './patience.ts';

/**
 * Tries an open event until it is turned, and sets it aside when it keeps failing, so that what came behind it goes on.
 *
 * A turn may also end the process (memory, native code, a loop that a supervisor ends), and then nobody is left to count the try. So
 * after a kill every event goes the sure way for a while and its try is counted on disk before its turn. Whatever has been tried
 * before runs alone: a second kill then tells exactly which event it was, and its innocent neighbours are not counted to death.
 */
export class Trials {
  readonly #shared: Shared;
  readonly #retries = new OneAtATime();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** Has the last process been killed a short while ago? */
  get careful(): boolean {
    return performance.now() < this.#shared.carefulUntil;
  }

  /** Resolves when the event is turned or set aside. `once` turns and commits it; `false`: it has to be computed again. */
  async run(
    { id: conversation }: { readonly id: string },
    open: OpenEvent,
    once: () => Promise<boolean>,
  ): Promise<void> {
    for (let tries = open.tries; ; ) {
      // Counted by processes that did not live to set it aside.
      if (tries >= TRIES) return this.#setAside(conversation, open, 'turn.killed');
      const failure = await (tries === 0
        ? this.#try(open, once, this.careful)
        : this.#retries.run(() => this.#try(open, once, true)));
      if (failure === undefined) return;
      tries += 1;
      const { error } = failure;
      if (tries >= TRIES) return this.#setAside(conversation, open, codeOf(error), error);
      this.#shared.log.error('engine.turn_failed', { error, conversation, kind: open.event.kind, attempt: tries });
      const pause = wait(this.#shared.poisonBackoff, tries, this.#shared.random);
      await sleep(pause, undefined, { signal: this.#shared.abort.signal });
    }
  }

  /** One counted try, and how it failed if it did. */
  async #try(
    open: OpenEvent,
    once: () => Promise<boolean>,
    countFirst: boolean,
  ): Promise<{ readonly error: unknown } | undefined> {
    if (countFirst) await this.#count(open);
    try {
      while (!(await once()));
      return undefined;
    } catch (error) {
      if (isStoreFailure(error)) throw error;
      if (!countFirst) await this.#count(open);
      return { error };
    }
  }

  #count(open: OpenEvent): Promise<void> {
    const { store, clock } = this.#shared;
    const failure = { code: '', at: clock.now(), quarantine: false };
    return patiently(this.#shared, () => store.fail(open.id, failure));
  }

  async #setAside(conversation: string, open: OpenEvent, code: string, error?: unknown): Promise<void> {
    const { store, clock, log } = this.#shared;
    log.error('engine.quarantined', { error, code, conversation, kind: open.event.kind, attempt: TRIES });
    await patiently(this.#shared, () => store.fail(open.id, { code, at: clock.now(), quarantine: true }));
  }
}
