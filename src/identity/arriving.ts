import type { Inbound, SendContext } from '../channel.ts';
import type { Accepted, Engine } from '../engine/engine.ts';
import type { CodeFault, Event } from '../event.ts';
import type { JsonObject } from '../type.ts';
import { readCode, type ToldCode } from './code.ts';
import { Guesses } from './guesses.ts';

export interface ArrivingParts {
  readonly engine: Pick<Engine, 'accept' | 'redeem'>;
  readonly store: { ruling(account: string, address: string): Promise<JsonObject | undefined> };
  /** Has she opted out there? Then what she writes is kept and not heard, a code like everything else. */
  readonly isOut: (ruling: JsonObject | undefined) => boolean;
  readonly clock: { now(): number };
}

/**
 * The engine's `accept`, which first looks whether what comes in is a code that continues a conversation, as words or as what a link
 * carried. One that is no code costs a look at its length.
 *
 * A wrong one that is written as we show codes is answered as wrong, in the same words whether it never was one, has been used, or is too
 * old. Written otherwise it goes on as what it may be: an order number.
 */
export function acceptCodes({ engine, store, isOut, clock }: ArrivingParts): Engine['accept'] {
  const guesses = new Guesses(clock.now);

  async function take(inbound: Inbound, told: ToldCode, passive: Passive): Promise<Accepted> {
    const { account, address } = inbound;
    if (isOut(await store.ruling(account, address))) return engine.accept(inbound, passive);
    const taken = guesses.allows(account, address)
      ? await engine.redeem(inbound, told.code, HIDDEN, passive)
      : 'unknown';
    if (taken === 'here') return engine.accept(faulty(inbound, 'here'), passive);
    if (taken !== 'unknown') return taken;
    const accepted = await engine.accept(told.marked ? faulty(inbound, 'wrong') : inbound, passive);
    // The same delivered again is no guess, and may be the right one that has been used by now.
    if (!accepted.duplicate) guesses.wasWrong(account, address);
    return accepted;
  }

  return (inbound, passive) => {
    const told = codeIn(inbound.event);
    return told === undefined ? engine.accept(inbound, passive) : take(inbound, told, passive);
  };
}

type Passive = SendContext<unknown>['passive'];

/** What the transcript keeps of a code that was taken. */
const HIDDEN = '••••••••';

function codeIn(event: Event): ToldCode | undefined {
  switch (event.kind) {
    case 'message':
      return event.consent === undefined && event.attachments === undefined ? readCode(event.text) : undefined;
    case 'opened':
      return event.payload === undefined ? undefined : readCode(event.payload);
    default:
      return undefined;
  }
}

function faulty(inbound: Inbound, code: CodeFault): Inbound {
  const { event } = inbound;
  return event.kind === 'message' || event.kind === 'opened' ? { ...inbound, event: { ...event, code } } : inbound;
}
