import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE } from '../bot/database.ts';
import { compileDeployment, type Deployment, loadDeployment } from '../deployment/deployment.ts';
import { SETTINGS_FILE } from '../deployment/settings.ts';
import { codeOf } from '../errors.ts';
import type { CompiledFlows } from '../flow/flows.ts';
import { errorsOf } from '../flow/reading/problem.ts';
import { askPlatforms, lookAtAccounts } from './account-findings.ts';
import type { Command } from './command.ts';
import { lookAtDoors } from './door-findings.ts';
import { EXIT } from './exit-code.ts';
import type { Finding } from './finding.ts';
import { askModels, lookAtModels } from './model-findings.ts';
import { DEFAULT_PORT, portOf } from './port.ts';
import { countProblems } from './problems.ts';

export const command: Command = {
  arguments: '[dir]',
  description: 'Looks at everything a deployment needs to run, and says what is missing and what to do about it.',
  options: {
    port: { short: 'p', value: 'number', description: `the port it will run on; default: PORT, or ${DEFAULT_PORT}` },
    online: { description: 'asks the platforms and models, too, whether they take the secrets' },
    json: { description: 'prints the findings as JSON' },
  },
  examples: [
    { run: 'parley doctor', does: 'the deployment in this folder' },
    { run: 'parley doctor --online', does: 'its accounts at their platforms, too' },
  ],
  exits: { 1: 'something is missing' },
  async run(input, terminal) {
    const deployment = await loadDeployment(input.arguments[0] ?? '.', process.env);
    const compiled = compileDeployment(deployment);
    const findings = [
      node(),
      settings(compiled),
      ...environment(deployment),
      ...lookAtAccounts(deployment, process.env),
      ...lookAtDoors(deployment, compiled.programs, process.env),
      ...lookAtModels(deployment, process.env),
      ...(input.has('online') ? await askPlatforms(deployment, process.env) : []),
      ...(input.has('online') ? await askModels(deployment) : []),
      dataFolder(deployment),
      database(deployment),
      disk(deployment),
      await port(portOf(input)),
    ];
    if (input.has('json')) terminal.print(JSON.stringify(findings, null, 2));
    else {
      for (const { ok, what, todo } of findings) {
        const mark = ok ? (todo === undefined ? GOOD : ADVICE) : BAD;
        terminal.print(`${terminal.paint(mark.colour, mark.sign)} ${what}`);
        if (todo !== undefined) terminal.print(`    ${todo}`);
      }
    }
    return findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.problems;
  },
};

const GOOD = { colour: 'green', sign: '✓' } as const;
const ADVICE = { colour: 'yellow', sign: '!' } as const;
const BAD = { colour: 'red', sign: '✗' } as const;

function node(): Finding {
  // bin/parley.mjs has refused older ones already.
  return { ok: true, what: `Node ${process.versions.node}` };
}

function settings({ problems, programs }: CompiledFlows): Finding {
  const ok = errorsOf(problems).length === 0;
  const flows = [...programs.keys()].filter((name) => !name.startsWith('repair.')).length;
  if (ok) return { ok, what: `${SETTINGS_FILE} and ${flows} flows: no errors` };
  return { ok, what: `${SETTINGS_FILE} and flows: ${countProblems(problems)}`, todo: 'parley check tells each.' };
}

/** `${NAME}` without a default, in connectors. */
function environment(deployment: Deployment): Finding[] {
  const file = `${deployment.settings.flows}/connectors.yaml`;
  const path = join(deployment.directory, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8').replaceAll(/^\s*#.*$/gm, '') : '';
  const needed = [...text.matchAll(/\$\{([A-Za-z_]\w*)\}/g)].map(([, name]) => name ?? '');
  return [...new Set(needed)].map((name) => {
    const ok = (process.env[name] ?? '') !== '';
    return ok
      ? { ok, what: `${name} is set (${file})` }
      : { ok, what: `${name} is not set`, todo: `${file} needs it: export ${name}=…` };
  });
}

function dataFolder({ data }: Deployment): Finding {
  try {
    accessSync(existsSync(data) ? data : dirname(data), constants.W_OK);
    return { ok: true, what: `${data} can be written` };
  } catch (error) {
    return {
      ok: false,
      what: `${data} cannot be written (${codeOf(error)})`,
      todo: 'Make it writable, or name another folder as `data:` in parley.yaml.',
    };
  }
}

/** Reads every page. A running bot holds its file locked, which is a good sign. */
function database({ data }: Deployment): Finding {
  const path = join(data, DATABASE);
  if (!existsSync(path)) return { ok: true, what: 'no database yet: the first start makes one' };
  try {
    const file = new Database(path, { readonly: true, timeout: 500 });
    try {
      const result = file.pragma('quick_check', { simple: true });
      if (result === 'ok') return { ok: true, what: `${path} is sound` };
      return {
        ok: false,
        what: `${path} is damaged: ${String(result)}`,
        todo: 'Stop the bot and restore the last backup.',
      };
    } finally {
      file.close();
    }
  } catch (error) {
    const code = codeOf(error);
    if (code.startsWith('SQLITE_BUSY')) return { ok: true, what: `${path} is in use: the bot runs` };
    return { ok: false, what: `${path} cannot be read (${code})`, todo: 'Stop the bot and restore the last backup.' };
  }
}

const LEAST_FREE = 1 << 30;

function disk({ data }: Deployment): Finding {
  const { bavail, bsize } = statfsSync(existsSync(data) ? data : dirname(data));
  const free = bavail * bsize;
  const what = `${(free / 2 ** 30).toFixed(1)} GiB free on disk`;
  return free >= LEAST_FREE
    ? { ok: true, what }
    : { ok: false, what, todo: 'Messages are refused when the disk is full: make room.' };
}

function port(wanted: number): Promise<Finding> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) =>
      done({
        ok: false,
        what: `port ${wanted} is not free (${codeOf(error)})`,
        todo: 'Choose another: PORT=3001, or --port 3001. (Is the bot running already?)',
      }),
    );
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => done({ ok: true, what: `port ${wanted} is free` })));
  });
}
