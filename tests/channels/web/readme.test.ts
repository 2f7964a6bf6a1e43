import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const readme = readFileSync('channels/web/README.md', 'utf8');
const source = globSync('src/server/*.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

test('the table of codes has every code of the door, and no other', () => {
  const told = new Set(
    [...readme.matchAll(/^\|.*$/gm)].flatMap(
      ([row]) => row.match(/`(?:chat|server|signal|channel|knowledge|desk|demo)\.\w+`/g) ?? [],
    ),
  );
  const used = new Set([...source.matchAll(/new Refusal\(\s*\d+,\s*'([\w.]+)'/g)].map(([, code]) => `\`${code}\``));
  used.add('`chat.bad_identity`');
  used.add('`channel.unverified`');
  expect([...told].filter((code) => code !== '`server.port_taken`').sort()).toEqual([...used].sort());
});
