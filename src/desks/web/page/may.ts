import type { Card } from '../protocol.ts';

/** What she may do with a conversation as it stands. The house decides; this only hides what it would refuse. */
export interface May {
  readonly claim: boolean;
  readonly decline: boolean;
  readonly say: boolean;
  readonly note: boolean;
  readonly transfer: boolean;
  readonly consult: boolean;
  readonly handOver: boolean;
  readonly hold: boolean;
  readonly resume: boolean;
  readonly toBot: boolean;
  readonly close: boolean;
  readonly finish: boolean;
}

export function mayDo({ at, agent }: Card, me: string): May {
  const isHers = agent === me;
  const isHeld = at === 'active' || at === 'waiting_customer' || at === 'on_hold' || at === 'consult';
  const waits = at === 'queued' || at === 'offered';
  return {
    claim: waits || at === 'bot' || at === 'closed',
    decline: at === 'offered' && isHers,
    say: isHeld && isHers,
    note: at !== 'bot',
    transfer: (isHeld && isHers) || waits,
    consult: isHers && isHeld && at !== 'consult',
    handOver: isHers && at === 'consult',
    hold: isHers && (at === 'active' || at === 'waiting_customer'),
    resume: isHers && (at === 'on_hold' || at === 'consult'),
    toBot: (isHers && (isHeld || at === 'wrap_up')) || waits,
    close: isHers && isHeld,
    finish: isHers && at === 'wrap_up',
  };
}
