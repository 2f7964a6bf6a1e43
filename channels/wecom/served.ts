import type { Inbound } from '#channel';
import { placeOf } from './address.ts';
import { WINDOW } from './events.ts';

/**
 * Customers whom people of the business serve in the WeCom app, and when that was last seen (epoch milliseconds). It is read from the
 * same stream as what they say, and kept with its cursor, so it is right for every message however late that is read.
 */
export type Served = Readonly<Record<string, number>>;

/** What an event makes of it. Nothing lasts longer than WeCom's own sessions. */
export function servedAfter(served: Served, { address, event, sentAt = 0 }: Inbound): Served {
  if (event.kind !== 'signal') return served;
  const { customer } = placeOf(address);
  const others = Object.entries(served).filter(([who, seen]) => who !== customer && sentAt - seen < WINDOW.lasts);
  const isHuman = event.name === 'channel.agent_wrote' || event.data.state === 'human';
  if (isHuman) return Object.fromEntries([...others, [customer, sentAt]]);
  return event.data.state === 'ended' ? Object.fromEntries(others) : served;
}

/**
 * What she says while people serve her is said to them: a bot that answered would talk over them, or, since WeCom lets it not, would
 * come with its answer when they are done.
 */
export function heardBy(served: Served, inbound: Inbound): Inbound {
  const { address, event, sentAt = 0, window: _window, ...said } = inbound;
  const seen = served[placeOf(address).customer];
  if (seen === undefined || sentAt - seen >= WINDOW.lasts) return inbound;
  if (event.kind !== 'message' && event.kind !== 'choice') return inbound;
  const text = (event.kind === 'message' ? event.text : event.label) ?? '';
  const { media: _media, ...rest } = said;
  return { ...rest, address, sentAt, event: { kind: 'signal', name: 'channel.said_to_agent', data: { text } } };
}
