import { setTimeout as sleep } from 'node:timers/promises';
import type { Inbound } from '../channel.ts';
import { ParleyError } from '../errors.ts';
import type { DeskLine } from '../store/desk.ts';
import type { JsonObject } from '../type.ts';
import type { Control, Happening, Line } from './control.ts';
import type { Shown } from './mirror.ts';
import type { Presence } from './policy.ts';

/** What somebody at the desk wants. */
export interface Command {
  /** Public id of the conversation. */
  readonly conversation: string;
  /** Its own id: given again, it is the same command and does nothing more. */
  readonly command: string;
  /** Of the card that she saw. */
  readonly version?: number;
  readonly happening: Happening;
  /** Files that her app cannot show go out as addresses. */
  readonly asLink?: true;
}

/** What became of it. */
export type Answer =
  | { readonly ok: true; readonly at: string }
  /** Nothing: `code` says why, `holder` whose it is; `asLink`: her app shows no such file, but can take its address. */
  | { readonly ok: false; readonly code: string; readonly holder?: string; readonly asLink?: true };

export interface CounterParts {
  readonly store: Shown;
  /** The engine's: resolves when the event is on disk. */
  readonly accept: (inbound: Inbound) => Promise<unknown>;
  readonly clock: { now(): number };
}

/**
 * Where the humans' commands come in. Each is an event of its conversation, so it is taken in order with everything else that happens
 * there; its answer is the line that it leaves in the log.
 */
export class Counter {
  readonly store: Shown;
  readonly #accept: CounterParts['accept'];
  readonly #clock: CounterParts['clock'];

  constructor({ store, accept, clock }: CounterParts) {
    this.store = store;
    this.#accept = accept;
    this.#clock = clock;
  }

  /**
   * Resolves when it is done or refused, and on disk either way.
   * @throws ParleyError `desk.unknown_conversation`; `desk.slow` (retryable: it is in the inbox, and will be taken); what the engine throws
   */
  async give({ conversation, command, version, happening }: Command): Promise<Answer> {
    const to = await this.store.find(conversation);
    if (to === undefined) {
      throw new ParleyError('desk.unknown_conversation', `There is no conversation ${conversation}.`, {
        hint: 'It may have been erased; close its card.',
      });
    }
    const { account, address } = to;
    const event = { kind: 'desk', happening: happening as unknown as JsonObject, command } as const;
    const key = `desk:${command}`;
    await this.#accept({ account, address, key, event: version === undefined ? event : { ...event, version } });
    return answerIn(await this.#lineOf(conversation, command));
  }

  /** She says how she is. Who goes home leaves nobody alone: what is hers goes back into the queue. */
  async setPresence(agent: string, presence: Presence): Promise<void> {
    const now = this.#clock.now();
    await this.store.desk.setPresence(agent, presence, now);
    if (presence !== 'offline') return;
    for (const { conversation, version } of await this.#hers(agent))
      await this.give({ conversation, command: `left:${version}:${agent}`, happening: { on: 'left', agent } });
  }

  async #hers(agent: string) {
    const stands = await this.store.desk.stands(HERS, MOST);
    return stands.filter(({ agent: holder, control }) => {
      const { stretch } = control as unknown as Control;
      return holder === agent || stretch?.consulted === agent;
    });
  }

  /** There at once, unless something slow is before it in the inbox. */
  async #lineOf(conversation: string, command: string): Promise<DeskLine> {
    for (const pause of PAUSES) {
      const line = await this.store.desk.answer(conversation, command);
      if (line !== undefined) return line;
      await sleep(pause);
    }
    throw new ParleyError('desk.slow', `The conversation ${conversation} is still busy with what came before.`, {
      hint: 'Look again in a moment: the command is kept, and will be taken in its turn.',
      retryable: true,
    });
  }
}

function answerIn({ line }: DeskLine): Answer {
  const { on, to, code, holder } = line as unknown as Line;
  if (on !== 'refused') return { ok: true, at: to };
  const refused = { ok: false, code: String(code) } as const;
  return holder === undefined ? refused : { ...refused, holder: String(holder) };
}

const HERS = ['offered', 'active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up'];
const MOST = 1_000;
/** Milliseconds: two seconds in all. */
const PAUSES = [1, 2, 5, 10, 20, 50, ...Array.from({ length: 19 }, () => 100)];
