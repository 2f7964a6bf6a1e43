import type { DueTimer } from '../store/store.ts';
import { Alarm } from './alarm.ts';
import type { Shared } from './parts.ts';

/**
 * Timers go off when the clock has reached them, never earlier, and once: the arrival takes the timer's row with it, in one
 * transaction, so a second one finds it gone.
 */
export class Timers {
  readonly #shared: Shared;
  readonly #alarm: Alarm;
  readonly #goOff: (timer: DueTimer) => Promise<void>;

  constructor(shared: Shared, goOff: (timer: DueTimer) => Promise<void>) {
    this.#shared = shared;
    this.#goOff = goOff;
    this.#alarm = new Alarm(shared.clock.now, () => this.#ring());
  }

  async start(): Promise<void> {
    this.#alarm.set(await this.#shared.store.nextTimer());
  }

  stop(): void {
    this.#alarm.stop();
  }

  set(at: number): void {
    this.#alarm.set(at);
  }

  async #ring(): Promise<void> {
    const { store, clock, log } = this.#shared;
    try {
      while (!this.#shared.stopping) {
        const due = await store.due(clock.now(), AT_ONCE);
        if (due.length === 0) break;
        await Promise.all(due.map(this.#goOff));
      }
      this.#alarm.set(await store.nextTimer());
    } catch (error) {
      log.error('engine.timer_failed', { error });
      this.#alarm.set(clock.now() + AGAIN);
    }
  }
}

const AT_ONCE = 256;
/** Milliseconds until the next look after the store refused. */
const AGAIN = 500;
