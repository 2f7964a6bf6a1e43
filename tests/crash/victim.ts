/**
 * A deployment that some events end: `node victim.ts FILE`; a line in is `{address, text}` (the text is its key, too), a line out is
 * `{ack}` once it is acknowledged, and `{ready, quarantined, turned}` when the backlog of an earlier life has been worked off.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine } from '../../src/engine/create-engine.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { TakeTurn } from '../../src/turn.ts';
import { fetchedChannel } from './channel.ts';

const turn: TakeTurn = (state, event) => {
  const text = event.kind === 'message' ? event.text : '';
  if (text === 'die') process.kill(process.pid, 'SIGKILL');
  // No step budget bounds this one: it is what the budgets keep flows from.
  if (text === 'spin') for (;;) Math.random();
  const count = ((state?.count as number | undefined) ?? 0) + 1;
  return { state: { count }, effects: [{ kind: 'send', from: 'bot', message: { text: `${count}: ${text}` } }] };
};

const [file = ''] = process.argv.slice(2);
const store = openSqlite(file);
const engine = createEngine({
  store,
  turn,
  channels: new Map([['web', { channel: fetchedChannel, settings: {} }]]),
  actions: new Map(),
  clock: { now: Date.now },
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});
await engine.start();
while ((await store.backlog(1)).length > 0) await sleep(5);
console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  const { address, text } = JSON.parse(line) as { address: string; text: string };
  void engine
    .accept({ account: 'web', address, key: text, event: { kind: 'message', text } })
    .then(() => console.log(JSON.stringify({ ack: text })));
}
await engine.stop(5_000);
await store.close();
