import type { Database } from 'better-sqlite3';
import type { DeskEffect, DeskStand } from '../../effect.ts';
import type { JsonObject } from '../../type.ts';
import { entryIn } from '../audit.ts';
import { AWAY, awayLine, type DeskLine, receiptLine, type StoredAgent, type StoredStand } from '../desk.ts';
import type { DeliveryStatus } from '../store.ts';
import type { Audit } from './audit.ts';
import { authorCode } from './codes.ts';

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

/** Flows ask humans for something. */
export const DESK_TASKS = `
  ALTER TABLE desk ADD COLUMN tasks INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX desk_tasks ON desk (opened) WHERE tasks > 0;
`;

export function deskOf(database: Database, audit: Audit) {
  const sql = statements(database);
  // While no human ever had a conversation, nobody need be told how far words have come.
  let any = sql.any.get() !== undefined;
  const known = (name: string): StoredAgent =>
    sql.agent.get(name) ?? { name, presence: 'offline', since: 0, misses: 0, given: 0 };
  const saveAgent = (agent: StoredAgent) => void sql.saveAgent.run(agent);

  function write(conversation: number, at: number, line: JsonObject): void {
    sql.write.run(conversation, at, typeof line.command === 'string' ? line.command : null, JSON.stringify(line));
    const entry = entryIn(line, sql.public.get(conversation)!, at);
    if (entry !== undefined) audit.append(entry);
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
      const { agent = null, tasks = 0, control, ...rest } = stand;
      any = true;
      sql.keep.run({ conversation, ...rest, agent, tasks, control: JSON.stringify(control) });
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
    asking: (limit: number): readonly StoredStand[] => sql.asking.all(limit).map(standIn),
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
      audit.append({ at, what: 'presence', by: agent, data: { presence } });
    },
    /** An agent's words have come so far: a line for whoever shows them. */
    came(entry: number, status: DeliveryStatus, at: number): void {
      const row = any ? sql.words.get(entry) : undefined;
      if (row !== undefined)
        write(row.conversation, at, receiptLine(row.seq, status, { at: row.at, epoch: row.epoch }));
    },
    audited: (entry: Parameters<Audit['append']>[0]): void => audit.append(entry),
    audit: audit.rows,
  };
}

type StandRow = Omit<StoredStand, 'agent' | 'control' | 'tasks'> & {
  readonly agent: string | null;
  readonly tasks: number;
  readonly control: string;
};

function standIn({ agent, tasks, control, ...rest }: StandRow): StoredStand {
  const parsed = { ...rest, control: JSON.parse(control) as DeskStand['control'] };
  const stand = tasks === 0 ? parsed : { ...parsed, tasks };
  return agent === null ? stand : { ...stand, agent };
}

function lineIn({ line, ...rest }: Omit<DeskLine, 'line'> & { readonly line: string }): DeskLine {
  return { ...rest, line: JSON.parse(line) as JsonObject };
}

const STAND = `SELECT c.public AS conversation, d.at, d.epoch, d.version, d.queue, d.agent, d.opened, d.tasks, d.control
  FROM desk d JOIN conversation c ON c.id = d.conversation`;
const LINE =
  'SELECT l.id, c.public AS conversation, l.at, l.line FROM desk_line l JOIN conversation c ON c.id = l.conversation';

function statements(database: Database) {
  return {
    any: database.prepare<[], number>('SELECT 1 FROM desk LIMIT 1').pluck(),
    public: database.prepare<[number], string>('SELECT public FROM conversation WHERE id = ?').pluck(),
    words: database.prepare<[number], { conversation: number; seq: number; at: string; epoch: number }>(
      `SELECT e.conversation, e.seq, d.at, d.epoch FROM entry e JOIN desk d ON d.conversation = e.conversation
       WHERE e.id = ? AND e.author = ${authorCode('agent')} AND e.message ->> '$.said' IS NOT NULL`,
    ),
    asking: database.prepare<[number], StandRow>(`${STAND} WHERE d.tasks > 0 ORDER BY d.opened LIMIT ?`),
    holder: database.prepare<[number], string | null>('SELECT agent FROM desk WHERE conversation = ?').pluck(),
    keep: database.prepare(
      `INSERT INTO desk (conversation, at, epoch, version, queue, agent, opened, tasks, control)
       VALUES (@conversation, @at, @epoch, @version, @queue, @agent, @opened, @tasks, @control)
       ON CONFLICT DO UPDATE SET at = @at, epoch = @epoch, version = @version, queue = @queue, agent = @agent,
         opened = @opened, tasks = @tasks, control = @control`,
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
  };
}
