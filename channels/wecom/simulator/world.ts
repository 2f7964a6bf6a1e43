import { randomBytes } from 'node:crypto';

/** What WeCom says no with: always under HTTP 200. */
export class Refused extends Error {
  readonly errcode: number;

  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

/** An entry of `sync_msg`, in WeCom's words. */
export type Entry = { readonly msgid: string; readonly send_time: number; readonly [field: string]: unknown };

/** 0 new, 1 a program, 2 waiting, 3 a human, 4 ended or not begun. */
export type State = 0 | 1 | 2 | 3 | 4;

/** A customer at one customer service account. */
export interface Chat {
  readonly kf: string;
  readonly customer: string;
  state: State;
  agent: string | undefined;
  /** What may be sent to her: so many, until then. */
  window: { until: number; left: number } | undefined;
  /** She takes no messages. */
  refuses: boolean;
  readonly shown: Shown[];
  /** When she was last greeted. */
  welcomed: number;
}

/** What stands on her screen. */
export interface Shown {
  readonly id: string;
  readonly from: 'me' | 'bot' | 'agent' | 'wecom';
  /** As `send_msg` or `sync_msg` has it. */
  readonly message: { readonly msgtype: string; readonly [field: string]: unknown };
  readonly at: number;
}

export interface Stored {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly name: string;
  readonly at: number;
}

/** All that WeCom knows, in memory. */
export interface World {
  readonly corpId: string;
  readonly secret: string;
  readonly now: () => number;
  readonly accessToken: { value: string; until: number };
  /** What has come in, by `open_kfid`. */
  readonly logs: Map<string, Entry[]>;
  readonly chats: Map<string, Chat>;
  /** `open_kfid/msgid` */
  readonly msgids: Set<string>;
  /** Codes of welcomes and other events: for one message, until then. */
  readonly codes: Map<string, { readonly chat: Chat; readonly until: number; readonly state?: State }>;
  /** Tokens of callbacks, and until when they let `sync_msg` through. */
  readonly tickets: Map<string, number>;
  /** Instants of calls without a ticket, by `open_kfid`. */
  readonly unticketed: Map<string, number[]>;
  readonly media: Map<string, Stored>;
  /** Entries that one page holds at most; WeCom gives fewer than asked for whenever it likes. */
  page: number;
  /** Tells whoever draws screens. */
  readonly changed: () => void;
}

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export function newId(prefix: string, bytes = 15): string {
  return prefix + randomBytes(bytes).toString('base64url');
}

export function chatOf(world: World, kf: string, customer: string): Chat {
  const key = `${kf}/${customer}`;
  const known = world.chats.get(key);
  if (known !== undefined) return known;
  const chat: Chat = {
    kf,
    customer,
    state: 4,
    agent: undefined,
    window: undefined,
    refuses: false,
    shown: [],
    welcomed: Number.NEGATIVE_INFINITY,
  };
  world.chats.set(key, chat);
  return chat;
}

/** Newest last; what is older than three days is gone. */
export function record(world: World, kf: string, entry: Omit<Entry, 'msgid' | 'send_time'>): Entry {
  const log = world.logs.get(kf) ?? [];
  world.logs.set(kf, log);
  const made = { ...entry, msgid: newId('from_msgid_'), send_time: Math.floor(world.now() / 1000) };
  log.push(made);
  return made;
}
