import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Contestant } from '../../bench/contestant.ts';
import { core } from '../../bench/contestants/core.ts';
import { floor } from '../../bench/contestants/floor.ts';
import { harness } from '../../bench/contestants/harness.ts';
import { parley } from '../../bench/contestants/parley.ts';
import { handWritten } from '../../bench/contestants/switch.ts';
import { verify } from '../../bench/verify.ts';

test.each([harness, handWritten, core, floor, parley])('$name says what the script expects', async (contestant) => {
  expect(await verified(contestant)).toEqual([]);
});

test('a contestant that says something else is found out', async () => {
  const forgetful: Contestant = {
    ...handWritten,
    open: (stage) =>
      handWritten.open({ ...stage, sink: (address, payload) => stage.sink(address, payload.replace('UPS', 'DHL')) }),
  };
  expect(await verified(forgetful)).toHaveLength(2);
});

async function verified(contestant: Contestant): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  try {
    return await verify(contestant, { folder, flows: 10 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
