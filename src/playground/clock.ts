/** A clock that can be moved on, and never back: the bot and the platforms read it, so that windows close and reminders come. */
export interface MovableClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds before the machine's. */
  readonly ahead: number;
  pass(milliseconds: number): void;
}

export function movableClock(): MovableClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    get ahead() {
      return ahead;
    },
    pass(milliseconds) {
      ahead += Math.max(0, milliseconds);
    },
  };
}
