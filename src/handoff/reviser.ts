import { codeOf, ParleyError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Message } from '../message.ts';
import type { DeskLine } from '../store/desk.ts';
import type { Line } from './control.ts';
import type { Counter } from './counter.ts';
import { findSaid } from './find-said.ts';
import type { Shown } from './mirror.ts';
import type { Policy } from './policy.ts';

/** The engine's: changes what stands in the customer's app. */
export interface Revisions {
  edit(conversation: string, seq: number, message: Message): Promise<void>;
  remove(conversation: string, seq: number): Promise<void>;
}

export interface ReviserParts {
  readonly counter: Counter;
  readonly store: Shown;
  readonly revisions: Revisions;
  readonly policy: () => Policy;
  readonly clock: { now(): number };
  readonly log: Log;
}

const CURSOR = 'desk.revisions';

/**
 * What agents change after it has gone out is changed in the customer's app where that can be done, and whoever changed it is told
 * how it went. From the desk's log, by a cursor of its own: a crash in between repeats a change, which changes nothing.
 */
export class Reviser {
  readonly #parts: ReviserParts;

  constructor(parts: ReviserParts) {
    this.#parts = parts;
  }

  async catchUp(): Promise<void> {
    const { store } = this.#parts;
    for (;;) {
      const after = Number((await store.cursor(CURSOR)) ?? 0);
      const lines = await store.desk.lines(after, PAGE);
      for (const line of lines) {
        if (!(await this.#take(line))) return;
        await store.keepCursor(CURSOR, String(line.id));
      }
      if (lines.length === 0) return;
    }
  }

  /** `false`: it is still on its way to her; it is looked at again. */
  async #take({ id, conversation, at, line: told }: DeskLine): Promise<boolean> {
    const { on, by, said, text, late } = told as unknown as Line;
    if (late !== true || typeof said !== 'string' || (on !== 'edited' && on !== 'deleted')) return true;
    const { store, counter, clock } = this.#parts;
    const entry = await findSaid(store, conversation, said);
    if (entry !== undefined && (entry.status === 'queued' || entry.status === 'sending') && clock.now() - at < PATIENCE)
      return false;
    const own = entry !== undefined && entry.message.agent === this.#shown(by);
    const words = on === 'edited' && typeof text === 'string' && text.trim() !== '' ? text : undefined;
    const state = own && (await this.#revise(conversation, entry.seq, entry.message, words));
    const done = state || 'old_text';
    await counter.give({ conversation, command: `revised:${id}`, happening: { on: 'revised', said, state: done } });
    return true;
  }

  async #revise(
    conversation: string,
    seq: number,
    message: Message,
    text: string | undefined,
  ): Promise<'changed' | 'removed' | undefined> {
    const { revisions, log } = this.#parts;
    try {
      if (text === undefined) await revisions.remove(conversation, seq);
      else await revisions.edit(conversation, seq, { ...message, text });
      return text === undefined ? 'removed' : 'changed';
    } catch (error) {
      const isOfStore = codeOf(error).startsWith('store.');
      if (isOfStore) throw error;
      if (!(error instanceof ParleyError)) log.warn('desk.revision_failed', { error, conversation });
      return undefined;
    }
  }

  #shown(agent: string | undefined): string | undefined {
    return this.#parts.policy().agents.find(({ name }) => name === agent)?.shown ?? agent;
  }
}

const PAGE = 100;
/** Milliseconds: what has not arrived by then may take hours, and others wait behind it. */
const PATIENCE = 20_000;
