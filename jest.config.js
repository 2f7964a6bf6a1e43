// Real ESM: run through `npm test`, which sets --experimental-vm-modules; without it swc falls back to CommonJS.
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript', tsx: false }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  testTimeout: 20_000,
  // Most of a test is waiting for sockets, disks and processes: one worker a core keeps none of them idle.
  maxWorkers: '100%',
};
