import type { Database } from 'better-sqlite3';
import type { Event } from '../../event.ts';
import type { Arrival, Redemption } from '../store.ts';
import type { Invitations } from './invitation.ts';
import type { Turns } from './turn.ts';

/** See `Store.redeem`. Runs inside the group's transaction: the code is gone with the arrival that brought it, or neither is. */
export function redemptionOf(
  database: Database,
  { turns, invitations }: { readonly turns: Turns; readonly invitations: Invitations },
) {
  const place = database.prepare<[number], { account: string; address: string }>(
    'SELECT a.name AS account, c.address FROM conversation c JOIN account a ON a.id = c.account WHERE c.id = ?',
  );
  const enqueue = database.prepare('INSERT INTO inbox (conversation, seq, at, event) VALUES (?, 0, ?, ?)');

  return ({ code, arrival, channel }: { code: string; arrival: Arrival; channel: string }): Redemption => {
    const invitation = invitations.find(code, arrival.at);
    if (invitation === undefined) return { outcome: 'unknown' };
    const from = invitation.conversation;
    const { account, address } = arrival.to;
    const stands = place.get(from)!;
    if (stands.account === account && stands.address === address) return { outcome: 'here' };
    const arrived = turns.arrive(arrival);
    // An arrival from a door is new or known.
    if (arrived.outcome !== 'accepted') return arrived.outcome === 'gone' ? { outcome: 'unknown' } : arrived;
    invitations.withdraw(from, invitation.id);
    const leaving: Event = { kind: 'leaving', to: { account, address, channel }, invitation: invitation.id };
    enqueue.run(from, arrival.at, JSON.stringify(leaving));
    const { key, id, seq, tail, unparked = false } = arrived;
    return { outcome: 'left', from, key, id, seq, tail, unparked };
  };
}
