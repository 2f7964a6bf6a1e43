import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { WebSocket } from 'ws';
import { type Heartbeat, startHeartbeat } from '../../src/server/heartbeat.ts';

const ROUND = 30_000;

class Line extends EventEmitter {
  pings = 0;
  ended = false;
  readonly #answers: boolean;

  constructor(answers: boolean) {
    super();
    this.#answers = answers;
  }

  ping(): void {
    this.pings += 1;
    if (this.#answers) this.emit('pong');
  }

  terminate(): void {
    this.ended = true;
    this.emit('close');
  }
}

let heartbeat: Heartbeat;
beforeEach(() => {
  jest.useFakeTimers();
  heartbeat = startHeartbeat();
});
afterEach(() => {
  heartbeat.stop();
  jest.useRealTimers();
});

function open(count: number, answers: boolean): Line[] {
  return Array.from({ length: count }, () => {
    const line = new Line(answers);
    heartbeat.add(line as unknown as WebSocket);
    return line;
  });
}

describe('the heartbeat', () => {
  test('ends who misses a whole round, and keeps who answers', () => {
    const [dead, alive] = [open(1, false), open(1, true)].flat() as [Line, Line];
    jest.advanceTimersByTime(2 * ROUND);
    expect(dead).toMatchObject({ pings: 1, ended: true });
    expect(alive).toMatchObject({ pings: 2, ended: false });
    jest.advanceTimersByTime(ROUND);
    expect(dead.pings).toBe(1);
  });

  test('asks everybody once a round, and never all at once', () => {
    const lines = open(300, true);
    const asked = () => lines.reduce((all, { pings }) => all + pings, 0);
    let most = 0;
    for (let before = 0, second = 0; second < 30; second += 1, before = asked()) {
      jest.advanceTimersByTime(ROUND / 30);
      most = Math.max(most, asked() - before);
    }
    expect(lines.every(({ pings }) => pings === 1)).toBe(true);
    expect(most).toBe(10);
  });
});
