import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Channel, Inbound, RawRequest } from '../../src/channel.ts';
import { CHANNELS } from '../../src/deployment/channels.ts';
import type { Opened } from '../../src/playground/platform.ts';
import { PLATFORMS } from '../../src/playground/platforms.ts';

/** What a platform's stand-in answered to a call. */
export interface Answer {
  readonly call: string;
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** One word of a customer as her platform brings it, and what the platform answers to what is said to her. */
export interface Captured {
  readonly channel: Channel;
  readonly settings: unknown;
  readonly opened: Opened;
  /** The call of our door, signed by the platform. */
  readonly request: RawRequest;
  readonly at: number;
  readonly inbound: Inbound;
  readonly answers: readonly Answer[];
  /** The account and the address of who talks to `origin` in place of the platform. */
  elsewhere(origin: string): { settings: unknown; address: string };
  close(): Promise<void>;
}

/** Has a person write to a bot that only listens, and answers her once. */
export async function capture(kind: string): Promise<Captured> {
  const [channel, platform] = await Promise.all([CHANNELS[kind]?.(), PLATFORMS[kind]?.()]);
  if (channel?.send === undefined || platform === undefined) throw new Error(`Nobody brings words to ${kind}.`);
  const requests: RawRequest[] = [];
  const door = await serve(async (request, url) => {
    const raw = { method: request.method ?? '', url, headers: headersOf(request), body: await bytesOf(request) };
    requests.push(raw);
    const challenge = channel.challenge?.(raw, settings);
    return { status: challenge?.status ?? 200, type: 'text/plain', body: String(challenge?.body ?? '') };
  });
  const webhook = `${door.origin}/channels/${kind}`;
  const secret = () => 'simulatedsecretofnobody'.padEnd(48, '0');
  const opened = await platform.open({ webhook, now: Date.now, ids: 1_000, secret });
  const settings = channel.settings(opened.account, opened.environment);
  await opened.connect?.();
  const phone = opened.simulator.phone({ name: 'Anna', locale: 'en', number: '+14155552671' });
  await phone.open?.();
  const before = requests.length;
  void phone.write('Where is my order?');
  const request = await soon(() => requests.slice(before).findLast(({ method }) => method === 'POST'));
  const at = Date.now();
  await channel.verify?.(request, settings, at);
  const inbound = await eventOf(channel, settings, request, kind);

  // What the platform answers is kept on the way.
  const answers: Answer[] = [];
  const origin = new URL(opened.simulator.url).origin;
  const between = await serve(async (call, url) => {
    const body = await bytesOf(call);
    const answer = await fetch(origin + url.pathname + url.search, {
      method: call.method ?? 'GET',
      headers: passing(call),
      ...(body.byteLength === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const kept = { status: answer.status, type: answer.headers.get('content-type') ?? '', body: await answer.text() };
    answers.push({ call: `${call.method} ${url.pathname}`, ...kept });
    return kept;
  });
  const elsewhere = (to: string) => {
    const moved = JSON.parse(
      JSON.stringify(opened.account).replaceAll(origin, to).replaceAll(new URL(origin).host, new URL(to).host),
    );
    return {
      settings: channel.settings(moved, opened.environment),
      address: inbound.address.replaceAll(origin, to).replaceAll(encodeURIComponent(origin), encodeURIComponent(to)),
    };
  };
  const there = elsewhere(between.origin);
  const [part = {}] = channel.plan([{ text: 'It is on its way.' }], { locale: 'en', settings: there.settings });
  await channel.send(part, { ...there, key: 'conversation.2.0', signal: AbortSignal.timeout(10_000) });
  between.server.close();
  return {
    ...{ channel, settings, opened, request, at, inbound, answers, elsewhere },
    async close() {
      await opened.simulator.close();
      for (const { server } of [door, between]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/** Of a platform that only says that there is something, it is asked for. */
async function eventOf(channel: Channel, settings: unknown, request: RawRequest, account: string): Promise<Inbound> {
  const brought = channel.parse?.(request, settings) ?? [];
  const nudge = channel.nudge?.(request, settings);
  const signal = AbortSignal.timeout(10_000);
  const events =
    nudge === undefined
      ? brought
      : ((await channel.pull?.({ account, settings, cursor: undefined, signal, nudge }))?.events ?? []);
  const found = events.find(({ event }) => event.kind === 'message');
  if (found === undefined) throw new Error(`Nothing was said on ${account}.`);
  return found;
}

async function serve(
  answer: (request: IncomingMessage, url: URL) => Promise<{ status: number; type: string; body: string }>,
): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    void answer(request, new URL(request.url ?? '/', `http://${request.headers.host}`)).then(({ status, type, body }) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** Those that belong to one hop stay behind. */
function passing(request: IncomingMessage): Record<string, string> {
  const own = new Set([
    'host',
    'connection',
    'content-length',
    'transfer-encoding',
    'keep-alive',
    'accept-encoding',
    'expect',
  ]);
  return Object.fromEntries(Object.entries(headersOf(request)).filter(([name]) => !own.has(name)));
}

async function soon<T>(find: () => T | undefined): Promise<T> {
  for (let patience = 0; patience < 200; patience += 1) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('Nobody called.');
}
