// `npm test [-- jest arguments]`: jest in real ESM mode, on the Node that the project brings.
import { spawnSync } from 'node:child_process';

const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
  },
);
process.exit(jest.status ?? 1);
