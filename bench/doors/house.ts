import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Log } from '../../src/log.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { TakeTurn } from '../../src/turn.ts';

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const silent: TakeTurn = (state) => ({ state: state ?? {}, effects: [] });

/** An engine over a real file: what stands behind a door. */
export function openHouse(channels: Parameters<typeof createEngine>[0]['channels'], turn: TakeTurn = silent) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const store = openSqlite(join(folder, 'parley.db'));
  const engine = createEngine({ store, turn, channels, actions: new Map(), clock: { now: Date.now }, log });
  return {
    ...{ engine, folder, log },
    async close() {
      await engine.stop(1_000);
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
