import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE } from '../bot/database.ts';
import { loadDeployment } from '../deployment/deployment.ts';
import { checkAudit } from '../handoff/audit-check.ts';
import type { AuditRow } from '../store/audit.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { plural } from './problems.ts';
import { withHands } from './with-hands.ts';

export const command: Command = {
  arguments: '[dir]',
  description:
    'Lists what agents and operators did, oldest first. With --verify it follows the chain of hashes instead, and names the first row that was changed, swapped or removed. Works on a deployment that runs, and on one that is stopped.',
  options: {
    verify: { description: 'follows the chain from its first row to its last' },
    last: {
      value: 'hash',
      description: 'with --verify: the hash that was last some time ago must still be in the chain',
    },
    json: { description: 'prints JSON' },
  },
  examples: [
    { run: 'parley audit', does: 'who did what' },
    { run: 'parley audit --verify', does: 'has anybody changed it?' },
  ],
  exits: { 1: 'the log was tampered with' },
  async run(input, terminal) {
    const { data } = await loadDeployment(input.arguments[0] ?? '.', process.env);
    if (!existsSync(join(data, DATABASE))) {
      terminal.print(input.has('json') ? '[]' : 'Nothing was done yet: there is no database.');
      return EXIT.ok;
    }
    return withHands(data, async (records) => {
      if (!input.has('verify')) {
        const all: AuditRow[] = [];
        for await (const rows of pagesOf(records.audit)) {
          if (input.has('json')) all.push(...rows);
          else for (const row of rows) terminal.print(lineOf(row));
        }
        if (input.has('json')) terminal.print(JSON.stringify(all, null, 2));
        return EXIT.ok;
      }
      const verdict = await checkAudit(records, input.get('last'));
      if (input.has('json')) terminal.print(JSON.stringify(verdict, null, 2));
      else if (verdict.broken === undefined)
        terminal.print(`The chain of ${plural(verdict.rows, 'row')} is whole. Its last hash: ${verdict.last}`);
      else terminal.print(`Row ${verdict.broken.id}: ${WHY[verdict.broken.why]}`);
      return verdict.broken === undefined ? EXIT.ok : EXIT.problems;
    });
  },
};

const WHY = {
  changed: 'its content is not what was written.',
  missing: 'it is not there.',
  unchained: 'it does not follow the one before it.',
  cut: 'the chain ends before the hash that was given: its end was cut off, or the hash is of another log.',
};

async function* pagesOf(audit: (after: number, limit: number) => Promise<readonly AuditRow[]>) {
  for (let after = 0; ; ) {
    const rows = await audit(after, PAGE);
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows;
    after = end.id;
  }
}

function lineOf({ id, at, what, by = '-', conversation = '-', data }: AuditRow): string {
  return [id, new Date(at).toISOString(), by, what, conversation, JSON.stringify(data)].join('  ');
}

const PAGE = 500;
