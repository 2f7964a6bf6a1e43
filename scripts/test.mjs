// `npm test [-- jest arguments]`: jest in real ESM mode, on the Node that the project brings.
import { spawnSync } from 'node:child_process';
import { findChromium } from './chromium.ts';

const arguments_ = process.argv.slice(2);
const chromium = findChromium();
const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...arguments_,
  ],
  { stdio: 'inherit', env: chromium === undefined ? process.env : { ...process.env, CHROMIUM: chromium } },
);
const selects = arguments_.some((argument) => !argument.startsWith('-'));
if (chromium === undefined && !selects) {
  console.error('\nSKIPPED: the browser tests of the web chat, for lack of a browser.');
  console.error('To run them: apt-get install chromium, or set CHROMIUM to the path of a Chromium or Chrome.');
}
process.exit(jest.status ?? 1);
