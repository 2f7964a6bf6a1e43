import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Ledger } from './ledger.ts';

const ADDRESSES = ['ann', 'bob', 'cat', 'dan'];

/**
 * Kills a deployment `rounds` times at random instants while customers write, then lets it come to rest and says what happened.
 * Customers behave like platforms: what was not acknowledged is delivered again under its key, and now and then what was, too.
 */
export async function soak(file: string, rounds: number, random: () => number, bug = ''): Promise<Ledger> {
  const platform = await openPlatform(random);
  const acknowledged: { conversation: string; key: string }[] = [];
  const pending = new Map(ADDRESSES.map((address) => [address, 0]));
  for (let round = 0; round <= rounds; round += 1) {
    const last = round === rounds;
    // Both ways of an event are to be killed in: the quick one, and the sure one that follows a kill.
    const careful = bug !== '' || round % 2 === 0 ? '0' : '300000';
    const child = spawn(process.execPath, [join(import.meta.dirname, 'bot.ts'), file, platform.url, careful, bug], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // The worst instant: the business has done it, and its answer will reach nobody.
    const mustSpring = bug === 'fresh-key';
    const sprung = mustSpring ? 0 : random();
    if (!last && sprung < 0.4) platform.onceDone(sprung < 0.2 ? '/write' : '/deliver', () => child.kill('SIGKILL'));
    await run(
      child,
      last,
      random,
      mustSpring && !last ? () => 15_000 : () => random() * 200,
      (address, key, conversation) => {
        const number = pending.get(address)!;
        if (key !== `${address}-${number}`) return;
        acknowledged.push({ conversation, key });
        pending.set(address, number + 1);
      },
      (address) => `${address}-${pending.get(address)!}`,
      platform.atRest,
    );
  }
  await platform.close();
  return readLedger(file, acknowledged, platform);
}

/** One life of the deployment: customers write until it is killed, or, in its last one, until it has come to rest. */
async function run(
  child: ChildProcess,
  last: boolean,
  random: () => number,
  /** Milliseconds of work after which it is killed, if nothing has killed it before. */
  lifetime: () => number,
  acknowledge: (address: string, key: string, conversation: string) => void,
  next: (address: string) => string,
  atRest: () => Promise<void>,
): Promise<void> {
  const ended = once(child, 'exit');
  const write = (address: string, key: string) => child.stdin!.write(`${JSON.stringify({ address, key })}\n`);
  child.stdin!.on('error', () => undefined); // written to while it was being killed
  let resting = false;
  let atWork = false;
  const end = () => {
    resting = true;
    if (!last) child.kill('SIGKILL');
    else void atRest().then(() => child.stdin!.end());
  };
  let ending: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout! })) {
    const said = JSON.parse(line) as { ready?: true; ack?: string; address?: string; conversation?: string };
    if (said.ready) {
      for (const address of ADDRESSES) write(address, next(address));
      ending = setTimeout(end, Math.max(2_000, lifetime()));
    } else {
      // From the first acknowledgement on, so that a slow machine is killed in its work, too.
      if (!atWork) {
        atWork = true;
        clearTimeout(ending);
        ending = setTimeout(end, lifetime());
      }
      acknowledge(said.address!, said.ack!, said.conversation!);
      if (resting) continue;
      write(said.address!, next(said.address!));
      if (random() < 0.2) write(said.address!, said.ack!);
    }
  }
  clearTimeout(ending);
  await ended;
}

/** The business and the platform: keeps what it gets by idempotency key. */
async function openPlatform(random: () => number) {
  const delivered = new Map<string, { address: string; text: string }>();
  /** What was asked for, by idempotency key: the same key again is answered and not done again. */
  const writes = new Map<string, string>();
  let repeated = 0;
  let trap: { url: string; spring: () => void } | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const luck = random();
      if (luck < 0.05 && request.url === '/deliver') return void response.writeHead(503).end();
      const key = String(request.headers['idempotency-key']);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { address: string; text: string; of: string };
      if (request.url === '/deliver') {
        if (!delivered.has(key)) delivered.set(key, body);
      } else if (writes.has(key)) repeated += 1;
      else writes.set(key, body.of);
      if (trap?.url === request.url) {
        trap?.spring();
        trap = undefined;
      }
      // Now and then it has done what it was asked for and does not say so.
      response.writeHead(luck < 0.1 ? 500 : 200).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delivered,
    writes,
    repeated: () => repeated,
    /** Called after the next such request has been done and before it is answered. */
    onceDone(url: string, spring: () => void) {
      trap = { url, spring };
    },
    /** Nothing new has come for a while, longer than any timer of the deployment. */
    async atRest() {
      for (let before = -1; before !== delivered.size + writes.size; ) {
        before = delivered.size + writes.size;
        await new Promise((resolve) => setTimeout(resolve, 600));
      }
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function readLedger(
  file: string,
  acknowledged: Ledger['acknowledged'],
  platform: Awaited<ReturnType<typeof openPlatform>>,
): Promise<Ledger> {
  const store = openSqlite(file);
  const turns: { conversation: string; count: number; key: string }[] = [];
  const said: { conversation: string; seq: number }[] = [];
  const timers: { conversation: string; id: string; due: number; firedAt: number }[] = [];
  for (const { id: conversation } of await store.states(0, 1_000)) {
    for (const { seq, from, message } of await store.transcript(conversation, 0, 1_000_000)) {
      if (from !== 'bot') continue;
      const [count = '', key = '', now = ''] = message.text.split(' ');
      turns.push({ conversation, count: Number(count), key });
      said.push({ conversation, seq });
      const timer = /^timer:(t\d+@(\d+))$/.exec(key);
      if (timer !== null) timers.push({ conversation, id: timer[1]!, due: Number(timer[2]), firedAt: Number(now) });
    }
  }
  const asked = turns
    .filter(({ count }) => count % 3 === 0)
    .map(({ conversation, count }) => `${conversation}:${count}`);
  const executed = [...platform.writes.values()];
  const { oldestEffect } = await store.counts();
  const open = (await store.backlog(1_000)).length + (oldestEffect === undefined ? 0 : 1);
  await store.close();
  return {
    acknowledged,
    turns,
    said,
    delivered: [...platform.delivered].map(([key, { address, text }]) => {
      const [conversation = '', seq = ''] = key.split('.');
      return { conversation, seq: Number(seq), address, text };
    }),
    canaries: ADDRESSES,
    writes: Object.fromEntries(asked.map((of) => [of, executed.filter((done) => done === of).length])),
    repeated: platform.repeated(),
    timers,
    timersSet: turns.filter(({ count, key }) => count % 4 === 0 && !key.startsWith('timer:')).length,
    open,
  };
}
