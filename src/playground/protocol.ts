import type { Bubble } from '../simulator.ts';

/** What the page is told, one after the other. The first ones tell everything, later ones what has changed. */
export type Told =
  | { readonly tell: 'world'; readonly world: World }
  | { readonly tell: 'phone'; readonly phone: PhoneView }
  | { readonly tell: 'trace'; readonly trace: Trace };

/** What all phones have in common. */
export interface World {
  /** The language, customer and number behind every phone. */
  readonly who: Who;
  /** Milliseconds that the bot's clock and the platforms' clocks are ahead. */
  readonly ahead: number;
  /** In the order in which they stand on the page. */
  readonly platforms: readonly PlatformView[];
}

export interface Who {
  readonly name: string;
  readonly email: string;
  /** BCP 47. */
  readonly locale: string;
}

export interface PlatformView {
  /** `sms`: its phones, its account, and its look on the page. */
  readonly kind: string;
  readonly can: { readonly open: boolean; readonly attach: boolean };
  /** What may be made to go wrong. */
  readonly faults: readonly string[];
}

export interface PhoneView {
  readonly kind: string;
  /** What the bot calls her there. */
  readonly address: string;
  /** The newest bubbles. */
  readonly screen: readonly Bubble[];
  readonly typing: boolean;
}

/** What happened inside, in the conversation that a phone shows. */
export interface Trace {
  readonly kind: string;
  /** The newest turns, oldest first. */
  readonly turns: readonly TracedTurn[];
}

/** One event, and what became of it. */
export interface TracedTurn {
  readonly id: number;
  /** Epoch milliseconds of the bot's clock. */
  readonly at: number;
  /** What came in: `message`, `choice`, `timer`, `result`, … */
  readonly event: string;
  /** In words. */
  readonly said: string;
  /** What the words were taken for. */
  readonly understood?: readonly string[];
  /** Where the conversation stands now, the running flow last. */
  readonly stack: readonly { readonly flow: string; readonly step: string }[];
  /** Values of the running flow; `fresh`: this turn set or changed it. */
  readonly slots: readonly { readonly name: string; readonly value: string; readonly fresh: boolean }[];
  readonly effects: readonly TracedEffect[];
  /** Is it known to be on disk? One that a twin of its event had taken already never will be. */
  kept: boolean;
}

export interface TracedEffect {
  /** `send`, `call`, `timer`, … */
  readonly kind: string;
  readonly text: string;
  /** How far a message has come. */
  delivery?: string;
}

/** What the page asks for. */
export type Act =
  | { readonly do: 'open'; readonly kind: string }
  | { readonly do: 'write'; readonly kind: string; readonly text: string }
  | {
      readonly do: 'tap';
      readonly kind: string;
      readonly bubble: string;
      readonly button: string;
      readonly chosen?: Readonly<Record<string, string>> | undefined;
    }
  /** `data` is base64. */
  | {
      readonly do: 'attach';
      readonly kind: string;
      readonly name: string;
      readonly type: string;
      readonly data: string;
    }
  /** The next call, or the next delivery, goes wrong. */
  | { readonly do: 'fail'; readonly kind: string; readonly fault: string }
  /** The same person, whom the bot has never met. */
  | { readonly do: 'renew'; readonly kind: string }
  /** The clocks go on by so many hours. */
  | { readonly do: 'pass'; readonly hours: number }
  /** Somebody else takes all the phones in her hand. */
  | { readonly do: 'be'; readonly who: Who };
