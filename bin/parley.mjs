#!/usr/bin/env node
// The door of the command line. Node older than 22.18 cannot run TypeScript: then the Node that this package brings takes over,
// so that `npm start` works on the Node a machine happens to have. Plain JavaScript that any Node since 18 can read.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 18];
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

if (isRecent(process.versions.node)) {
  // Stripped and compiled once, kept in the system's folder for temporary files: the next start takes a fraction of the time.
  module.enableCompileCache?.();
  await import('../src/main.ts');
} else runOn(bundledNode());

function isRecent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** `node` of npm, here or beside this package where npm has hoisted it. */
function bundledNode() {
  const places = [join(root, 'node_modules'), dirname(root), join(process.cwd(), 'node_modules')];
  return places.map((place) => join(place, 'node', 'bin', 'node')).find((path) => existsSync(path));
}

function runOn(node) {
  if (node === undefined) {
    console.error(`Parley needs Node ${NEEDED.join('.')} or later; this is ${process.versions.node}.`);
    console.error(
      'Install a newer one from https://nodejs.org, or add it to this project: npm install --save-dev node@24',
    );
    process.exit(3);
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exit(code ?? (signal === null ? 3 : 128 + 15));
  });
}
