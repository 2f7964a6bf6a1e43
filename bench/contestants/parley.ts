import { join } from 'node:path';
import { createTurn } from '../../src/conversation/turn.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { ACCOUNT, pigeon } from '../channel.ts';
import type { Contestant } from '../contestant.ts';
import { requestOf } from './core.ts';
import { ACTIONS, benchBot } from './parley-bot.ts';

/** Parley as it runs: the engine over its SQLite store, with transcript, dedupe keys and outbox. Only the door before it is missing. */
export const parley: Contestant = {
  name: 'parley',
  durable: true,
  async open({ sink, folder, flows }) {
    const store = openSqlite(join(folder, 'parley.db'));
    const channel = pigeon(sink);
    const fail = (event: string, fields?: object) => {
      throw new Error(event, { cause: fields });
    };
    const engine = createEngine({
      store,
      turn: createTurn(benchBot(flows)),
      channels: new Map([[ACCOUNT, { channel, settings: null }]]),
      actions: ACTIONS,
      clock: { now: Date.now },
      log: { info: () => undefined, warn: fail, error: fail },
    });
    await engine.start();
    return {
      receive(body) {
        for (const inbound of channel.parse?.(requestOf(body), null) ?? []) void engine.accept(inbound);
      },
      async close() {
        await engine.stop(5_000);
        await store.close();
      },
    };
  },
};
