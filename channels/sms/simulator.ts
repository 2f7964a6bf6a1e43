import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sizeOf } from './segments.ts';
import { Deliveries } from './simulator/deliveries.ts';
import { type MessageRecord, toWire } from './simulator/message.ts';
import { Phone } from './simulator/phone.ts';

/** What goes wrong with one call of the REST API. */
export type Fault =
  | { readonly kind: 'flood' /** Seconds. */; readonly retryAfter: number }
  | { readonly kind: 'error'; readonly status: number; readonly code?: number }
  /** The message is taken and sent, and the line breaks before the bot hears of it. */
  | { readonly kind: 'drop' }
  /** The line breaks before anything is done. */
  | { readonly kind: 'cut' };

export interface SimulatorOptions {
  readonly accountSid?: string;
  readonly authToken?: string;
  /** The bot's number. */
  readonly number?: string;
  /** The webhook as it is configured at Twilio: what is signed. */
  readonly webhook: string;
  /** Where calls really go, in place of the webhook's own host: what a proxy does. */
  readonly reach?: () => string;
  /** Does it answer STOP, START and HELP itself and block numbers, as Twilio does? Default: yes. */
  readonly answers?: boolean;
  readonly port?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Waits between tries of a webhook. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Twilio on the loopback: the Messages resource over real sockets, signed webhooks, and phones. */
export interface Simulator {
  /** The account's `api_root`. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly number: string;
  /** All that was taken of the bot, in order. */
  readonly messages: readonly MessageRecord[];
  readonly deliveries: Deliveries;
  phone(number: string): Phone;
  /** The next call goes wrong; several are taken one after the other. */
  fail(fault: Fault): void;
  close(): Promise<void>;
}

/** Opens Twilio's stand-in. It keeps everything in memory; who opens it closes it. */
export async function openSimulator(options: SimulatorOptions): Promise<Simulator> {
  const {
    accountSid = `AC${'5'.repeat(32)}`,
    authToken = 'simulated auth token of nobody',
    number = '+15550001111',
    answers = true,
    now = Date.now,
  } = options;
  const phones = new Map<string, Phone>();
  const messages: MessageRecord[] = [];
  const files = new Map<string, { type: string; bytes: Uint8Array }>();
  const faults: Fault[] = [];
  const deliveries = new Deliveries({
    authToken,
    reach: (address) => (options.reach === undefined ? address : moved(address, options.reach())),
    sleep: options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
  });

  function phone(of: string): Phone {
    const known = phones.get(of);
    if (known !== undefined) return known;
    const { webhook } = options;
    const keep = (type: string, bytes: Uint8Array) => {
      const sid = sidOf('ME');
      files.set(sid, { type, bytes });
      return `${url()}/2010-04-01/Accounts/${accountSid}/Messages/${sidOf('MM')}/Media/${sid}`;
    };
    const made = new Phone({ accountSid, number: of, bot: number, answers, webhook, sidOf, deliveries, keep, now });
    phones.set(of, made);
    return made;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://twilio');
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return refuse(response, 401, 20003, 'Authenticate');
    const media = /\/Media\/(ME\w+)$/.exec(pathname)?.[1];
    if (media !== undefined) return download(response, media);
    if (pathname === `/2010-04-01/Accounts/${accountSid}.json`)
      return answer(response, 200, { sid: accountSid, status: 'active', type: 'Full', friendly_name: 'Simulated' });
    const [, account, sid] = /^\/2010-04-01\/Accounts\/(\w+)\/Messages(?:\/(\w+))?\.json$/.exec(pathname) ?? [];
    if (account !== accountSid) return refuse(response, 404, 20404, `The requested resource ${pathname} was not found`);
    if (request.method === 'POST') return create(response, new URLSearchParams(await read(request)));
    if (sid === undefined) return answer(response, 200, page());
    const found = messages.find((message) => message.sid === sid);
    if (found === undefined) return refuse(response, 404, 20404, `The requested resource ${pathname} was not found`);
    answer(response, 200, toWire(found, accountSid));
  }

  function create(response: ServerResponse, form: URLSearchParams): void {
    const fault = faults.shift();
    if (fault?.kind === 'cut') return void response.destroy();
    if (fault?.kind === 'flood') {
      response.setHeader('retry-after', String(fault.retryAfter));
      return refuse(response, 429, 20429, 'Too Many Requests');
    }
    if (fault?.kind === 'error') return refuse(response, fault.status, fault.code ?? fault.status, 'Refused');
    const to = form.get('To') ?? '';
    const body = form.get('Body') ?? '';
    const media = form.getAll('MediaUrl');
    const wrong = mistake(form);
    if (wrong !== undefined) return refuse(response, 400, ...wrong);
    const record: MessageRecord = {
      sid: sidOf(media.length > 0 ? 'MM' : 'SM'),
      from: form.get('From'),
      service: form.get('MessagingServiceSid'),
      to,
      body,
      media,
      segments: sizeOf(body).segments,
      status: 'queued',
      at: now(),
      callback: form.get('StatusCallback'),
    };
    messages.push(record);
    phone(to).receive(record);
    if (fault?.kind === 'drop') response.destroy();
    else answer(response, 201, toWire(record, accountSid));
  }

  function mistake(form: URLSearchParams): [code: number, message: string] | undefined {
    const to = form.get('To') ?? '';
    const body = form.get('Body') ?? '';
    if (!/^\+\d{7,15}$/.test(to)) return [21211, `Invalid 'To' Phone Number: ${to}`];
    if (form.get('From') !== number && form.get('MessagingServiceSid') === null) return [21606, 'Not your number'];
    if (body === '' && form.get('MediaUrl') === null) return [21602, 'Message body is required.'];
    if (body.length > 1_600) return [21617, 'The concatenated message body exceeds the 1600 character limit'];
    if (phone(to).blocked) return [21610, 'Attempt to send to unsubscribed recipient'];
    return undefined;
  }

  function page() {
    const uri = `/2010-04-01/Accounts/${accountSid}/Messages.json?PageSize=50&Page=0`;
    return {
      messages: messages.toReversed().map((message) => toWire(message, accountSid)),
      page: 0,
      page_size: 50,
      start: 0,
      end: messages.length,
      uri,
      first_page_uri: uri,
      next_page_uri: null,
      previous_page_uri: null,
    };
  }

  function download(response: ServerResponse, sid: string): void {
    const file = files.get(sid);
    if (file === undefined) return refuse(response, 404, 20404, 'No such media');
    response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of the stand-in itself must not look like Twilio.
      response.writeHead(599, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: url(),
    accountSid,
    authToken,
    number,
    messages,
    deliveries,
    phone,
    fail: (fault) => void faults.push(fault),
    async close() {
      deliveries.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function sidOf(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}

function moved(address: string, host: string): string {
  const { pathname, search } = new URL(address);
  return new URL(pathname + search, host).href;
}

/** https://www.twilio.com/docs/usage/twilios-response#twilio-api-responses */
function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  answer(response, status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}
