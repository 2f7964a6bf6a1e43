import { createTurn } from '../../src/conversation/turn.ts';
import type { DeskEffect, Effect } from '../../src/effect.ts';
import type { Event } from '../../src/event.ts';
import type { Control, Happening } from '../../src/handoff/control.ts';
import type { Policy } from '../../src/handoff/policy.ts';
import { DESK_TIMER } from '../../src/handoff/shift.ts';
import { withDesk } from '../../src/handoff/with-desk.ts';
import type { Message } from '../../src/message.ts';
import type { TakeTurn } from '../../src/turn.ts';
import type { JsonObject } from '../../src/type.ts';
import { botOf } from '../support/flows.ts';
import { MONDAY } from './policy.ts';

/** One conversation with a desk, turn by turn; what it keeps goes through JSON each time, as through a restart. */
export class Talk {
  now = MONDAY;
  state: JsonObject | undefined = { v: 1, turns: 0, locale: 'en', frames: [], next: 1, count: 0, greeted: true };
  effects: readonly Effect[] = [];
  readonly #take: TakeTurn;
  #commands = 0;

  constructor(flow: string, policy: Policy) {
    const bot = botOf(flow, { desk: true, locales: ['en', 'zh'] });
    const busy = ({ frames }: JsonObject) => Array.isArray(frames) && frames.length > 0;
    this.#take = withDesk(createTurn(bot), { policy, zone: 'UTC', busy });
  }

  /** What was said in it, by whom. */
  happen(event: Event): string[] {
    const scene = { now: this.now, conversation: 'c1', account: 'web', channel: 'web', locale: 'en', customer: {} };
    const turn = this.#take(this.state, event, scene);
    this.state = JSON.parse(JSON.stringify(turn.state)) as JsonObject;
    this.effects = turn.effects;
    return turn.effects.flatMap((effect) => (effect.kind === 'send' ? [`${effect.from}: ${effect.message.text}`] : []));
  }

  say(text: string): string[] {
    return this.happen({ kind: 'message', text });
  }

  /** An agent does something; the command's id is `x1`, `x2`, … unless one is given. */
  desk(happening: Happening, { version, command }: { version?: number; command?: string } = {}): string[] {
    this.#commands += 1;
    return this.happen({
      ...{ kind: 'desk', happening: happening as unknown as JsonObject, command: command ?? `x${this.#commands}` },
      ...(version === undefined ? {} : { version }),
    });
  }

  /** Time passes, and the timer rings when it is due. */
  pass(milliseconds: number): string[] {
    this.now += milliseconds;
    const { desk } = this.state as unknown as { readonly desk: { readonly wake?: number } };
    return desk.wake !== undefined && desk.wake <= this.now ? this.happen({ kind: 'timer', id: DESK_TIMER }) : [];
  }

  get control(): Control {
    return (this.state as unknown as { desk: { control: Control } }).desk.control;
  }

  get lines(): readonly JsonObject[] {
    return this.effects.filter((effect): effect is DeskEffect => effect.kind === 'desk').flatMap(({ lines }) => lines);
  }

  get sent(): readonly Message[] {
    return this.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : []));
  }

  /** Names of what was recorded for the figures. */
  get recorded(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.kind === 'record' ? [effect.name] : []));
  }
}
