import { randomInt } from 'node:crypto';
import { ParleyError } from '../errors.ts';
import type { Phone, Simulator } from '../simulator.ts';
import { Media } from './media.ts';
import type { PhoneView, PlatformView, Who } from './protocol.ts';

/** Bubbles of a screen that the page is told. */
const SHOWN = 120;
/** Phones in memory at most: a day of trying takes a few dozen. */
const LIMIT = 400;
/** Milliseconds after which a sign that somebody types is looked at again. */
const TYPING_LOOK = 5_200;
/** Milliseconds in which changes of one screen are told together. */
const TOGETHER = 25;

/** One person's phones, one a platform; whoever was before keeps hers for when she is back. */
export class Phones {
  who: Who;
  readonly media = new Media();
  readonly #simulators: ReadonlyMap<string, Simulator>;
  readonly #changed: (view: PhoneView) => void;
  readonly #phones = new Map<string, Phone>();
  /** How often a person took a new phone, by platform and person. */
  readonly #renewed = new Map<string, number>();
  readonly #told = new Map<string, NodeJS.Timeout>();

  /** @param changed told whenever a phone in hand shows something else */
  constructor(simulators: ReadonlyMap<string, Simulator>, who: Who, changed: (view: PhoneView) => void) {
    this.#simulators = simulators;
    this.#changed = changed;
    this.who = who;
  }

  get platforms(): readonly PlatformView[] {
    return [...this.#simulators].map(([kind, { faults }]) => {
      const phone = this.of(kind);
      return { kind, faults, can: { open: phone.open !== undefined, attach: phone.attach !== undefined } };
    });
  }

  get views(): readonly PhoneView[] {
    return [...this.#simulators.keys()].map((kind) => this.view(kind));
  }

  view(kind: string): PhoneView {
    const { address, screen, typing } = this.of(kind);
    return { kind, address, typing, screen: screen.slice(-SHOWN).map((bubble) => this.media.shorten(bubble)) };
  }

  /** @throws `playground.unknown_phone`, `playground.full` */
  of(kind: string): Phone {
    const hand = this.#handOf(kind);
    const key = `${hand} ${this.#renewed.get(hand) ?? 0}`;
    const known = this.#phones.get(key);
    if (known !== undefined) return known;
    if (this.#phones.size >= LIMIT)
      throw new ParleyError('playground.full', 'There are too many phones on this table.', {
        hint: 'Start the demo again: it begins with an empty one.',
      });
    const phone = this.simulator(kind).phone({ ...this.who, number: newNumber() });
    phone.watch(() => this.#tellSoon(kind, phone));
    this.#phones.set(key, phone);
    return phone;
  }

  /** @throws `playground.unknown_phone` */
  simulator(kind: string): Simulator {
    const simulator = this.#simulators.get(kind);
    if (simulator === undefined)
      throw new ParleyError('playground.unknown_phone', `There is no phone of the kind "${kind}".`, {
        hint: `There are: ${[...this.#simulators.keys()].join(', ')}.`,
      });
    return simulator;
  }

  /** The same person, whom the bot has never met. */
  renew(kind: string): void {
    this.simulator(kind);
    const hand = this.#handOf(kind);
    this.#renewed.set(hand, (this.#renewed.get(hand) ?? 0) + 1);
  }

  end(): void {
    for (const timer of this.#told.values()) clearTimeout(timer);
  }

  #handOf(kind: string): string {
    return `${kind} ${this.who.email} ${this.who.locale}`;
  }

  #tellSoon(kind: string, phone: Phone): void {
    this.#at(kind, TOGETHER, () => {
      if (this.of(kind) !== phone) return;
      const view = this.view(kind);
      this.#changed(view);
      if (view.typing) this.#at(kind, TYPING_LOOK, () => this.#changed(this.view(kind)));
    });
  }

  #at(kind: string, milliseconds: number, tell: () => void): void {
    clearTimeout(this.#told.get(kind));
    this.#told.set(kind, setTimeout(tell, milliseconds).unref());
  }
}

/** A number of nobody's (555-0100 to 0199 are kept for stories), or nearly: there are not enough of those. */
function newNumber(): string {
  return `+1${randomInt(201, 989)}5550${randomInt(100, 1000)}`;
}
