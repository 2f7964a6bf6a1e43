import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8');
const manifest: Record<'dependencies' | 'devDependencies' | 'overrides', Record<string, string>> = JSON.parse(
  read('package.json'),
);
const lock: {
  packages: Record<
    string,
    { version: string; integrity?: string; link?: boolean; hasInstallScript?: boolean; optional?: boolean }
  >;
} = JSON.parse(read('package-lock.json'));
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
const direct = { ...manifest.dependencies, ...manifest.devDependencies };

/** Packages whose authors declare an install script, and why that is no danger: `scripts/setup.mjs` runs only the first one's. */
const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  node: 'runs: fetches the Node binary of this platform',
  '@parcel/watcher': 'not run: ships binaries as optional packages',
  '@swc/core': 'not run: ships binaries as optional packages',
  'core-js': 'not run: asks for donations (an oracle of the tests brings it)',
  esbuild: 'not run: ships binaries as optional packages',
  'unrs-resolver': 'not run: ships binaries as optional packages',
};

describe('the supply chain', () => {
  test('every dependency has its reasons in DEPENDENCIES.md, and nothing else is listed there', () => {
    const listed = [...read('DEPENDENCIES.md').matchAll(/^\| `([^`]+)` /gm)].map((match) => match[1]);
    expect(listed.toSorted()).toEqual(Object.keys(direct).toSorted());
  });

  test('every version is exact', () => {
    const loose = Object.entries({ ...direct, ...manifest.overrides }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  test('the lockfile holds what package.json asks for', () => {
    const stale = Object.entries(direct).filter(
      ([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version,
    );
    expect(stale).toEqual([]);
  });

  test('every locked package is held by its hash', () => {
    expect(locked.filter(([, entry]) => !entry.integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  });

  test('the lockfile names no registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":/);
  });

  test('no package got an install script unseen', () => {
    const withScript = locked
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
    expect(withScript.toSorted()).toEqual(Object.keys(INSTALL_SCRIPTS).toSorted());
    const runs = Object.entries(INSTALL_SCRIPTS)
      .filter(([, why]) => why.startsWith('runs'))
      .map(([name]) => name);
    expect(read('scripts/setup.mjs')).toContain(`MAY_RUN_SCRIPTS = ['${runs.join("', '")}']`);
  });
});
