import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE } from '../bot/database.ts';
import type { State } from '../conversation/state.ts';
import { type Fate, fateOf } from '../conversation/version.ts';
import { compileDeployment, type Deployment, loadDeployment } from '../deployment/deployment.ts';
import { compileKept } from '../deployment/versions.ts';
import type { Program } from '../flow/program.ts';
import { errorsOf } from '../flow/reading/problem.ts';
import { openSqlite } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { type Command, UsageError } from './command.ts';
import { EXIT } from './exit-code.ts';
import { plural, showProblems } from './problems.ts';
import type { Terminal } from './terminal.ts';

export const command: Command = {
  arguments: '[dir]',
  description:
    'Says what the flows of this folder would do to the conversations that are open now: which go on in their old version, which move to the new one, which begin again, which need a human. Changes nothing.',
  options: {
    'dry-run': { description: 'needed: a deployment goes live by parley start, or by its --watch' },
    json: { description: 'prints the counts as JSON' },
  },
  examples: [{ run: 'parley deploy --dry-run', does: 'before restarting a bot with changed flows' }],
  exits: { 1: 'the flows have errors, or conversations would be handed to humans' },
  async run(input, terminal) {
    if (!input.has('dry-run'))
      throw new UsageError('Only --dry-run is there.', 'A deployment goes live by parley start.');
    const deployment = await loadDeployment(input.arguments[0] ?? '.', process.env);
    const compiled = compileDeployment(deployment);
    if (errorsOf(compiled.problems).length > 0) {
      showProblems(errorsOf(compiled.problems), terminal);
      return EXIT.problems;
    }
    const counts = await onCopy(deployment, async (store) => {
      const versions = new Map([
        ...compileKept(await store.keptFlows(), deployment, compiled),
        ...[...compiled.programs.values()].map((program): [string, Program] => [program.version, program]),
      ]);
      return count(store, { programs: compiled.programs, versions }, terminal);
    });
    if (input.has('json')) terminal.print(JSON.stringify(counts, null, 2));
    else tell(counts, terminal);
    return counts.flows.some(({ handoff }) => handoff > 0) ? EXIT.problems : EXIT.ok;
  },
};

type Fates = Record<Fate['fate'], number>;
interface Counts {
  readonly conversations: number;
  readonly flows: readonly ({ readonly flow: string; readonly version: string } & Fates)[];
}

/** The file of a running bot is locked, and a dry run must change nothing: it looks at a copy. */
async function onCopy(deployment: Deployment, look: (store: Store) => Promise<Counts>): Promise<Counts> {
  const path = join(deployment.data, DATABASE);
  if (!existsSync(path)) return { conversations: 0, flows: [] };
  const folder = mkdtempSync(join(tmpdir(), 'parley-dry-run-'));
  try {
    for (const suffix of ['', '-wal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, join(folder, DATABASE + suffix));
    const store = openSqlite(join(folder, DATABASE));
    try {
      return await look(store);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PAGE = 1_000;

async function count(store: Store, bot: Parameters<typeof fateOf>[1], terminal: Terminal): Promise<Counts> {
  const flows = new Map<string, { flow: string; version: string } & Fates>();
  let conversations = 0;
  for (let after = 0; ; ) {
    const page = await store.states(after, PAGE);
    for (const { state } of page) {
      const { frames = [], parked = [] }: Partial<State> = JSON.parse(state);
      for (const frame of [...frames, ...parked.flat()]) {
        const key = `${frame.flow} ${frame.version}`;
        const row = flows.get(key) ?? {
          flow: frame.flow,
          version: frame.version,
          same: 0,
          pin: 0,
          migrate: 0,
          restart: 0,
          handoff: 0,
        };
        row[fateOf(frame, bot).fate] += 1;
        flows.set(key, row);
      }
    }
    conversations += page.length;
    const last = page.at(-1);
    if (last === undefined)
      return { conversations, flows: [...flows.values()].toSorted((a, b) => a.flow.localeCompare(b.flow)) };
    after = last.key;
    terminal.progress(`${conversations} conversations …`);
  }
}

const MEANING: readonly (readonly [Fate['fate'], string])[] = [
  ['same', 'unchanged'],
  ['pin', 'go on in their old version'],
  ['migrate', 'move to the new version'],
  ['restart', 'begin again'],
  ['handoff', 'go to a human'],
];

function tell({ conversations, flows }: Counts, { print, paint }: Terminal): void {
  print(`${plural(conversations, 'conversation')}, ${plural(flows.length, 'version')} of flows in use`);
  for (const { flow, version, ...fates } of flows) {
    const parts = MEANING.filter(([fate]) => fates[fate] > 0).map(([fate, meaning]) => `${fates[fate]} ${meaning}`);
    print(`  ${paint('bold', flow)} ${paint('dim', version)}  ${parts.join(', ')}`);
  }
}
