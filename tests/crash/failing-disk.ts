/**
 * A deployment whose disk will fail: `node failing-disk.ts FILE`. Takes events one after the other and says what became of each, and
 * after the first refusal what `/readyz` says and whether anything is ever taken again.
 */
import { tmpdir } from 'node:os';
import { createEngine } from '../../src/engine/create-engine.ts';
import { codeOf } from '../../src/errors.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import { createIntake } from '../../src/server/intake.ts';
import { createServer } from '../../src/server/server.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { SETTINGS } from '../server/door.ts';
import { fetchedChannel } from './channel.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const tell = (said: object) => process.stdout.write(`${JSON.stringify(said)}\n`);

const store = openSqlite(process.argv[2]!);
const engine = createEngine({
  store,
  turn: (_, event) => ({
    state: {},
    effects: [{ kind: 'send', from: 'bot', message: { text: event.kind === 'message' ? event.text : '' } }],
  }),
  channels: new Map([['web', { channel: fetchedChannel, settings: {} }]]),
  actions: new Map(),
  clock: { now: Date.now },
  log,
});
const files = createFileStore(tmpdir());
const server = createServer({
  engine,
  files,
  intake: createIntake({ engine, files, limits: SETTINGS.files, log }),
  log,
  clock: Date.now,
});
store.onFatal(() => tell({ fatal: true }));
await engine.start();
let refusals = 0;
for (let n = 0; n < 200 && refusals < 5; n += 1) {
  try {
    await engine.accept({ account: 'web', address: 'ann', key: `k${n}`, event: { kind: 'message', text: `k${n}` } });
    tell({ ack: `k${n}` });
  } catch (error) {
    refusals += 1;
    const ready = await server.fetch(new Request('http://localhost/readyz'));
    tell({ refused: codeOf(error), status: ready.status, ready: await ready.json() });
  }
}
process.exit(3);
