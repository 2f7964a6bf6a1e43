import type { Database } from 'better-sqlite3';
import type { DeskEffect, DeskStand } from '../../effect.ts';
import type { JsonObject } from '../../type.ts';
import { AWAY, awayLine, type DeskLine, type StoredAgent, type StoredStand } from '../desk.ts';

/**
 * The desk's tables: one row for each conversation that ever had to do with a human, its log, and the agents. Nothing here is touched
 * by a turn that has no `desk` effect.
 */
export type DeskRows = ReturnType<typeof deskOf>;

export const DESK_TABLES = `
  CREATE TABLE desk (
    conversation INTEGER PRIMARY KEY, at TEXT NOT NULL, epoch INTEGER NOT NULL, version INTEGER NOT NULL, queue TEXT NOT NULL,
    agent TEXT, opened INTEGER NOT NULL, control TEXT NOT NULL, mirrored INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX desk_at ON desk (at, opened);
  CREATE TABLE desk_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL, at INTEGER NOT NULL, command TEXT, line TEXT NOT NULL
  );
  CREATE INDEX desk_line_command ON desk_line (conversation, command) WHERE command IS NOT NULL;
  CREATE TABLE desk_agent (
    name TEXT PRIMARY KEY, presence TEXT NOT NULL, since INTEGER NOT NULL, misses INTEGER NOT NULL, given INTEGER NOT NULL
  ) WITHOUT ROWID;
`;

export function deskOf(database: Database) {
  const sql = statements(database);
  const known = (name: string): StoredAgent =>
    sql.agent.get(name) ?? { name, presence: 'offline', since: 0, misses: 0, given: 0 };
  const saveAgent = (agent: StoredAgent) => void sql.saveAgent.run(agent);

  function write(conversation: number, at: number, line: JsonObject): void {
    sql.write.run(conversation, at, typeof line.command === 'string' ? line.command : null, JSON.stringify(line));
  }

  function miss(name: string, limit: number, at: number): boolean {
    const agent = known(name);
    const misses = agent.misses + 1;
    const goes = misses >= limit && agent.presence === 'available';
    saveAgent(goes ? { ...agent, presence: AWAY, since: at, misses: 0 } : { ...agent, misses });
    return goes;
  }

  return {
    /** Part of a turn's commit. */
    keep(conversation: number, { stand, lines, missed = [], limit }: DeskEffect, at: number): void {
      const before = sql.holder.get(conversation);
      const { agent = null, control, ...rest } = stand;
      sql.keep.run({ conversation, ...rest, agent, control: JSON.stringify(control) });
      for (const line of lines) write(conversation, at, line);
      for (const name of missed) if (miss(name, limit, at)) write(conversation, at, awayLine(name, stand));
      if (stand.agent === undefined || stand.agent === before) return;
      const given = { ...known(stand.agent), given: at };
      saveAgent(stand.at === 'offered' ? given : { ...given, misses: 0 });
    },
    stands: (at: readonly string[], limit: number): readonly StoredStand[] =>
      sql.stands.all(JSON.stringify(at), limit).map(standIn),
    ended: (limit: number): readonly StoredStand[] => sql.ended.all(limit).map(standIn),
    stand(conversation: string): StoredStand | undefined {
      const row = sql.stand.get(conversation);
      return row && standIn(row);
    },
    epoch: (conversation: number): number => sql.epoch.get(conversation) ?? 0,
    lines: (after: number, limit: number): readonly DeskLine[] => sql.lines.all(after, limit).map(lineIn),
    history: (conversation: string, limit: number): readonly DeskLine[] =>
      sql.history.all(conversation, limit).map(lineIn).reverse(),
    answer(conversation: string, command: string): DeskLine | undefined {
      const row = sql.answer.get(conversation, command);
      return row && lineIn(row);
    },
    agents: (): readonly StoredAgent[] => sql.agents.all(),
    setPresence({ agent, presence, at }: { agent: string; presence: string; at: number }): void {
      saveAgent({ ...known(agent), presence, since: at, misses: 0 });
    },
    mirrored({ conversation, seq }: { conversation: string; seq: number }): void {
      sql.mirrored.run(seq, conversation);
    },
  };
}

type StandRow = Omit<StoredStand, 'agent' | 'control'> & { readonly agent: string | null; readonly control: string };

function standIn({ agent, control, ...rest }: StandRow): StoredStand {
  const stand = { ...rest, control: JSON.parse(control) as DeskStand['control'] };
  return agent === null ? stand : { ...stand, agent };
}

function lineIn({ line, ...rest }: Omit<DeskLine, 'line'> & { readonly line: string }): DeskLine {
  return { ...rest, line: JSON.parse(line) as JsonObject };
}

const STAND = `SELECT c.public AS conversation, d.at, d.epoch, d.version, d.queue, d.agent, d.opened, d.control, d.mirrored
  FROM desk d JOIN conversation c ON c.id = d.conversation`;
const LINE =
  'SELECT l.id, c.public AS conversation, l.at, l.line FROM desk_line l JOIN conversation c ON c.id = l.conversation';

function statements(database: Database) {
  return {
    holder: database.prepare<[number], string | null>('SELECT agent FROM desk WHERE conversation = ?').pluck(),
    keep: database.prepare(
      `INSERT INTO desk (conversation, at, epoch, version, queue, agent, opened, control)
       VALUES (@conversation, @at, @epoch, @version, @queue, @agent, @opened, @control)
       ON CONFLICT DO UPDATE SET at = @at, epoch = @epoch, version = @version, queue = @queue, agent = @agent,
         opened = @opened, control = @control`,
    ),
    write: database.prepare('INSERT INTO desk_line (conversation, at, command, line) VALUES (?, ?, ?, ?)'),
    stands: database.prepare<[string, number], StandRow>(
      `${STAND} WHERE d.at IN (SELECT value FROM json_each(?)) ORDER BY d.opened LIMIT ?`,
    ),
    ended: database.prepare<[number], StandRow>(
      `${STAND} WHERE d.at IN ('closed', 'bot') ORDER BY d.opened DESC LIMIT ?`,
    ),
    stand: database.prepare<[string], StandRow>(`${STAND} WHERE c.public = ?`),
    epoch: database.prepare<[number], number>('SELECT epoch FROM desk WHERE conversation = ?').pluck(),
    lines: database.prepare<[number, number], DeskLine & { line: string }>(
      `${LINE} WHERE l.id > ? ORDER BY l.id LIMIT ?`,
    ),
    history: database.prepare<[string, number], DeskLine & { line: string }>(
      `${LINE} WHERE c.public = ? ORDER BY l.id DESC LIMIT ?`,
    ),
    answer: database.prepare<[string, string], DeskLine & { line: string }>(
      `${LINE} WHERE c.public = ? AND l.command = ? ORDER BY l.id LIMIT 1`,
    ),
    agent: database.prepare<[string], StoredAgent>('SELECT * FROM desk_agent WHERE name = ?'),
    agents: database.prepare<[], StoredAgent>('SELECT * FROM desk_agent ORDER BY name'),
    saveAgent: database.prepare<[StoredAgent]>(
      `INSERT INTO desk_agent (name, presence, since, misses, given) VALUES (@name, @presence, @since, @misses, @given)
       ON CONFLICT DO UPDATE SET presence = @presence, since = @since, misses = @misses, given = @given`,
    ),
    mirrored: database.prepare(
      `UPDATE desk SET mirrored = max(mirrored, ?) WHERE conversation = (SELECT id FROM conversation WHERE public = ?)`,
    ),
  };
}
