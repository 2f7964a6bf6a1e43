// Runs before `npm start` and `npm test`, possibly on a machine that has nothing yet: plain Node, no dependencies.
// Installs exactly what the lockfile says, and only when it is not installed already.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';

const LOCK = 'package-lock.json';
const STAMP = 'node_modules/.parley-lock';

if (!isInstalled()) install();

function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === readFileSync(LOCK, 'utf8');
}

function install() {
  console.error('Installing dependencies (once; about half a minute) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (npm.status !== 0) {
    console.error('`npm ci` failed: see its message above. Is the package registry reachable?');
    process.exit(npm.status ?? 1);
  }
  copyFileSync(LOCK, STAMP);
}
