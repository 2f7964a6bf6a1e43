import type { Database } from 'better-sqlite3';
import type { Challenge, Invitation } from '../store.ts';

/**
 * Codes that continue a conversation elsewhere, and codes by which a customer proves an address. Under a hash, salted as rulings are:
 * who reads the file while one lives reads no code.
 */
export interface Invitations {
  invite(invitation: Invitation): void;
  withdraw(conversation: number, id: string): void;
  /** What a code that is still good invites to. */
  find(code: string, at: number): { readonly id: string; readonly conversation: number } | undefined;
  challenge(challenge: Challenge): boolean;
  /** The address that is proven by this; `undefined`: it is the wrong code, too late, or tried too often. */
  answer(answer: {
    readonly conversation: number;
    readonly code: string;
    readonly at: number;
  }): { readonly account: string; readonly address: string } | undefined;
}

/** Codes are six digits, so that nobody guesses one in these many tries (5 in a million). */
const TRIES = 5;
/** Codes that are sent for one conversation, and to one address, in an hour: each is a message that somebody pays for. */
const SENT = 3;
/** And for one account: what somebody who has many conversations and many numbers can cost. */
const SENT_BY_ACCOUNT = 200;
const HOUR = 3_600_000;

export function invitationsOf(database: Database): Invitations {
  const sql = statements(database);
  return {
    invite({ id, code, conversation, until, at }) {
      sql.expire.run(at);
      sql.withdrawAll.run(conversation);
      sql.invite.run({ id, code, conversation, until });
    },
    withdraw: (conversation, id) => void sql.withdraw.run(conversation, id),
    find: (code, at) => sql.find.get({ code, at }),
    challenge({ conversation, account, address, code, until, at }) {
      sql.forget.run(at - HOUR);
      const since = at - HOUR;
      const sent = Math.max(sql.sentFor.get(conversation, since)!, sql.sentTo.get({ account, address, since })!);
      if (sent >= SENT || sql.sentBy.get(account, since)! >= SENT_BY_ACCOUNT) return false;
      // One code of a conversation is good at a time; those of before still count as sent.
      sql.spend.run(conversation);
      sql.challenge.run({ conversation, account, address, code, until, at });
      return true;
    },
    answer({ conversation, code, at }) {
      const open = sql.open.get({ conversation, code, at, tries: TRIES });
      if (open === undefined) return undefined;
      sql.tried.run(open.id);
      if (open.right === 0) return undefined;
      sql.spend.run(conversation);
      const { account, address } = open;
      return { account, address };
    },
  };
}

/** `kind` keeps one kind of code from passing for the other. */
function hashed(kind: 'invitation' | 'challenge'): string {
  return `place_of((SELECT bytes FROM salt), '${kind}', @code)`;
}

function statements(database: Database) {
  return {
    expire: database.prepare('DELETE FROM invitation WHERE until <= ?'),
    withdrawAll: database.prepare('DELETE FROM invitation WHERE conversation = ?'),
    withdraw: database.prepare('DELETE FROM invitation WHERE conversation = ? AND id = ?'),
    invite: database.prepare(
      `INSERT INTO invitation (code, id, conversation, until)
       VALUES (${hashed('invitation')}, @id, @conversation, @until)`,
    ),
    find: database.prepare<{ code: string; at: number }, { id: string; conversation: number }>(
      `SELECT id, conversation FROM invitation WHERE code = ${hashed('invitation')} AND until > @at`,
    ),
    forget: database.prepare('DELETE FROM challenge WHERE at < ?'),
    sentFor: database
      .prepare<[number, number], number>('SELECT count(*) FROM challenge WHERE conversation = ? AND at > ?')
      .pluck(),
    sentBy: database
      .prepare<[string, number], number>('SELECT count(*) FROM challenge WHERE account = ? AND at > ?')
      .pluck(),
    sentTo: database
      .prepare<{ account: string; address: string; since: number }, number>(
        'SELECT count(*) FROM challenge WHERE account = @account AND address = @address AND at > @since',
      )
      .pluck(),
    spend: database.prepare('UPDATE challenge SET code = NULL WHERE conversation = ?'),
    challenge: database.prepare(
      `INSERT INTO challenge (conversation, account, address, code, until, at)
       VALUES (@conversation, @account, @address, ${hashed('challenge')}, @until, @at)`,
    ),
    open: database.prepare<
      { conversation: number; code: string; at: number; tries: number },
      { id: number; account: string; address: string; right: number }
    >(
      `SELECT id, account, address, code = ${hashed('challenge')} AS right FROM challenge
       WHERE conversation = @conversation AND code IS NOT NULL AND until > @at AND tries < @tries`,
    ),
    tried: database.prepare('UPDATE challenge SET tries = tries + 1 WHERE id = ?'),
  };
}
