import type { Effect } from '../effect.ts';
import type { Message } from '../message.ts';
import type { Control, Line } from './control.ts';

/** An effect, and in which epoch it was wanted. */
interface Wanted {
  readonly effect: Effect;
  epoch: number;
}

/** What one turn wants done, with the right by which each of it is said. */
export class Outgoing {
  readonly #wanted: Wanted[] = [];
  readonly #mute: (line: Line) => void;

  /** @param mute is told what is not said */
  constructor(mute: (line: Line) => void) {
    this.#mute = mute;
  }

  want(effects: readonly Effect[], { epoch }: Control): void {
    for (const effect of effects) this.#wanted.push({ effect, epoch });
  }

  /** What the flows want; while they are silent, only what is not talk of the bot's. */
  wantOf(effects: readonly Effect[], control: Control, speaks: boolean): void {
    for (const effect of effects) {
      // It is laid before the humans, and stands in the conversation's state.
      if (effect.kind === 'draft') continue;
      if (effect.kind !== 'send' || speaks || effect.from !== 'bot' || effect.message.owed)
        this.#wanted.push({ effect, epoch: control.epoch });
      else this.#silence(effect.message, control);
    }
  }

  /** These belong to what has begun with them. */
  renew(effects: readonly Effect[], { epoch }: Control): void {
    for (const one of this.#wanted) if (effects.includes(one.effect)) one.epoch = epoch;
  }

  /**
   * What the bot and the house say holds only as long as nobody else has the conversation, and that may be no longer than this turn: a
   * late timer gave it back, and her words took it away again. An agent's words were hers to say.
   */
  stamped(control: Control): Effect[] {
    return this.#wanted.flatMap(({ effect, epoch }) => {
      if (effect.kind !== 'send' || effect.from === 'agent' || control.epoch === 0) return [effect];
      if (epoch === control.epoch || effect.message.owed) return [{ ...effect, message: { ...effect.message, epoch } }];
      this.#silence(effect.message, control);
      return [];
    });
  }

  /** The agent sees what the bot would have said. */
  #silence({ text }: Message, { at, epoch }: Control): void {
    this.#mute({ on: 'muted', from: at, to: at, epoch, text });
  }
}
