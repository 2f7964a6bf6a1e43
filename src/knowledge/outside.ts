import { lookup as resolve } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { ParleyError } from '../errors.ts';

export interface Page {
  /** Where it was in the end. */
  readonly url: string;
  /** Media type, without its parameters. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Reach {
  /** Hosts that are asked, as `host` or `host:port`. A page elsewhere, or one that is sent on elsewhere, is refused. */
  readonly hosts: ReadonlySet<string>;
  /** May hosts inside our own network be asked? Only a test's are. */
  readonly inside?: boolean;
  readonly signal: AbortSignal;
}

const PATIENCE = 15_000;
const HOPS = 3;
/** Bytes. */
const MOST = 4 * 1024 * 1024;

/**
 * A page of the web, from public addresses of the hosts that were named: checked where the connection is made, and at every hop, since a
 * sitemap or a redirect may name any address there is.
 * @throws `knowledge.refused`; `knowledge.unavailable` (retryable)
 */
export async function fetchPage(url: string, { hosts, inside = false, signal }: Reach): Promise<Page> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  let address = new URL(url);
  for (let hop = 0; hop < HOPS; hop++) {
    if (!/^https?:$/.test(address.protocol)) throw refused(url, 'It is no web address.');
    if (!hosts.has(address.host)) throw refused(url, `${address.host} is none of the hosts of this set.`);
    const answer = await ask(address, patience, inside);
    const { location } = answer.headers;
    if (answer.statusCode < 300 || answer.statusCode >= 400 || typeof location !== 'string')
      return await pageOf(address.href, answer);
    await answer.body.dump();
    if (!URL.canParse(location, address.href)) throw refused(url, 'It is sent on to nowhere.');
    address = new URL(location, address);
  }
  throw refused(url, 'It is sent on for ever.');
}

async function ask(address: URL, signal: AbortSignal, inside: boolean) {
  const literal = address.hostname.replace(/^\[(.*)\]$/, '$1');
  // An address that stands for itself is never looked up, so it is checked here.
  if (!inside && isIP(literal) !== 0 && !isPublic(literal))
    throw refused(address.href, 'It is inside our own network.');
  try {
    const headers = { accept: 'text/html, text/markdown, text/plain, application/xml;q=0.9', 'user-agent': 'parley' };
    return await request(address, { signal, headers, ...(inside ? {} : { dispatcher: publicOnly }) });
  } catch (cause) {
    if (cause instanceof ParleyError) throw cause;
    throw new ParleyError('knowledge.unavailable', `${address.href} cannot be read right now.`, {
      retryable: true,
      cause,
    });
  }
}

async function pageOf(url: string, { statusCode, headers, body }: Awaited<ReturnType<typeof ask>>): Promise<Page> {
  if (statusCode !== 200) {
    await body.dump();
    throw refused(url, `Its server answers ${statusCode}.`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MOST) throw refused(url, `It is larger than ${MOST} bytes.`);
    chunks.push(chunk);
  }
  const type =
    String(headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? '';
  return { url, type, bytes: Buffer.concat(chunks) };
}

/** Connects to what the name was looked up as, once, so that it cannot mean another machine a moment later. */
const lookup: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { all: true }).then(
    (found) => {
      const own = found.find(({ address }) => !isPublic(address));
      const [first] = found;
      if (own !== undefined || first === undefined)
        return done(refused(hostname, 'It is inside our own network.'), '', 4);
      if (options.all) done(null, found);
      else done(null, first.address, first.family);
    },
    (error: NodeJS.ErrnoException) => done(error, '', 4),
  );
};

const publicOnly = new Agent({ connect: { lookup } });

function isPublic(address: string): boolean {
  return !OWN.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-; an IPv4 address inside an IPv6 one is seen through. */
const OWN = new BlockList();
for (const net of '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3'.split(
  ' ',
))
  OWN.addSubnet(net.split('/')[0] ?? '', Number(net.split('/')[1]), 'ipv4');
for (const net of '::/96 64:ff9b::/32 100::/64 2001::/23 2001:db8::/32 2002::/16 fc00::/7 fe80::/10 ff00::/8'.split(
  ' ',
))
  OWN.addSubnet(net.split('/')[0] ?? '', Number(net.split('/')[1]), 'ipv6');

function refused(url: string, why: string): ParleyError {
  return new ParleyError('knowledge.refused', `${url} is not read. ${why}`, {
    hint: 'Pages are read from public addresses of the hosts that `urls` and `sitemap` name.',
  });
}
