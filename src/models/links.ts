import { changing } from './hold-back.ts';
import { overStrings } from './over-strings.ts';
import type { Layer } from './provider.ts';

/** What apps make a link of, wherever it stands: an address with a scheme, `www.`, or a bare host with a path or an ending people know. */
const ADDRESS =
  /(?:[a-z][a-z\d+.-]{1,20}:\/\/|\bwww\.)[^\s<>"'`，。；！？、）】》]+|(?<![@\w.-])(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+(?:[a-z]{2,18}(?=[/?#:])|(?:com|net|org|info|biz|io|co|me|ly|app|dev|shop|xyz|top|site|online|link|click|cn|de|uk|eu|ru|us)(?![a-z\d.-]*[a-z\d@]))(?:[/?#:][^\s<>"'`，。；！？、）】》]*)?/giu;
/** A picture is fetched without a tap, and what it is asked for may carry anything: none from a model. */
const PICTURE = /!\[([^\]]*)\]\([^)]*\)/g;
/** A link's words stay; where it leads is looked at with all other addresses. */
const LINK = /\[([^\]]*)\]\(\s*([^)\s]*)[^)]*\)/g;

/** Takes out of a reply every address that leads to a host which nobody has allowed. */
export function withLinks(mayLink: (host: string) => boolean): Layer {
  const change = (text: string) => withoutLinks(text, mayLink);
  return (inner) => ({
    ...inner,
    async ask(request, call) {
      const reply = await inner.ask(request, call);
      if (request.kind !== 'complete') return reply;
      return { ...reply, text: overStrings(reply.text, request.format !== undefined, change) };
    },
    stream: (request, call) => changing(inner.stream(request, call), UNFINISHED, change),
  });
}

/** Where an address, a link or a picture may be about to stand: from the last space on, or from an open bracket. */
const UNFINISHED = /(?:!?\[[^\]\n]*(?:\](?:\([^)\n]*)?)?|[\w.+:/?#&=%@~-]+)$/u;

export function withoutLinks(text: string, mayLink: (host: string) => boolean): string {
  return text
    .replace(PICTURE, '$1')
    .replace(LINK, (link, words: string, address: string) => (leadsTo(address, mayLink) ? link : words))
    .replace(ADDRESS, (address) => (leadsTo(address, mayLink) ? address : GONE));
}

/** In any language: something stood here. */
const GONE = '[…]';

function leadsTo(address: string, mayLink: (host: string) => boolean): boolean {
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `https://${address}`;
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  // `https://shop.example@evil.example` leads to the second.
  return /^https?:$/.test(protocol) && username === '' && password === '' && mayLink(hostname.toLowerCase());
}
