import { describe, expect, test } from '@jest/globals';
import { Lane, Lanes } from '../../src/engine/lane.ts';

describe('the conversations in memory', () => {
  test('are the most recent ones, and those that somebody watches', () => {
    const watched = new Set(['c0', 'c1']);
    const lanes = new Lanes(3, (conversation) => watched.has(conversation));
    for (let at = 0; at < 9; at += 1) comeAndRest(lanes, at);
    expect(inMemory(lanes)).toEqual(['c0', 'c1', 'c8']);
  });

  test('become fewer again when those who watched have gone', () => {
    const watched = new Set(['c0', 'c1', 'c2', 'c3', 'c4']);
    const lanes = new Lanes(2, (conversation) => watched.has(conversation));
    for (let at = 0; at < 6; at += 1) comeAndRest(lanes, at);
    expect(inMemory(lanes)).toHaveLength(5);
    watched.clear();
    for (let at = 6; at < 8; at += 1) comeAndRest(lanes, at);
    expect(inMemory(lanes)).toEqual(['c6', 'c7']);
  });

  test('are one at each address: who comes there next takes the place', () => {
    const lanes = new Lanes(9, () => false);
    const first = comeAndRest(lanes, 0);
    const second = comeAndRest(lanes, 0);
    expect(lanes.at('web', 'a0')).toBe(second);
    lanes.rest(first);
    expect([first, second].map((lane) => lane.mode === 'idle' && lanes.at('web', 'a0') === lane)).toEqual([
      false,
      true,
    ]);
  });

  test('are found at the address that they have moved to, and nowhere once they are forgotten', () => {
    const lanes = new Lanes(9, () => false);
    const lane = comeAndRest(lanes, 0);
    lanes.begun(lane, 7);
    lanes.move(lane, 'a1');
    expect([lanes.at('web', 'a0'), lanes.at('web', 'a1'), lanes.of(7)]).toEqual([undefined, lane, lane]);
    lanes.forget(lane);
    lanes.forget(lane);
    lanes.rest(lane);
    expect([lanes.at('web', 'a1'), lanes.of(7), lanes.busy()]).toEqual([undefined, undefined, []]);
  });

  test('keep who waits for an answer of the business', () => {
    const lanes = new Lanes(1, () => false);
    const waiting = comeAndRest(lanes, 0);
    waiting.calls = 1;
    comeAndRest(lanes, 1);
    comeAndRest(lanes, 2);
    expect(inMemory(lanes)).toContain('c0');
  });
});

function comeAndRest(lanes: Lanes, at: number): Lane {
  const lane = new Lane(`c${at}`, 'web', `a${at}`, 'web', 'en');
  lanes.add(lane);
  lane.mode = 'idle';
  lanes.rest(lane);
  return lane;
}

function inMemory(lanes: Lanes): string[] {
  return Array.from({ length: 9 }, (_, at) => lanes.at('web', `a${at}`)?.id).filter((id) => id !== undefined);
}
