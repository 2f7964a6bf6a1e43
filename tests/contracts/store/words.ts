import type { Call, Effect, Handoff } from '../../../src/effect.ts';
import type { Allowance, Arrival, FinishedTurn, Origin, Progress, Whereabouts } from '../../../src/store/store.ts';

export function at(address: string, account = 'web'): Whereabouts {
  return { key: 0, id: `id-${address}${account === 'web' ? '' : account}`, account, address, locale: 'en' };
}

export function arrival(key: string, to = at('ann'), origin: Origin = { kind: 'door', key }): Arrival {
  const shown = { id: key, from: 'customer', message: { text: key } } as const;
  return { to, origin, event: { kind: 'message', text: key }, at: 1_000, ...(origin.kind === 'door' ? { shown } : {}) };
}

export function turn(
  key: string,
  over: Partial<FinishedTurn> & { to?: Whereabouts; origin?: Origin } = {},
): FinishedTurn {
  const { to, origin, ...rest } = over;
  return {
    arrival: arrival(key, to, origin),
    version: 0,
    state: '{"n":1}',
    effects: [],
    delivery: 'fetched',
    heldUntil: 60_000,
    ...rest,
  };
}

/** Comes with a window. */
export function opening(key: string, window: Allowance): FinishedTurn {
  const finished = turn(key);
  return { ...finished, arrival: { ...finished.arrival, window } };
}

export function report(status: Progress['status'], over: Partial<Progress> = {}): Progress {
  return { account: 'web', conversation: 'id-ann', seq: 2, part: 0, status, at: 7_000, ...over };
}

export const RESULT = { ok: true, value: 1 } as const;

export const handoff: Handoff = {
  kind: 'handoff',
  id: 'h',
  mode: 'background',
  queue: 'default',
  priority: 'normal',
  reason: 'channel.window_closed',
  attach: {},
};

export function say(text: string): Effect {
  return { kind: 'send', from: 'bot', message: { text } };
}

export function call(id: string, notBefore: number): Call {
  return { kind: 'call', id, action: 'a.b', args: {}, effect: 'write', key: id, timeout: 1_000, notBefore };
}

export function timer(id: string, when: number): Effect {
  return { kind: 'timer', id, at: when };
}
