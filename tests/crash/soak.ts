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
  const platform = await openPlatform();
  const acknowledged: { conversation: string; key: string }[] = [];
  const pending = new Map(ADDRESSES.map((address) => [address, 0]));
  for (let round = 0; round <= rounds; round += 1) {
    const last = round === rounds;
    const child = spawn(process.execPath, [join(import.meta.dirname, 'bot.ts'), file, platform.url, bug], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await run(
      child,
      last,
      random,
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
  acknowledge: (address: string, key: string, conversation: string) => void,
  next: (address: string) => string,
  atRest: () => Promise<void>,
): Promise<void> {
  const ended = once(child, 'exit');
  const write = (address: string, key: string) => child.stdin!.write(`${JSON.stringify({ address, key })}\n`);
  child.stdin!.on('error', () => undefined); // written to while it was being killed
  let resting = false;
  for await (const line of createInterface({ input: child.stdout! })) {
    const said = JSON.parse(line) as { ready?: true; ack?: string; address?: string; conversation?: string };
    if (said.ready) {
      for (const address of ADDRESSES) write(address, next(address));
      setTimeout(
        () => {
          resting = true;
          if (!last) child.kill('SIGKILL');
          else void atRest().then(() => child.stdin!.end());
        },
        10 + random() * 200,
      );
    } else {
      acknowledge(said.address!, said.ack!, said.conversation!);
      if (resting) continue;
      write(said.address!, next(said.address!));
      if (random() < 0.2) write(said.address!, said.ack!);
    }
  }
  await ended;
}

/** The business and the platform: keeps what it gets by idempotency key. */
async function openPlatform() {
  const delivered = new Map<string, number>();
  const writes = new Map<string, number>();
  const server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key']);
    if (request.url === '/deliver') delivered.set(key, (delivered.get(key) ?? 0) + 1);
    else if (!writes.has(key)) writes.set(key, 1);
    request.resume().on('end', () => response.end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delivered,
    writes,
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
  platform: { delivered: ReadonlyMap<string, number>; writes: ReadonlyMap<string, number> },
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
  const { oldestEffect } = await store.counts();
  const open = (await store.backlog(1_000)).length + (oldestEffect === undefined ? 0 : 1);
  await store.close();
  return {
    acknowledged,
    turns,
    said,
    delivered: [...platform.delivered.keys()].map((key) => {
      const [conversation = '', seq = ''] = key.split('.');
      return { conversation, seq: Number(seq) };
    }),
    writes: Object.fromEntries(asked.map((key) => [key, platform.writes.get(key) ?? 0])),
    timers,
    timersSet: turns.filter(({ count, key }) => count % 4 === 0 && !key.startsWith('timer:')).length,
    open,
  };
}
