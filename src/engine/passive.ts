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

  /** The one that has waited longest. */
  take(lane: Lane): Reply | undefined {
    const reply = this.#waiting.get(lane)?.[0]?.reply;
    if (reply !== undefined) this.withdraw(lane, reply);
    return reply;
  }
}
