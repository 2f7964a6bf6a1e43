import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { XmlFields } from '../tencent/xml.ts';
import type { Chat, Shown } from './simulator/chat.ts';
import { Deliveries } from './simulator/deliveries.ts';
import { Follower } from './simulator/follower.ts';
import { type Asked, articleOf, METHODS, pictureOf, textOf } from './simulator/methods.ts';
import { type Account, Refused, type StoredFile, Tokens, type World } from './simulator/world.ts';

/** What goes wrong with one call of the REST API. */
export type Fault =
  | { readonly kind: 'refuse'; readonly errcode: number }
  | { readonly kind: 'error'; readonly status: number }
  /** The call is done, and the line breaks before the bot hears of it. */
  | { readonly kind: 'drop' }
  /** The line breaks before anything is done. */
  | { readonly kind: 'cut' };

export interface SimulatorOptions extends Partial<Account> {
  /** The bot's webhook, when there is one. */
  readonly webhook: () => string;
  /** Of the templates that the account has. */
  readonly templates?: readonly string[];
  readonly certified?: boolean;
  /** Where ids begin: whoever talks to a bot that outlives the stand-in begins where no earlier one has been. */
  readonly ids?: number;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Waits between tries of a webhook. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Milliseconds that a webhook has for its answer. */
  readonly patience?: number;
}

/** WeChat on the loopback: the REST API over real sockets, sealed webhooks, and followers. */
export interface Simulator {
  /** The account's `api_root`. */
  readonly url: string;
  readonly world: World;
  readonly deliveries: Deliveries;
  /** Calls of the bot, in order. */
  readonly calls: readonly { readonly path: string; readonly body: Asked['body']; readonly errcode: number }[];
  /** JSON with every letter outside ASCII escaped. */
  escaped: boolean;
  follower(openid?: string): Follower;
  /** The next call (of this path, if one is named) goes wrong; several are taken one after the other. */
  fail(fault: Fault, path?: string): void;
  close(): Promise<void>;
}

/** Opens WeChat's stand-in. It keeps everything in memory; who opens it closes it. */
export async function openSimulator(options: SimulatorOptions): Promise<Simulator> {
  const world = worldOf(options);
  const deliveries = new Deliveries({
    account: world.account,
    webhook: options.webhook,
    now: world.now,
    sleep: options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
    patience: options.patience ?? 5_000,
    replied: (to, reply) => reply && show(world, to, reply),
    broken: (to) => complain(world, to),
  });
  const faults: { readonly fault: Fault; readonly path: string | undefined }[] = [];
  const calls: { path: string; body: Asked['body']; errcode: number }[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://wechat');
    if (path === '/cgi-bin/showqrcode')
      return void response
        .writeHead(200, { 'content-type': 'image/svg+xml' })
        .end(pictureOfCode(query.get('ticket') ?? ''));
    const asked = await read(request, query);
    const fault = takeFault(path);
    if (fault?.kind === 'cut') return void response.destroy();
    if (fault?.kind === 'error') return void response.writeHead(fault.status).end('<html>Bad Gateway</html>');
    const { answer, errcode } =
      fault?.kind === 'refuse' ? refusal(new Refused(fault.errcode, 'simulated')) : call(path, asked);
    calls.push({ path, body: asked.body, errcode });
    if (fault?.kind === 'drop') return void response.destroy();
    if (isFile(answer)) response.writeHead(200, { 'content-type': answer.type }).end(answer.bytes);
    else response.writeHead(200, { 'content-type': 'application/json; encoding=utf-8' }).end(write(answer));
  }

  function call(path: string, asked: Asked): { answer: Answer; errcode: number } {
    try {
      const method = METHODS[path];
      if (method === undefined) throw new Refused(40066, 'invalid url');
      if (path !== '/cgi-bin/stable_token') world.tokens.check(asked.query.get('access_token'));
      return { answer: method(world, asked, tell), errcode: 0 };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return refusal(error);
    }
  }

  function takeFault(path: string): Fault | undefined {
    const at = faults.findIndex((each) => each.path === undefined || each.path === path);
    return at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
  }

  function tell({ openid }: Chat, msgid: number, status: string): void {
    deliveries.add(openid, {
      ToUserName: world.account.originalId,
      FromUserName: openid,
      CreateTime: Math.floor(world.now() / 1000),
      MsgType: 'event',
      Event: 'TEMPLATESENDJOBFINISH',
      MsgID: msgid,
      Status: status,
    });
  }

  function write(answer: object): string {
    const json = JSON.stringify(answer);
    if (!simulator.escaped) return json;
    return json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of the stand-in itself must not look like WeChat.
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });

  const simulator: Simulator = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    deliveries,
    calls,
    escaped: false,
    follower: (openid) => new Follower(world, deliveries, openid),
    fail: (fault, path) => void faults.push({ fault, path }),
    async close() {
      deliveries.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return simulator;
}

