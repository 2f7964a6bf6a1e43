import { lookup as resolve } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { ParleyError } from './errors.ts';

export interface FileLimits {
  /** Bytes. */
  readonly most: number;
  /** `host` or `host:port` inside our own network from which files may come all the same. */
  readonly hosts: readonly string[];
  readonly signal: AbortSignal;
}

/** Milliseconds: an answer must not wait for a picture any longer. */
const PATIENCE = 8_000;
const HOPS = 3;

/**
 * A file that is to be sent, from the web. Some platforms take files only by upload, so we fetch them ourselves, and an address in a message
 * may come from anywhere: so only from public addresses, checked where the connection is made, and at every hop.
 * @throws `file.refused`, `file.unavailable` (retryable)
 */
export async function fetchOutside(url: string, { most, hosts, signal }: FileLimits): Promise<Uint8Array> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  let address = new URL(url);
  for (let hop = 0; hop < HOPS; hop++) {
    const dispatcher = hosts.includes(address.host) ? undefined : guarded(address);
    const answer = await get(address, patience, dispatcher);
    const { location } = answer.headers;
    if (answer.statusCode < 300 || answer.statusCode >= 400 || typeof location !== 'string')
      return await bytesOf(answer, most);
    await answer.body.dump();
    if (!URL.canParse(location, address.href)) throw refused('It is sent on to nowhere.');
    address = new URL(location, address);
  }
  throw refused('It is sent on for ever.');
}

async function get(address: URL, signal: AbortSignal, dispatcher: Agent | undefined) {
  try {
    return await request(address, { signal, ...(dispatcher === undefined ? {} : { dispatcher }) });
  } catch (cause) {
    if (cause instanceof ParleyError) throw cause;
    throw new ParleyError('file.unavailable', 'A file that is to be sent cannot be fetched right now.', {
      retryable: true,
      cause,
    });
  }
}

async function bytesOf({ statusCode, body }: Awaited<ReturnType<typeof get>>, most: number): Promise<Uint8Array> {
  if (statusCode !== 200) {
    await body.dump();
    throw refused(`Its server answers ${statusCode}.`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > most) throw refused(`It is larger than ${most} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Connects only to public addresses. A name is looked up once and that answer is connected to, so that it cannot mean another machine
 * a moment later; an address that stands for itself is never looked up, so it is checked here.
 */
function guarded({ hostname, protocol }: URL): Agent {
  if (!/^https?:$/.test(protocol)) throw refused('It is no web address.');
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0 && !isPublic(literal)) throw refused('It is inside our own network.');
  return publicOnly;
}

const lookup: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { all: true }).then(
    (found) => {
      const inside = found.find(({ address }) => !isPublic(address));
      const [first] = found;
      if (inside !== undefined || first === undefined) return done(refused('It is inside our own network.'), '', 4);
      if (options.all) done(null, found);
      else done(null, first.address, first.family);
    },
    (error: NodeJS.ErrnoException) => done(error, '', 4),
  );
};

const publicOnly = new Agent({ connect: { lookup } });

function isPublic(address: string): boolean {
  return !inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-; an IPv4 address inside an IPv6 one is seen through. */
const inside = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 96],
  ['64:ff9b::', 32],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, prefix, 'ipv6');

function refused(why: string): ParleyError {
  return new ParleyError('file.refused', `A file that is to be sent is not fetched. ${why}`, {
    hint: 'Files come from public addresses, from this bot’s own, and from the file_hosts of the account.',
  });
}
