import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { STEPS } from './commands.ts';
import { Model } from './model.ts';
import { ConversationWorld } from './world.ts';

/** Sequences: 500 here, 10,000 by `npm run model`. */
const RUNS = Number(process.env.MODEL_RUNS ?? 500);
/** A Monday morning, a lunch break, a Friday evening, a Saturday, the day before a holiday. */
const STARTS = ['2026-11-23T09:00', '2026-11-23T12:30', '2026-11-27T16:57', '2026-11-28T10:00', '2026-11-24T16:58'];

test(
  `whatever ${RUNS} sequences of customers, agents, clocks and crashes do, one at a time has the conversation, and nobody else is heard`,
  () => {
    fc.assert(
      fc.property(fc.constantFrom(...STARTS), fc.commands(STEPS, { maxCommands: 40, size: 'max' }), (start, steps) => {
        const now = Date.parse(`${start}:00Z`);
        const world = new ConversationWorld(now);
        world.write('hello');
        fc.modelRun(() => ({ model: new Model(now), real: world }), steps);
        // From wherever it is, the conversation can be brought to its end.
        if (world.control === undefined) return;
        world.pass(0, false);
        world.do({ on: 'claimed', agent: 'mia' });
        const agent = world.control.stretch?.agent ?? 'mia';
        world.do({ on: 'wrapped', agent, outcome: 'solved', topic: 'orders' });
        world.do({ on: 'finished', agent });
        expect(world.control.at).toBe('closed');
        expect(world.control.stretch?.kept).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  },
  RUNS * 100,
);
