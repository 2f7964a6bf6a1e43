import type { Phone, Simulator } from '#channel';
import { type Fault, WebChat } from './simulator/phone.ts';

export interface SimulatorOptions {
  /** Where the account speaks Direct Line: `http://127.0.0.1:3000/channels/directline/v3/directline`. */
  readonly domain: string;
  /** The account's: the stand-in also plays the business's own server, which turns it into tokens. */
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** What can go wrong between a page and us, once each. */
const FAULTS: readonly Fault[] = ['drop', 'twice', 'lost', 'expired'];

/**
 * Pages with Web Chat in them. There is no platform to stand in for: each phone is a client of our own door over real sockets, and shows
 * what Web Chat would.
 */
export function openSimulator({ domain, secret, now = Date.now }: SimulatorOptions): Simulator {
  const pages = new Set<WebChat>();
  const faults = new Set<Fault>();
  return {
    url: domain,
    phone(person): Phone {
      const page = new WebChat(person, { domain, secret, now, faults });
      pages.add(page);
      return page;
    },
    faults: FAULTS,
    fail(name) {
      const fault = FAULTS.find((known) => known === name);
      if (fault !== undefined) faults.add(fault);
    },
    async close() {
      for (const page of pages) page.close();
    },
  };
}
