/**
 * A deployment on a real channel, to be killed: `node channel-bot.ts DIRECTORY PORT [POINT NTH [BUG]]`. Settings, doors, engine and
 * store are the real ones; the turn says two things to every word, with how many words came so far: `hello` is answered by `hello1a`
 * and `hello1b`. What begins with `again` may be said twice.
 *
 * A line out is `{url}`, `{reached: POINT, times}` or `{stands: POINT}`: at the NTH time that it comes to POINT, whoever came there stands
 * still for ever. The points are
 * - `accepted`: a word is on disk, and the platform has no answer yet
 * - `begun`: it is on disk that something is about to be sent, and it is not sent yet
 * - `sent`: the platform has taken it, and that is not on disk yet
 * - `settled`: that is on disk, too
 *
 * BUG seeds a fault on purpose: `ack-early` answers platforms before the word is on disk, `no-dedupe` knows no word again, `no-mark`
 * begins to send without a mark, `no-record` sends and does not record it, `sure` takes what it found begun for sent, `fresh-key` sends
 * again under another key.
 * It ends in order when its standard input does.
 */
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDoors } from '../../src/bot/doors.ts';
import type { Channel, Inbound } from '../../src/channel.ts';
import { loadDeployment } from '../../src/deployment/deployment.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Log } from '../../src/log.ts';
import { NO_MODELS } from '../../src/models/model.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import type { TakeTurn } from '../../src/turn.ts';

const [directory = '.', port = '0', point = '', nth = '1', bug = ''] = process.argv.slice(2);

const passed = { accepted: 0, begun: 0, sent: 0, settled: 0 };

const turn: TakeTurn = (state, event) => {
  if (event.kind !== 'message') return { state: state ?? {}, effects: [] };
  const count = ((state?.count as number | undefined) ?? 0) + 1;
  const repeatable = event.text.startsWith('again') && ({ repeatable: true } as const);
  return {
    state: { count },
    effects: ['a', 'b'].map((part) => ({
      kind: 'send' as const,
      from: 'bot' as const,
      message: { text: `${event.text}${count}${part}`, ...repeatable },
    })),
  };
};

const log: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event, fields) => console.error(event, fields),
};
const deployment = await loadDeployment(directory, process.env);
const errors = deployment.problems.filter(({ code }) => /^(channel|settings)\.|missing_secret|_settings$/.test(code));
if (errors.length > 0) throw new Error(JSON.stringify(errors));
mkdirSync(deployment.data, { recursive: true });
const store = marked(openSqlite(join(deployment.data, 'parley.db')));
const engine = createEngine({
  store,
  turn,
  channels: new Map(
    deployment.accounts.map((account) => [account.name, { ...account, channel: watched(account.channel) }]),
  ),
  actions: new Map(),
  sendBackoff: { base: 20, cap: 100 },
  clock: { now: Date.now },
  log,
});
const doors = await openDoors(
  {
    deployment,
    flows: new Set(),
    models: NO_MODELS,
    store,
    engine: { ...engine, accept },
    wayTo: async () => undefined,
    reload: async () => [],
    stop: (grace) => engine.stop(grace),
  },
  { port: Number(port), host: undefined, secret: undefined, log },
);
say({ url: doors.url });
await engine.start();
process.stdin.resume().on('end', async () => {
  await doors.close(1_000);
  await engine.stop(1_000);
  await store.close();
  process.exit(0);
});

function say(line: object): void {
  console.log(JSON.stringify(line));
}

/** Stands still here, if this is where it is to be killed. */
async function pass(where: 'accepted' | 'begun' | 'sent' | 'settled'): Promise<void> {
  passed[where] += 1;
  say({ reached: where, times: passed[where] });
  if (where !== point || passed[where] !== Number(nth)) return;
  say({ stands: point });
  await new Promise(() => undefined);
}

async function accept(inbound: Inbound, passive?: Parameters<Engine['accept']>[1]) {
  if (bug === 'ack-early') {
    setTimeout(() => void engine.accept(inbound, passive), LATE);
    return { conversation: '', seq: 0, duplicate: false };
  }
  const taken = bug === 'no-dedupe' ? { ...inbound, key: crypto.randomUUID() } : inbound;
  const accepted = await engine.accept(taken, passive);
  if (inbound.event.kind === 'message') await pass('accepted');
  return accepted;
}

/** Milliseconds: a bot that is killed now never comes to it. */
const LATE = 60_000;

function watched(channel: Channel): Channel {
  const { send } = channel;
  if (send === undefined) return channel;
  return {
    ...channel,
    async send(part, context) {
      await pass('begun');
      const key = bug === 'fresh-key' ? `${context.key.replace(/\d+$/, '')}${randomInt(100, 9_999)}` : context.key;
      const receipt = await send.call(channel, part, { ...context, key });
      await pass('sent');
      return receipt;
    },
  };
}

function marked(sound: Store): Store {
  const settle: Store['settle'] = async (settlement) => {
    const settled = bug === 'no-record' || (await sound.settle(settlement));
    await pass('settled');
    return settled;
  };
  switch (bug) {
    case 'no-mark':
      return {
        ...sound,
        begin: async () => true,
        commit: (finished) => sound.commit({ ...finished, begins: false }),
        settle: ({ next: _forgotten, ...settlement }) => settle(settlement),
      };
    case 'sure':
      return {
        ...sound,
        settle,
        async claim(asked) {
          const claimed = await sound.claim(asked);
          const begun = claimed.filter(({ begun }) => begun === 'before');
          for (const effect of begun) await sound.settle({ ...effect, end: { kind: 'done', status: 'sent', at: 0 } });
          return claimed.filter((effect) => !begun.includes(effect));
        },
      };
    default:
      return { ...sound, settle };
  }
}
