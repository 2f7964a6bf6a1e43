import type { RawRequest } from '../../src/channel.ts';
import { createTurn } from '../../src/conversation/turn.ts';
import type { Event } from '../../src/event.ts';
import type { Scene } from '../../src/turn.ts';
import type { Json, JsonObject } from '../../src/type.ts';
import { findOrder, quoteReturn } from '../business.ts';
import { payloadOf, pigeon } from '../channel.ts';
import type { Contestant } from '../contestant.ts';
import { benchBot } from './parley-bot.ts';

/** Parley's pure core: the same flows and the same channel without engine and store, the state as a JSON string in a map. */
const CONTEXT = { locale: 'en', settings: null };

export const core: Contestant = {
  name: 'parley core',
  durable: false,
  async open({ sink, flows }) {
    const turn = createTurn(benchBot(flows));
    const channel = pigeon(sink);
    const states = new Map<string, string>();
    return {
      receive(body) {
        for (const { account, address, event, locale } of channel.parse?.(requestOf(body), null) ?? []) {
          const scene: Scene = {
            now: Date.now(),
            conversation: address,
            account,
            channel: channel.kind,
            locale: locale ?? 'en',
            customer: NOBODY,
          };
          const stored = states.get(address);
          let state = stored === undefined ? undefined : (JSON.parse(stored) as JsonObject);
          const events: Event[] = [event];
          for (let next = events.shift(); next !== undefined; next = events.shift()) {
            const taken = turn(state, next, scene);
            state = taken.state;
            for (const effect of taken.effects) {
              if (effect.kind === 'send') {
                for (const part of channel.plan([effect.message], CONTEXT)) sink(address, payloadOf(address, part));
              } else if (effect.kind === 'call') {
                const value = READS[effect.action]?.(effect.args) ?? null;
                events.push({ kind: 'result', call: effect.id, outcome: { ok: true, value } });
              }
            }
          }
          states.set(address, JSON.stringify(state));
        }
      },
      close: async () => undefined,
    };
  },
};

const NOBODY: JsonObject = {};
const READS: Readonly<Record<string, (args: JsonObject) => Json>> = {
  'orders.find': ({ order_id }) => findOrder(String(order_id)),
  'returns.quote': ({ order_id }) => quoteReturn(String(order_id)),
};

const WEBHOOK = new URL('http://localhost/channels/pigeon');
const HEADERS = { 'content-type': 'application/json' };

/** The request as the door hands it to the channel. */
export function requestOf(body: Buffer): RawRequest {
  return { method: 'POST', url: WEBHOOK, headers: HEADERS, body };
}
