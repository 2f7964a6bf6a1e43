import type { Answers } from './form.ts';
import type { Attachment, Message } from './message.ts';
import type { Json, JsonObject } from './type.ts';
import type { Command } from './understanding/understanding.ts';

/**
 * Everything that can happen to a conversation. Customers' words, timers, actions' results and agents' words all come in as
 * events of one inbox, are taken strictly in order, and are plain JSON: a recorded log of them is a test.
 */
export type Event =
  /** The customer wrote. */
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly attachments?: readonly Attachment[];
      /** Files that she sent at once and that come as a message each have the same. */
      readonly album?: string;
      /** The channel found in it a word by which the law lets her rule over what is sent to her. */
      readonly consent?: Consent;
      /** It looks like a code that continues a conversation, and is none that works here. */
      readonly code?: CodeFault;
    }
  /** The customer tapped a choice that the bot offered. */
  | { readonly kind: 'choice'; readonly token: string; readonly label?: string }
  /**
   * The customer sent a form that the bot offered; a field that is not there was left blank. Without `values` she has only opened it,
   * in an app that tells: she is at work on it.
   */
  | { readonly kind: 'form'; readonly token: string; readonly values?: Answers }
  /**
   * The customer opened the conversation (opened the chat, followed the account); `payload` is what the link she followed carried.
   * `pressed`: by a button, after which she waits for an answer, however often she presses it.
   */
  | {
      readonly kind: 'opened';
      readonly locale?: string;
      readonly payload?: string;
      readonly pressed?: true;
      readonly code?: CodeFault;
    }
  /** A trusted door says who the customer is (a signed token of the business, a verified code). */
  | { readonly kind: 'identified'; readonly customer: string; readonly attributes?: JsonObject }
  /** Understood elsewhere: tests, the terminal and forms feed commands directly. */
  | { readonly kind: 'commands'; readonly commands: readonly Command[] }
  /** A timer that the conversation set has gone off. */
  | { readonly kind: 'timer'; readonly id: string }
  /** A call that the conversation made has ended. */
  | { readonly kind: 'result'; readonly call: string; readonly outcome: Outcome }
  /** Something happened in the business's world: wakes a `wait` that matches it, or starts a flow that declares it. */
  | { readonly kind: 'signal'; readonly name: string; readonly data: JsonObject }
  /** The minute has come (epoch milliseconds) at which a flow begins by its schedule: here, if it is meant for her. */
  | { readonly kind: 'scheduled'; readonly flow: string; readonly minute: number }
  /** A human agent wrote to the customer, or gave the conversation back. */
  | { readonly kind: 'agent'; readonly text: string; readonly agent: string }
  | { readonly kind: 'returned'; readonly outcome: string; readonly data?: JsonObject }
  /** Something at the desk: an agent's command, an offer to one. `command` tells its sender what became of it. */
  | {
      readonly kind: 'desk';
      readonly happening: JsonObject;
      readonly command: string;
      /** Of the control that whoever gave the command had before her: it counts only if that still holds. */
      readonly version?: number;
    }
  /** She has brought the code of `invitation` to another address: this conversation goes on there. */
  | { readonly kind: 'leaving'; readonly to: Whither; readonly invitation: string }
  /** A conversation that was held elsewhere goes on here, from this state. */
  | { readonly kind: 'continued'; readonly from: Whence; readonly state: JsonObject }
  /** These, which she has not asked for, could not reach her here, and may there. */
  | { readonly kind: 'undelivered'; readonly to: Whither; readonly messages: readonly Message[] }
  /** What could not reach her elsewhere is said here; with `state`, the flow that said it goes on here. `tried`: accounts. */
  | {
      readonly kind: 'redirected';
      readonly from: Whence;
      readonly messages: readonly Message[];
      readonly tried: readonly string[];
      readonly state?: JsonObject;
    }
  /** The house itself has something to say to her: one of the built-in texts. */
  | { readonly kind: 'notice'; readonly text: string; readonly values: Readonly<Record<string, string>> }
  /** Something happened that she was to hear of, and there is no address where she may be told. */
  | { readonly kind: 'unreachable'; readonly signal: string; readonly data: JsonObject };

/** `wrong`: unknown, used, or too old; `here`: it is to be sent from another app than the one that it stands in. */
export type CodeFault = 'wrong' | 'here';

/** Where a conversation goes on. */
export interface Whither {
  readonly account: string;
  readonly address: string;
  /** Channel kind: `sms`. */
  readonly channel: string;
}

/** Where it comes from. */
export interface Whence {
  /** Public id of the conversation that it was until then. */
  readonly conversation: string;
  readonly account: string;
  readonly channel: string;
}

/** Stop writing to me; write again; who are you? Found by fixed words, before any flow or model. */
export interface Consent {
  /** `yes` means `start` to who has opted out, and is an answer like any other to everybody else. */
  readonly word: 'stop' | 'start' | 'yes' | 'help';
  /** The language she said it in, if the word tells. */
  readonly locale?: string;
  /** The platform has answered it already: she must not be answered twice. */
  readonly answered: boolean;
}

/** How a call ended. An `error` is the business's own ("out of stock"); a failure is of the line or the machine. */
export type Outcome =
  | { readonly ok: true; readonly value: Json }
  | {
      readonly ok: false;
      /** The action's declared error, or `timeout`, `unavailable`, `invalid_result`, `unknown_outcome`. */
      readonly error: string;
      readonly message: string;
      /** May a retry under the same key succeed? */
      readonly retryable: boolean;
    };
