/**
 * `npm run bench [-- names…] [--quick]`: see README.md. Every measure runs its contestants side by side in the same minutes and tells
 * ratios between them, since absolute figures belong to the machine and to what else it does.
 */
import { spawnSync } from 'node:child_process';
import { hasBotbuilder } from './contestants/contestants.ts';
import { measures } from './measures.ts';
import { print, type Row } from './table.ts';

const { names, quick } = commandLine(process.argv.slice(2));
installPeers();
const rows: Row[] = [];
for (const measure of measures.filter(({ name }) => names.length === 0 || names.includes(name))) {
  process.stdout.write(`${measure.name}: ${measure.tells}\n`);
  const found = await measure.run({ quick, peers: hasBotbuilder() });
  print(found);
  rows.push(...found);
}
if (rows.length > 0) {
  process.stdout.write('All of it\n');
  print(rows);
}
process.exitCode = rows.some(({ met }) => met === false) ? 1 : 0;

function commandLine(words: readonly string[]): { names: readonly string[]; quick: boolean } {
  const quick = words.includes('--quick');
  const names = words.filter((word) => word !== '--quick');
  const known = measures.map(({ name }) => name);
  const strange = names.filter((name) => !known.includes(name));
  if (strange.length > 0) {
    process.stderr.write(`There is no measure ${strange.join(', ')}. There are: ${known.join(' ')}, and --quick.\n`);
    process.exit(2);
  }
  return { names, quick };
}

/** botbuilder is 139 packages and 170 MB, and no part of the project: it is installed here, when it is first needed. */
function installPeers(): void {
  if (hasBotbuilder()) return;
  process.stdout.write('Installing botbuilder into bench/node_modules, once…\n');
  spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  });
  if (!hasBotbuilder())
    process.stdout.write('botbuilder cannot be installed here: the comparison with it is skipped.\n');
}
