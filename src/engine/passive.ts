import type { SendContext } from '../channel.ts';
import type { Lane } from './lane.ts';

type Reply = NonNullable<SendContext<unknown>['passive']>;

interface Waiting {
  readonly reply: Reply;
  readonly timeout: NodeJS.Timeout;
}

/** Calls of platforms that wait to be answered with what is said to them: each is offered to one send of its conversation, in order. */
export class Passives {
  readonly #waiting = new Map<Lane, Waiting[]>();

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

  /** The one that has waited longest. */
  take(lane: Lane): Reply | undefined {
    const reply = this.#waiting.get(lane)?.[0]?.reply;
    if (reply !== undefined) this.withdraw(lane, reply);
    return reply;
  }
}
