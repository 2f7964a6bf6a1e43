/**
 * What a source says, as text and nothing else: without what only machines see, without markup that an app would act on, without an
 * address that may not be linked to (apps make links of addresses by themselves). A hostile line in a document stays a line.
 */
export function plain(text: string, mayLink: MayLink): string {
  return withoutStrangeAddresses(visible(text), mayLink)
    .replace(/\]\(/g, '] (')
    .replace(/\*\*|__|`+|~~/g, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

/** May customers be sent to this host? */
export type MayLink = (host: string) => boolean;

/** The same for what is one line: titles, headings, file names. */
export function plainLine(text: string, mayLink: MayLink, limit = LINE): string {
  const line = plain(text, mayLink).replace(/\s+/g, ' ');
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}

/** `https` addresses of hosts that may be linked to; `undefined` for any other. */
export function linkable(url: string, mayLink: MayLink): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { href, hostname, username, password } = new URL(url);
  return username === '' && password === '' && mayLink(hostname) ? href : undefined;
}

const LINE = 120;

/** Controls, text that runs backwards, zero-width and tag characters: what hides instructions from the people who read a document. */
function visible(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '')
    .replace(/[[\p{DI}\uFFF9-\uFFFB]--[\u200C\u200D\uFE0F]]/gv, '');
}

function withoutStrangeAddresses(text: string, mayLink: MayLink): string {
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
  /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"')，。；）】]+|(?<![@.\w-])(?:(?:(?!\p{Script=Han})[\p{L}\p{N}-]){1,63}\.){1,8}(?:[a-z]{2,24}\/[^\s<>"')，。；）】]*|(?:com|net|org|io|co|cn|de|uk|eu|info|biz|shop|app|dev|xyz|top|site|online|store|link|click|live|ru|tk|ly|me)(?![\w.-])(?:[?#:][^\s<>"')，。；）】]*)?)/giu;
