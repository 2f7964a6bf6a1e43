import { expect, test } from '@jest/globals';
import { CHANNELS } from '../../src/deployment/channels.ts';
import { describeDoor } from './door-contract.ts';
import { DOORS } from './doors.ts';

for (const [kind, load] of Object.entries(CHANNELS)) {
  const door = DOORS[kind];
  if (door !== undefined) describeDoor(kind, load, door);
  else
    test(`${kind} has no door of its own: its customers come to our server`, async () => {
      expect((await load()).verify).toBeUndefined();
    });
}