type Answer = StoredFile | object;

/** What stands for a QR code here says what is in it: a follower of the stand-in scans by its words. */
function pictureOfCode(ticket: string): string {
  const scene = Buffer.from(ticket, 'base64url')
    .toString('utf8')
    .replaceAll(/[^\w-]/g, '');
  const words = `<text x="120" y="126" font-family="sans-serif" font-size="20" text-anchor="middle">${scene}</text>`;
  const frame = '<rect x="8" y="8" width="224" height="224" rx="16" fill="#fff" stroke="#07c160" stroke-width="8"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240">${frame}${words}</svg>`;
}

function isFile(answer: Answer): answer is StoredFile {
  return 'bytes' in answer;
}

function worldOf(options: SimulatorOptions): World {
  const now = options.now ?? Date.now;
  let id = options.ids ?? 0;
  return {
    account: {
      appId: options.appId ?? 'wx0123456789abcdef',
      originalId: options.originalId ?? 'gh_0123456789ab',
      appSecret: options.appSecret ?? 'simulatedsecretofnoaccount000000',
      token: options.token ?? 'simulatedtoken',
      aesKey: 'aesKey' in options ? options.aesKey : 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    },
    chats: new Map(),
    media: new Map(),
    templates: new Set(options.templates ?? []),
    menu: undefined,
    certified: options.certified ?? true,
    tokens: new Tokens(now),
    now,
    nextId: () => ++id,
  };
}

function refusal({ errcode, message }: Refused): { answer: Answer; errcode: number } {
  return { answer: { errcode, errmsg: message }, errcode };
}

/** A passive reply on her screen. It costs none of what her window allows. */
function show(world: World, to: string, reply: XmlFields): void {
  const chat = world.chats.get(to);
  if (reply.MsgType === 'transfer_customer_service') return transfer(world, chat);
  const content = passiveContent(world, reply);
  if (content === undefined) return complain(world, to);
  chat?.add({ id: String(world.nextId()), from: 'account', passive: true, at: world.now(), ...content });
}

function transfer(world: World, chat: Chat | undefined): void {
  if (chat === undefined) return;
  chat.served = true;
  chat.add({ id: String(world.nextId()), from: 'system', text: '正在为您转接人工客服', at: world.now() });
}

function passiveContent(world: World, reply: XmlFields): Omit<Shown, 'id' | 'from' | 'at'> | undefined {
  const field = (of: unknown, name: string) => (of as Readonly<Record<string, unknown>> | undefined)?.[name];
  try {
    if (reply.MsgType === 'text') return { text: textOf(reply.Content) };
    if (reply.MsgType === 'image') return pictureOf(world, field(reply.Image, 'MediaId'));
    const item = field(reply.Articles, 'item');
    if (reply.MsgType !== 'news' || reply.ArticleCount !== '1') return undefined;
    const [title, description, url, picurl] = ['Title', 'Description', 'Url', 'PicUrl'].map((name) =>
      String(field(item, name)),
    );
    return articleOf({ title, description, url, picurl } as Parameters<typeof articleOf>[0]);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** What a customer sees of an account that does not answer, or answers nonsense. */
function complain(world: World, to: string): void {
  const text = '该公众号提供的服务出现故障，请稍后再试';
  world.chats.get(to)?.add({ id: String(world.nextId()), from: 'system', text, at: world.now() });
}

async function read(request: IncomingMessage, query: URLSearchParams): Promise<Asked> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (bytes.byteLength === 0) return { query, body: {} };
  if (!type.startsWith('multipart/form-data'))
    return { query, body: JSON.parse(bytes.toString('utf8')) as Asked['body'] };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const media = form.get('media');
  if (!(media instanceof Blob)) return { query, body: {} };
  return { query, body: {}, file: { type: media.type, bytes: new Uint8Array(await media.arrayBuffer()) } };
}
