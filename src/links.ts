/** May customers be sent to this host, or write to this number? */
export type MayLink = (host: string) => boolean;

/** Addresses of hosts that may be linked to, and text messages to such numbers; `undefined` for any other. */
export function linkable(url: string, mayLink: MayLink): string | undefined {
  const [, number] = /^sms:(\+\d{1,15})(?:\?|$)/.exec(url) ?? [];
  if (number !== undefined) return mayLink(number) ? url : undefined;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { href, hostname, username, password } = new URL(url);
  return username === '' && password === '' && mayLink(hostname) ? href : undefined;
}

/** Hosts as a business writes them: itself, and all below it (`dhl.com` is `track.dhl.com`, too); `*` is any. */
export function linkingTo(hosts: Iterable<string>): MayLink {
  const known = new Set([...hosts].map((host) => host.toLowerCase().replace(/^www\./, '')));
  return (host) => {
    const parts = host.toLowerCase().split('.');
    return known.has('*') || (host !== '' && parts.some((_, at) => known.has(parts.slice(at).join('.'))));
  };
}

/** Hosts of the web addresses in a text. */
export function hostsIn(text: string): string[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s"'<>{}|]+/gi)].flatMap(([url]) =>
    URL.canParse(url) ? [new URL(url).hostname] : [],
  );
}

/** Text without the addresses that customers may not be sent to: apps make links of addresses by themselves. */
export function withoutStrangeAddresses(text: string, mayLink: MayLink): string {
  return text.replace(ADDRESS, (address) => (mayLink(hostOf(address)) ? address : ''));
}

function hostOf(address: string): string {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`;
  return URL.canParse(url) && /^https?:/i.test(url) ? new URL(url).hostname : '';
}

/**
 * An address with a scheme, or what apps take for one: `www.…`, `shop.example/x`, `shop.com`. An e-mail's host is none. The endings are
 * those that messengers are known to link when nothing else says that it is an address.
 */
const ADDRESS =
  /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"')，。；）】]+|(?<![@.\w-])(?:(?:(?!\p{Script=Han})[\p{L}\p{N}-]){1,63}\.){1,8}(?:[a-z]{2,24}\/[^\s<>"')，。；）】]*|(?:com|net|org|io|co|cn|de|uk|eu|info|biz|shop|app|dev|xyz|top|site|online|store|link|click|live|ru|tk|ly|me)(?![\w.@-])(?:[?#:][^\s<>"')，。；）】]*)?)/giu;
