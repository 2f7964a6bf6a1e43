// Runs before `npm start` and `npm test`, possibly on a machine that has nothing yet: plain Node (20 or later), no dependencies.
// Installs exactly what the lockfile says, and only when it is not installed already.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';

const LOCK = 'package-lock.json';
/** A copy of the lockfile that was installed, written last: an interrupted installation is done again. */
const STAMP = 'node_modules/.parley-lock';
/** The only packages that may run code when they are installed (tests/supply.test.ts holds the reasons). */
const MAY_RUN_SCRIPTS = ['node'];

if (!isInstalled()) install();

function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === readFileSync(LOCK, 'utf8');
}

function install() {
  console.error('Installing dependencies (once; about half a minute) …');
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  npm(['rebuild', ...MAY_RUN_SCRIPTS]);
  copyFileSync(LOCK, STAMP);
}

function npm(command) {
  const { status, error } = spawnSync('npm', [...command, '--loglevel=error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(
    `\`npm ${command[0]}\` failed: ${error?.message ?? 'see its message above'}. Is the package registry reachable?`,
  );
  process.exit(status ?? 1);
}
