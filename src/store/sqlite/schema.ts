import type { Database } from 'better-sqlite3';
import { ParleyError } from '../../errors.ts';
import { AUDIT_TABLE } from './audit.ts';
import { DESK_TABLES, DESK_TASKS } from './desk.ts';
import { REVIEW_TABLE } from './review.ts';

/**
 * The tables. Pages written are what a turn costs, more than statements: so only a conversation's row is its own, and everything else
 * is appended, where a whole group of turns shares a page. (The transcript clustered by conversation cost three times the bytes of
 * log per turn; an index on it, a sixth of the turn; a row for every arrival's key, half of the bytes.)
 *
 * Rows of work (inbox, effect, timer) are deleted when done, so those tables stay as small as what is open.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT UNIQUE, attributes TEXT NOT NULL);
  CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    address TEXT NOT NULL,
    public TEXT NOT NULL UNIQUE,
    locale TEXT NOT NULL,
    customer INTEGER,
    seen INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL DEFAULT 0,
    tail INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    state TEXT,
    UNIQUE (account, address)
  );
  CREATE TABLE arrival (
    conversation INTEGER NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (conversation, key)
  ) WITHOUT ROWID;
  -- By time of arrival, so that a group of turns fills one page instead of touching one for each conversation. A conversation's
  -- entries are a chain, from its row's \`tail\` back by \`prev\`: an index would touch a page for each conversation again.
  CREATE TABLE entry (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, seq INTEGER NOT NULL, prev INTEGER NOT NULL, author INTEGER NOT NULL,
    status INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT, message TEXT NOT NULL, attachments TEXT
  );
  CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, event TEXT NOT NULL
  );
  CREATE INDEX inbox_conversation ON inbox (conversation, id);
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    code TEXT NOT NULL, event TEXT NOT NULL
  );
  CREATE TABLE effect (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL, seq INTEGER NOT NULL, entry INTEGER, due INTEGER NOT NULL,
    until INTEGER NOT NULL, token INTEGER NOT NULL DEFAULT 1, tries INTEGER NOT NULL DEFAULT 0, parts INTEGER NOT NULL DEFAULT 0,
    call TEXT
  );
  -- Only free effects (until = 0) are looked for; an effect that is held from its commit on never enters these.
  CREATE INDEX effect_due ON effect (due) WHERE until = 0;
  CREATE INDEX effect_conversation ON effect (conversation, id) WHERE until = 0;
  CREATE TABLE dead (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, seq INTEGER NOT NULL, entry INTEGER NOT NULL, parts INTEGER NOT NULL,
    code TEXT NOT NULL, at INTEGER NOT NULL
  );
  CREATE TABLE timer (
    conversation INTEGER NOT NULL, id TEXT NOT NULL, due INTEGER NOT NULL,
    PRIMARY KEY (conversation, id)
  ) WITHOUT ROWID;
  CREATE INDEX timer_due ON timer (due);
  CREATE TABLE listener (
    conversation INTEGER NOT NULL, id TEXT NOT NULL, event TEXT NOT NULL, match TEXT NOT NULL, token TEXT NOT NULL,
    PRIMARY KEY (conversation, id)
  ) WITHOUT ROWID;
  CREATE INDEX listener_token ON listener (event, token);
  CREATE TABLE handoff (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, handoff TEXT NOT NULL
  );
  CREATE TABLE insight (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL
  );
  CREATE TABLE flow (hash TEXT PRIMARY KEY, source TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE probe (id INTEGER PRIMARY KEY, bytes BLOB);
  `,
  // See ruling.ts. What conversations of before had been ruled stands in their state.
  `
  CREATE TABLE salt (bytes BLOB NOT NULL);
  INSERT INTO salt VALUES (randomblob(32));
  CREATE TABLE ruling (place BLOB PRIMARY KEY, ruling TEXT NOT NULL) WITHOUT ROWID;
  INSERT INTO ruling SELECT place_of((SELECT bytes FROM salt), a.name, c.address), c.state -> '$.consent'
    FROM conversation c JOIN account a ON a.id = c.account WHERE c.state -> '$.consent' IS NOT NULL;
  CREATE TABLE cursor (account TEXT PRIMARY KEY, cursor TEXT NOT NULL) WITHOUT ROWID;
  `,
  // See delivery.ts and allowance.ts. `turn`: sequence number of the first thing that a turn said; 0 in rows of before: said alone.
  // `begun`: part number `parts` may have been sent. `unsure`: so may one of those before it.
  `
  ALTER TABLE effect ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE effect ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE effect ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE report (
    entry INTEGER NOT NULL, part INTEGER NOT NULL, status INTEGER NOT NULL, code TEXT,
    PRIMARY KEY (entry, part)
  ) WITHOUT ROWID;
  CREATE TABLE merged (entry INTEGER PRIMARY KEY, first INTEGER NOT NULL);
  CREATE INDEX merged_first ON merged (first);
  CREATE TABLE allowance (
    conversation INTEGER PRIMARY KEY, until INTEGER NOT NULL, messages INTEGER, handoff INTEGER
  );
  CREATE TABLE receipt (
    entry INTEGER NOT NULL, part INTEGER NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (entry, part)
  ) WITHOUT ROWID;
  CREATE TRIGGER entry_forgotten AFTER DELETE ON entry BEGIN
    DELETE FROM report WHERE entry = old.id;
    DELETE FROM merged WHERE entry = old.id;
    DELETE FROM receipt WHERE entry = old.id;
  END;
  `,
  // See identity.ts and invitation.ts. Who a trusted door has named so far is known by the address she was named at.
  `
  ALTER TABLE customer ADD COLUMN linked INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE identity (
    account TEXT NOT NULL, address TEXT NOT NULL, customer INTEGER NOT NULL, proof TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (account, address)
  ) WITHOUT ROWID;
  CREATE INDEX identity_customer ON identity (customer);
  INSERT INTO identity SELECT a.name, c.address, c.customer, 'signed', 0
    FROM conversation c JOIN account a ON a.id = c.account JOIN customer k ON k.id = c.customer WHERE k.name IS NOT NULL;
  CREATE TABLE invitation (
    code BLOB PRIMARY KEY, id TEXT NOT NULL, conversation INTEGER NOT NULL, until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX invitation_conversation ON invitation (conversation);
  CREATE TABLE challenge (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, account TEXT NOT NULL, address TEXT NOT NULL,
    code BLOB, until INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL
  );
  CREATE INDEX challenge_conversation ON challenge (conversation, at);
  CREATE INDEX challenge_address ON challenge (account, address, at);
  `,
  // See knowledge.ts. A document that is replaced gets a new id, so that whoever reads on by ids meets it again.
  `
  CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, content TEXT NOT NULL,
    UNIQUE (collection, name)
  );
  `,
  // See unsent.ts. What waits to be sent says what it will be then.
  `
  UPDATE entry SET status = 2 WHERE status IN (0, 1) AND id IN (SELECT entry FROM effect);
  `,
  DESK_TABLES,
  // The log of one conversation, for who looks at it.
  `
  CREATE INDEX desk_line_conversation ON desk_line (conversation);
  `,
  // See desk.ts and audit.ts.
  `${DESK_TASKS}${AUDIT_TABLE}`,
  // See keys.ts. NULL: to be read from the transcript.
  `
  ALTER TABLE conversation ADD COLUMN keys BLOB;
  `,
  REVIEW_TABLE,
  // See vector.ts.
  `
  CREATE TABLE vector (id INTEGER PRIMARY KEY, maker TEXT NOT NULL, text TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE (maker, text));
  `,
];

/** Brings the file to this program's schema. Throws `store.newer` for a file that a later version has written. */
export function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new ParleyError(
      'store.newer',
      `The store has schema ${version}; this version knows up to ${MIGRATIONS.length}.`,
      {
        hint: 'Run the version of Parley that wrote it, or a later one.',
      },
    );
  }
  MIGRATIONS.slice(version).forEach((sql, index) => {
    database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${version + index + 1}; COMMIT`);
  });
}
