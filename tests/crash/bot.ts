/**
 * The deployment that is killed: an engine over a real SQLite file, fed over its standard input, with a turn function that counts.
 * `node bot.ts FILE LEDGER_URL CAREFUL [BUG]`; a line in is `{address, key}`, a line out is `{ack, address}` once it is acknowledged.
 * CAREFUL: milliseconds after a kill without the quick way. BUG seeds a fault on purpose: `ack-early`, `no-dedupe`, `timer-twice`,
 * `leak`, `overtake`, `fresh-key`.
 */
import { createInterface } from 'node:readline';
import type { Channel } from '../../src/channel.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Arrival, FinishedTurn, Store } from '../../src/store/store.ts';
import type { TakeTurn } from '../../src/turn.ts';
import { crashChannel } from './channel.ts';

const [file = '', url = '', careful, bug] = process.argv.slice(2);

const turn: TakeTurn = (state, event, scene) => {
  const count = ((state?.count as number | undefined) ?? 0) + 1;
  const text = event.kind === 'message' ? event.text : event.kind === 'timer' ? `timer:${event.id}` : '';
  if (event.kind === 'result') return { state: state ?? {}, effects: [] };
  // The customer whose conversation this is: nobody else must ever read it.
  const canary = (state?.canary as string | undefined) ?? text.split('-')[0]!;
  const said = { kind: 'send', from: 'bot', message: { text: `${count} ${text} ${scene.now} ${canary}` } } as const;
  const at = scene.now + 40;
  const id = `t${count}@${at}`;
  const key = `${scene.conversation}:${count}`;
  const writes = { action: 'ledger.write', args: { of: key }, effect: 'write', timeout: 2_000 } as const;
  return {
    state: { count, canary },
    effects: [
      said,
      ...(count % 3 === 0 ? [{ kind: 'call', id: key, key, ...writes } as const] : []),
      ...(event.kind === 'message' && count % 4 === 0 ? [{ kind: 'timer', id, at } as const] : []),
    ],
  };
};

const post = async (path: string, body: unknown, key: string) => {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'idempotency-key': key },
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
};

const store = openSqlite(file);
const engine = createEngine({
  store: faulty(store),
  turn,
  channels: new Map([['sms', { channel: faultyChannel(crashChannel(post)), settings: {} }]]),
  actions: new Map([
    [
      'ledger.write',
      {
        name: 'ledger.write',
        effect: 'write',
        in: {},
        out: { kind: 'boolean' },
        timeout: 2_000,
        errors: [],
        run: async (args, { key }) => {
          await post('/write', args, bug === 'fresh-key' ? crypto.randomUUID() : key);
          return true;
        },
      },
    ],
  ]),
  careful: Number(careful),
  sendBackoff: { base: 10, cap: 80 },
  sendTries: 50,
  clock: { now: Date.now },
  log: { info: () => undefined, warn: () => undefined, error: (event, fields) => console.error(event, fields?.error) },
});
await engine.start();
console.log(JSON.stringify({ ready: true }));

for await (const line of createInterface({ input: process.stdin })) {
  const { address, key } = JSON.parse(line) as { address: string; key: string };
  void engine
    .accept({ account: 'sms', address, key, event: { kind: 'message', text: key } })
    .then(({ conversation }) => console.log(JSON.stringify({ ack: key, address, conversation })));
}
await engine.stop(5_000);
await store.close();

/** The seeded faults, by which the checker is checked. */
function faulty(sound: Store): Store {
  switch (bug) {
    case 'ack-early':
      // Acknowledged at once, on disk a little later.
      return { ...sound, commit: (finished) => later(finished) };
    case 'no-dedupe':
      return {
        ...sound,
        accept: (arrival) => sound.accept(unique(arrival)),
        commit: (finished) => sound.commit({ ...finished, arrival: unique(finished.arrival) }),
      };
    case 'timer-twice':
      return {
        ...sound,
        async due(now, limit) {
          const due = await sound.due(now, limit);
          for (const { conversation, id } of due) {
            const { account, address } = (await sound.find(conversation))!;
            void engine.accept({ account, address, key: crypto.randomUUID(), event: { kind: 'timer', id } });
          }
          return due;
        },
      };
    default:
      return sound;
  }
}

function faultyChannel(sound: Channel): Channel {
  const send = sound.send!;
  switch (bug) {
    case 'leak':
      return { ...sound, send: (part, context) => send(part, { ...context, address: 'ann' }) };
    case 'overtake':
      // Said to be sent, and on its way a little later.
      return {
        ...sound,
        async send(part, context) {
          setTimeout(() => void send(part, context), Math.random() * 60);
          return {};
        },
      };
    default:
      return sound;
  }
}

async function later(finished: FinishedTurn) {
  setTimeout(() => void store.commit(finished), 200);
  const { key, id } = finished.arrival.to;
  return { outcome: 'duplicate', key, id, seq: 0 } as const;
}

function unique(arrival: Arrival): Arrival {
  return arrival.origin.kind === 'door' ? { ...arrival, origin: { kind: 'door', key: crypto.randomUUID() } } : arrival;
}
