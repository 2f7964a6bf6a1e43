import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ParleyError } from '../errors.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { EXIT } from './exit-code.ts';
import { PACKAGE, version } from './package.ts';

const SCAFFOLD = join(import.meta.dirname, 'scaffold');

export const command: Command = {
  arguments: '<dir>',
  description: 'Makes a folder with a bot that runs: settings, a first conversation with its test, and a README.',
  options: { 'no-install': { description: 'writes the files only; npm install is left to you' } },
  examples: [{ run: 'parley new my-bot && cd my-bot && npm start', does: 'a new bot, running' }],
  async run(input, terminal) {
    const folder = resolve(input.arguments[0] ?? '');
    const name = nameOf(folder);
    refuseWhenTaken(folder);
    for (const file of scaffoldFiles()) write(folder, file, fill(readFileSync(join(SCAFFOLD, file), 'utf8'), name));
    write(folder, 'package.json', manifest(folder, name));
    if (!input.has('no-install')) {
      terminal.progress('Installing …');
      await install(folder);
    }
    terminal.print(`${terminal.paint('green', '✓')} ${name} is ready.`);
    const shown = relative(process.cwd(), folder) || '.';
    terminal.print(`  cd ${shown}${input.has('no-install') ? ' && npm install' : ''} && npm start`);
    return EXIT.ok;
  },
};

/** A package's name is stricter than a folder's. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (name === '' || name === 'parley')
    throw new UsageError(`"${basename(folder)}" cannot name a bot.`, 'Use letters and digits.');
  return name;
}

function refuseWhenTaken(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  throw new ParleyError('new.folder_taken', `${folder} is not empty.`, {
    hint: 'Name a folder that is not there yet: nothing is overwritten.',
  });
}

function scaffoldFiles(): string[] {
  return readdirSync(SCAFFOLD, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(SCAFFOLD, join(entry.parentPath, entry.name)));
}

function fill(text: string, name: string): string {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return text.replaceAll('{{name}}', name).replaceAll('{{timezone}}', timezone);
}

/** npm leaves `.gitignore` files out of packages, so the scaffold's has no dot. */
function write(folder: string, file: string, text: string): void {
  const path = join(folder, file === 'gitignore' ? '.gitignore' : file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function manifest(folder: string, name: string): string {
  const installed = PACKAGE.split(sep).includes('node_modules');
  return `${JSON.stringify(
    {
      name,
      private: true,
      type: 'module',
      scripts: { start: 'parley start --watch', test: 'parley test', check: 'parley check' },
      // From a checkout of Parley, the bot uses that checkout.
      dependencies: { parley: installed ? version() : `file:${relative(folder, PACKAGE).split(sep).join('/')}` },
    },
    null,
    2,
  )}\n`;
}

function install(folder: string): Promise<void> {
  return new Promise((done, fail) => {
    const npm = spawn('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    let complaint = '';
    npm.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const failed = (cause: unknown) =>
      fail(
        new ParleyError('new.install_failed', `npm install failed. ${complaint.trim()}`, {
          hint: `The files are written: run npm install in ${folder}.`,
          cause,
        }),
      );
    npm.on('error', failed);
    npm.on('exit', (code) => (code === 0 ? done() : failed(undefined)));
  });
}
