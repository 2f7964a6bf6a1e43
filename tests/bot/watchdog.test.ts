import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { defineAction } from '../../src/action.ts';
import { createWatchdog, type Watchdog } from '../../src/bot/watchdog.ts';
import type { LogFields } from '../../src/log.ts';
import type { Scene, Turn } from '../../src/turn.ts';

const scene: Scene = { now: 0, conversation: 'c1', account: 'web', channel: 'web', locale: 'en', customer: {} };
let clock = 0;
let told: [string, LogFields | undefined][] = [];
let watchdog: Watchdog;

beforeEach(() => {
  clock = 0;
  told = [];
  const warn = (event: string, fields?: LogFields) => void told.push([event, fields]);
  watchdog = createWatchdog({ info: () => undefined, warn, error: () => undefined }, () => clock);
});
afterEach(() => watchdog.stop());

const standing = (flow: string, step: string): Turn => ({ state: { frames: [{ flow, step }] }, effects: [] });
const taking = (ms: number, turn: Turn) => () => {
  clock += ms;
  return turn;
};

test('a turn that takes long is told with its flow and step, and counted', () => {
  const turn = watchdog.turn(taking(300, standing('returns', 'lines')));
  expect(turn(undefined, { kind: 'timer', id: 'wake' }, scene)).toEqual(standing('returns', 'lines'));
  expect(told).toEqual([['engine.slow_turn', { ms: 300, conversation: 'c1', flow: 'returns', step: 'lines' }]]);
  expect(watchdog.figures()).toMatchObject({ turns: 1 });
});

test('of a flow that has ended in it, where it stood before is told', () => {
  const turn = watchdog.turn(taking(300, { state: { frames: [] }, effects: [] }));
  turn(standing('returns', 'go').state, { kind: 'timer', id: 'wake' }, scene);
  expect(told[0]?.[1]).toMatchObject({ flow: 'returns', step: 'go' });
});

test('one that throws is told as well', () => {
  const turn = watchdog.turn(() => {
    clock += 400;
    throw new Error('broken');
  });
  expect(() => turn(undefined, { kind: 'timer', id: 'wake' }, scene)).toThrow('broken');
  expect(told[0]?.[0]).toBe('engine.slow_turn');
});

test('a quick one is not', () => {
  watchdog.turn(taking(200, standing('f', 's')))(undefined, { kind: 'timer', id: 'wake' }, scene);
  expect(told).toEqual([]);
  expect(watchdog.figures().turns).toBe(0);
});

test('an action that calculates instead of waiting is told by its name', async () => {
  const action = (work: () => Promise<number>) =>
    watchdog.action(defineAction({ name: 'maths.prime', effect: 'read', in: {}, out: { kind: 'integer' }, run: work }));
  const context = {} as Parameters<ReturnType<typeof action>['run']>[1];
  await action(async () => {
    clock += 500;
    return 7;
  }).run({}, context);
  await action(async () => {
    await Promise.resolve();
    clock += 500;
    return 7;
  }).run({}, context);
  expect(told).toEqual([['engine.slow_action', { ms: 500, action: 'maths.prime' }]]);
});

test('what nobody has told of is seen by the wait of everything else', async () => {
  clock += 1_000;
  expect(watchdog.figures().delay).toBe(900);
  for (let left = 200; told.length === 0 && left > 0; left--) await new Promise((done) => setTimeout(done, 10));
  expect(told).toEqual([['engine.blocked', { ms: 900 }]]);
});
