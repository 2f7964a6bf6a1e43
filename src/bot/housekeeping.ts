import type { State } from '../conversation/state.ts';
import { forget, type Retention } from '../engine/retention.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

export interface House {
  readonly store: Store;
  readonly retention: Retention;
  /** Hashes of every version that was current at any time in this process: a conversation may just be entering it. */
  readonly current: ReadonlySet<string>;
  readonly log: Log;
}

/** Tidies up a minute after the start and every day from then on, until the result is called. */
export function keepHouse(house: House): () => void {
  const tidyOnce = () =>
    void tidy(house, Date.now()).catch((error: unknown) => house.log.error('housekeeping.failed', { error }));
  const first = setTimeout(tidyOnce, AFTER_START).unref();
  const daily = setInterval(tidyOnce, DAY).unref();
  return () => {
    clearTimeout(first);
    clearInterval(daily);
  };
}

/** Forgets what is older than it is to be kept, and versions of flows in which no conversation stands any more. */
export async function tidy({ store, retention, current, log }: House, now: number): Promise<void> {
  const rows = await forget(store, retention, now);
  const used = await versionsInUse(store);
  const idle = (await store.keptFlows()).filter(({ hash }) => !used.has(hash) && !current.has(hash));
  for (const { hash } of idle) await store.dropFlow(hash);
  log.info('housekeeping.done', { count: rows + idle.length });
}

async function versionsInUse(store: Store): Promise<Set<string>> {
  const used = new Set<string>();
  for (let after = 0; ; ) {
    const page = await store.states(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return used;
    for (const { state } of page) {
      const { frames = [], parked = [] }: Partial<State> = JSON.parse(state);
      for (const { version } of [...frames, ...parked.flat()]) used.add(version);
    }
    after = last.key;
  }
}

const AFTER_START = 60_000;
const DAY = 24 * 60 * 60_000;
const PAGE = 200;
