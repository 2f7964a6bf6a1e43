import type { SendContext } from '../channel.ts';
import type { Lane } from './lane.ts';

type Reply = NonNullable<SendContext<unknown>['passive']>;

/** Calls of platforms that wait to be answered with what is said to them: each is offered to the first send of its conversation. */
export class Passives {
  readonly #waiting = new Map<Lane, { readonly reply: Reply; readonly timeout: NodeJS.Timeout }>();

  /** @param deadline milliseconds from now */
  offer(lane: Lane, reply: Reply, deadline: number): void {
    this.withdraw(lane);
    const timeout = setTimeout(() => this.#waiting.delete(lane), deadline);
    timeout.unref();
    this.#waiting.set(lane, { reply, timeout });
  }

  /** What came with it was not taken in. */
  withdraw(lane: Lane): void {
    clearTimeout(this.#waiting.get(lane)?.timeout);
    this.#waiting.delete(lane);
  }

  take(lane: Lane): Reply | undefined {
    const reply = this.#waiting.get(lane)?.reply;
    if (reply !== undefined) this.withdraw(lane);
    return reply;
  }
}
