import type { Block } from '../../channels/slack/simulator/blocks.ts';
import type { Bubble } from '../simulator.ts';

/** What the page is told, one after the other. The first ones tell everything, later ones what has changed. */
export type Told =
  | { readonly tell: 'world'; readonly world: World }
  | { readonly tell: 'phone'; readonly phone: PhoneView }
  | { readonly tell: 'trace'; readonly trace: Trace }
  | { readonly tell: 'desk'; readonly desk: DeskView }
  | { readonly tell: 'channel'; readonly channel: ChannelView };

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
  /** Which one it is; absent: nobody has said anything yet. */
  readonly conversation?: string;
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

/** The agents' workspace of Slack, without its channels. */
export interface DeskView {
  /** The app's user id. */
  readonly app: string;
  readonly members: readonly MemberView[];
  /** What may be made to go wrong. */
  readonly faults: readonly string[];
  /** Slack is down until then: epoch milliseconds. */
  readonly restsUntil?: number;
}

export interface MemberView {
  /** Her name in `parley.yaml`. */
  readonly name: string;
  /** Her user id in Slack. */
  readonly user: string;
  readonly shown: string;
  /** The app's page, once she has opened it. */
  readonly home?: SurfaceView;
  readonly modal?: SurfaceView;
  /** What the app finds wrong with the form that she has sent, by its blocks. */
  readonly mistakes: Readonly<Record<string, string>>;
}

/** A modal or a Home tab, as the app has described it. */
export interface SurfaceView {
  readonly id: string;
  readonly hash: string;
  readonly title: string;
  /** Empty: there is nothing to send. */
  readonly submit: string;
  readonly blocks: readonly Block[];
}

export interface ChannelView {
  readonly id: string;
  readonly name: string;
  /** The newest ones, those of its threads among them. */
  readonly messages: readonly MessageView[];
  /** What only one member is shown. */
  readonly whispers: readonly {
    readonly user: string;
    readonly ts: string;
    readonly text: string;
    readonly blocks?: readonly Block[];
    readonly thread_ts?: string;
  }[];
}

/** A message in Slack's words: its page reads them as Slack's own clients do. */
export interface MessageView {
  readonly ts: string;
  readonly user: string;
  readonly isApp: boolean;
  readonly text: string;
  readonly blocks?: readonly Block[];
  /** Under whose name the app says it. */
  readonly username?: string;
  /** The message that its thread hangs from. */
  readonly thread?: string;
  readonly reactions?: readonly string[];
  readonly files?: readonly { readonly id: string; readonly name: string; readonly type: string }[];
  readonly edited?: boolean;
  /** Which conversation a card of the desk is of, and where that stands. */
  readonly conversation?: string;
  readonly stands?: string;
}

/** An agent does something in Slack. */
export interface DeskAct {
  readonly do: 'desk';
  /** Her name in `parley.yaml`. */
  readonly agent: string;
  readonly deed: Deed;
}

type Filling = string | readonly string[];

export type Deed =
  | { readonly do: 'home' }
  | { readonly do: 'say'; readonly channel: string; readonly thread?: string | undefined; readonly text: string }
  /** `data` is base64. */
  | {
      readonly do: 'share';
      readonly channel: string;
      readonly thread: string;
      readonly text: string;
      readonly name: string;
      readonly type: string;
      readonly data: string;
    }
  | { readonly do: 'edit'; readonly channel: string; readonly ts: string; readonly text: string }
  | { readonly do: 'remove'; readonly channel: string; readonly ts: string }
  | {
      readonly do: 'touch';
      readonly channel: string;
      readonly ts: string;
      readonly block: string;
      readonly action: string;
      readonly value?: Filling | undefined;
    }
  /** On her Home tab, or in the modal before her. */
  | {
      readonly do: 'touch_own';
      readonly on: 'home' | 'modal';
      readonly block: string;
      readonly action: string;
      readonly value?: Filling | undefined;
    }
  | { readonly do: 'shortcut'; readonly channel: string; readonly ts: string; readonly shortcut: string }
  | { readonly do: 'command'; readonly channel: string; readonly text: string }
  | { readonly do: 'submit'; readonly filled: Readonly<Record<string, Filling>> }
  | { readonly do: 'dismiss' }
  /** She has read what only she is shown. */
  | { readonly do: 'overlook'; readonly channel: string; readonly ts: string }
  /** Something goes wrong with the workspace. */
  | { readonly do: 'break'; readonly fault: string };

/** What the page asks for. */
export type Act =
  | DeskAct
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
