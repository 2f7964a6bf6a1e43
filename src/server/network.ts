import type { IncomingMessage } from 'node:http';

/**
 * The network that a request comes from, to limit it: an IPv4 address, or the /64 of an IPv6 address, of which one household or
 * machine has as many as it likes. Behind `proxies` reverse proxies, the address the outermost of them saw; further entries of
 * X-Forwarded-For were written by the client and are worth nothing.
 */
export function networkOf(incoming: IncomingMessage, proxies: number): string {
  const direct = incoming.socket.remoteAddress ?? 'unknown';
  if (proxies === 0) return toNetwork(direct);
  const header = incoming.headers['x-forwarded-for'];
  const hops = (typeof header === 'string' ? header : (header ?? []).join(',')).split(',').map((hop) => hop.trim());
  return toNetwork(hops.at(-proxies) || direct);
}

function toNetwork(address: string): string {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
