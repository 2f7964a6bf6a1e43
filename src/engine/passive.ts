import type { SendContext } from '../channel.ts';
import type { Lane } from './lane.ts';

type Reply = NonNullable<SendContext<unknown>['passive']>;

interface Waiting {
  readonly reply: Reply;
  readonly timeout: NodeJS.Timeout;
}

interface Doubt {
  readonly lane: Lane;
  readonly seq: number;
  end(again: boolean): void;
}

/** Calls of platforms that wait to be answered with what is said to them: each is offered to one send of its conversation, in order. */
export class Passives {
  readonly #waiting = new Map<Lane, Waiting[]>();
  readonly #doubts = new Set<Doubt>();
  readonly #early = new WeakMap<Lane, { readonly seq: number; readonly until: number }>();

  /** @param deadline milliseconds from now */
  offer(lane: Lane, reply: Reply, deadline: number): void {
    const timeout = setTimeout(() => this.withdraw(lane, reply), deadline);
    timeout.unref();
    const waiting = this.#waiting.get(lane) ?? [];
    waiting.push({ reply, timeout });
    this.#waiting.set(lane, waiting);
  }

  /** What came with it was not taken in, or had been before: then the call that brought it first still waits. */
  withdraw(lane: Lane, reply: Reply): void {
    const waiting = this.#waiting.get(lane) ?? [];
    clearTimeout(waiting.find((one) => one.reply === reply)?.timeout);
    const others = waiting.filter((one) => one.reply !== reply);
    if (others.length > 0) this.#waiting.set(lane, others);
    else this.#waiting.delete(lane);
  }

  /**
   * What was said to the call that brought entry `seq` may not have been heard. `true`: the platform has made that call again, so it was
   * not, and the call waits to be answered with the same. `false`: it has not, for so many milliseconds.
   */
  isMadeAgain(lane: Lane, seq: number, patience: number, signal: AbortSignal): Promise<boolean> {
    const early = this.#early.get(lane);
    this.#early.delete(lane);
    if (early?.seq === seq && performance.now() < early.until) return Promise.resolve(true);
    return new Promise((resolve) => {
      const doubt = { lane, seq, end };
      const timeout = setTimeout(() => end(false), patience);
      const stop = () => end(false);
      const doubts = this.#doubts;
      function end(again: boolean): void {
        clearTimeout(timeout);
        signal.removeEventListener('abort', stop);
        doubts.delete(doubt);
        resolve(again);
      }
      signal.addEventListener('abort', stop, { once: true });
      doubts.add(doubt);
    });
  }

  /** A call has come again, and waits. `false`: nobody is in doubt about the one before. */
  cameAgain(lane: Lane, seq: number): boolean {
    const doubt = [...this.#doubts].find((each) => each.lane === lane && each.seq === seq);
    doubt?.end(true);
    return doubt !== undefined;
  }

  /** It has come before anybody could be in doubt: the process has just begun. Who will be hears of it for so many milliseconds. */
  cameEarly(lane: Lane, seq: number, deadline: number): void {
    this.#early.set(lane, { seq, until: performance.now() + deadline });
  }

  /** Is this the only call of its conversation that waits? */
  isAlone(lane: Lane, reply: Reply): boolean {
    const waiting = this.#waiting.get(lane) ?? [];
    return waiting.length === 1 && waiting[0]?.reply === reply;
  }

  /** The one that has waited longest. */
  take(lane: Lane): Reply | undefined {
    const reply = this.#waiting.get(lane)?.[0]?.reply;
    if (reply !== undefined) this.withdraw(lane, reply);
    return reply;
  }
}
