/** A clock that goes on only when nothing is left to do: minutes pass in seconds, and how busy the machine is makes no difference. */
export class VirtualClock {
  #now: number;
  #count = 0;
  readonly #alarms = new Map<number, { readonly at: number; readonly ring: () => void }>();

  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly alarm = (milliseconds: number, ring: () => void): (() => void) => {
    const id = ++this.#count;
    this.#alarms.set(id, { at: this.#now + Math.ceil(milliseconds), ring });
    return () => void this.#alarms.delete(id);
  };

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.alarm(milliseconds, resolve));
  }

  /** Rings what is due until then, one after the other. @param idle resolves when nobody is at work any more */
  async passUntil(end: number, idle: () => Promise<void>): Promise<void> {
    for (;;) {
      await idle();
      const [id, next] = [...this.#alarms].reduce<[number, { at: number; ring: () => void }] | []>(
        (first, one) => (first[1] === undefined || one[1].at < first[1].at ? one : first),
        [],
      );
      if (id === undefined || next === undefined || next.at > end) break;
      this.#alarms.delete(id);
      this.#now = Math.max(this.#now, next.at);
      next.ring();
    }
    this.#now = end;
  }
}
