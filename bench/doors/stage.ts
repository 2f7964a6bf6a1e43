/** One channel's way in and out, in a process of its own. */
import { join } from 'node:path';
import { Pool } from 'undici';
import type { RawRequest } from '../../src/channel.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import { createIntake } from '../../src/server/intake.ts';
import { createServer } from '../../src/server/server.ts';
import { FILE_LIMITS } from '../../src/server/settings.ts';
import { Actor, OTHER_CORE, obey } from '../actor.ts';
import { best } from './best.ts';
import { type Captured, capture } from './capture.ts';
import { openHouse } from './house.ts';
import type { ParrotWishes } from './parrot.ts';
import { VENDORS } from './vendors.ts';

export interface DoorWishes {
  measure(given: { kind: string; rounds: number }): Promise<Costs>;
}

/** µs of CPU each. */
export interface Costs {
  /** Verify and parse. */
  readonly read: number;
  /** The same by what the vendor has for it. */
  readonly vendor: number;
  readonly vendorName: string;
  /** Verify, parse, and its event on disk, 64 under way at once. */
  readonly door: number;
  /** A call with one letter of its body changed, from the server's first look at it to its refusal. */
  readonly forged: number;
  /** A message planned and sent, 16 conversations at once. */
  readonly send: number;
  /** The same payload to the same place by undici alone. */
  readonly post: number;
}

obey<DoorWishes>({
  async measure({ kind, rounds }) {
    const captured = await capture(kind);
    const vendor = await VENDORS[kind]?.(captured);
    if (vendor === undefined) throw new Error(`Nobody else takes calls of ${kind}.`);
    const { channel, settings, request, at } = captured;
    const read = async () => {
      await channel.verify?.(request, settings, at);
      return channel.parse?.(request, settings) ?? channel.nudge?.(request, settings);
    };
    const costs = {
      ...(await best({ read, vendor: vendor.take }, rounds)),
      vendorName: vendor.name,
      door: await door(captured, read, rounds),
      forged: await forged(captured, rounds),
      ...(await sending(captured, rounds / 4)),
    };
    await captured.close();
    return costs;
  },
});

async function door({ channel, settings, inbound }: Captured, read: () => Promise<unknown>, rounds: number) {
  const bench = openHouse(new Map([['it', { channel, settings }]]));
  let count = 0;
  const take = async () => {
    await read();
    count += 1;
    // A platform's own key would be known from the second time on.
    await bench.engine.accept({ ...inbound, account: 'it', address: `a${count % 1_000}`, key: `k${count}` });
  };
  const { door: cost } = await best({ door: take }, rounds, 64);
  await bench.close();
  return cost;
}

async function forged({ channel, settings, request, at }: Captured, rounds: number) {
  const bench = openHouse(new Map([['it', { channel, settings }]]));
  const { engine, folder, log } = bench;
  const files = createFileStore(join(folder, 'files'));
  const server = createServer({
    engine,
    files,
    intake: createIntake({ engine, files, limits: FILE_LIMITS, log }),
    webhooks: new Map([['it', { channel, settings }]]),
    log,
    clock: () => at,
  });
  const { method, url, headers, body } = changed(request);
  const ask = async () => {
    const answer = await server.fetch(new Request(url, { method, headers, body: new Uint8Array(body) }));
    if (answer.status !== 401 && answer.status !== 429) throw new Error(`A forged call was answered ${answer.status}.`);
  };
  const { forged: cost } = await best({ forged: ask }, rounds);
  await bench.close();
  return cost;
}

/** Where the signature does not cover the body, what it does cover. */
function changed({ method, url, headers, body }: RawRequest) {
  const forgedBody = Buffer.from(body);
  forgedBody[Math.floor(forgedBody.byteLength / 2)]! ^= 1;
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || /^(?:host|connection|content-length|transfer-encoding)$/.test(name)
      ? []
      : [[name, /telegram|authorization/.test(name) ? `${value.slice(0, -9)}AAAAAAAAA` : value]],
  );
  return { method, url: new URL(`/channels/it${url.search}`, url), headers: given, body: forgedBody };
}

async function sending({ channel, answers, elsewhere }: Captured, rounds: number) {
  const parrot = new Actor<ParrotWishes>(join(import.meta.dirname, 'parrot.ts'), OTHER_CORE);
  const origin = await parrot.ask('open', answers);
  const there = elsewhere(origin);
  let count = 0;
  const send = async () => {
    count += 1;
    const text = 'It is on its way.';
    for (const part of channel.plan([{ text }], { locale: 'en', settings: there.settings }))
      await channel.send?.(part, { ...there, key: `conversation.${count}.0`, signal: LONG });
  };
  const pool = new Pool(origin, { connections: 16 });
  const path = answers.at(-1)?.call.split(' ')[1] ?? '/';
  const post = async () => {
    const headers = { 'content-type': 'application/json' };
    const { body } = await pool.request({ path, method: 'POST', headers, body: '{"text":"It is on its way."}' });
    await body.text();
  };
  const costs = await best({ send, post }, rounds, 16);
  await pool.close();
  await parrot.ask('close');
  await parrot.end();
  return costs;
}

const LONG = AbortSignal.timeout(600_000);
