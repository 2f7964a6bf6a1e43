import { citing } from '../draft.ts';
import type { DeskEffect, Effect } from '../effect.ts';
import type { Event } from '../event.ts';
import type { Scene, TakeTurn, Turn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import { askedBy, DECIDED, decidedBy } from './asking.ts';
import {
  type Asked,
  BOT,
  botSpeaks,
  type Choice,
  type Control,
  type Deed,
  type Happening,
  type Line,
} from './control.ts';
import { arriving, carrying, leaving } from './moving.ts';
import { next, passTime, wakeAt } from './next.ts';
import { Outgoing } from './outgoing.ts';
import type { Policy } from './policy.ts';
import { proposedBy, seekingBy } from './review/drafts.ts';
import { saidBy, toldBy } from './spoken.ts';
import { choiceIn, choiceOf } from './words.ts';

export interface DeskParts {
  readonly policy: Policy;
  /** The business's time zone, for queues that have no hours of their own. */
  readonly zone: string;
  /** Is a flow at work in a conversation's state? Then what she writes may be its answer. */
  readonly busy: (state: JsonObject) => boolean;
}

/** The row that wakes the desk's part of a conversation; the flows have their own. */
export const DESK_TIMER = 'desk';

/** What a conversation keeps of it. */
interface Kept {
  readonly control: Control;
  /** When the timer row is due. */
  readonly wake?: number;
}

/** One turn of a conversation that has to do with the desk. */
export class Shift {
  private readonly inner: TakeTurn;
  private readonly parts: DeskParts;
  private readonly scene: Scene;
  private readonly before: Kept;
  private control: Control;
  private own: JsonObject | undefined;
  private readonly lines: Line[] = [];
  private readonly outgoing = new Outgoing((line) => this.lines.push(line));
  private readonly missed: string[] = [];
  private redacted: string | undefined;

  constructor(inner: TakeTurn, parts: DeskParts, state: JsonObject | undefined, scene: Scene) {
    const { desk = { control: BOT }, ...own } = state ?? {};
    this.inner = inner;
    this.parts = parts;
    this.scene = scene;
    this.before = desk as unknown as Kept;
    this.control = this.before.control;
    this.own = Object.keys(own).length === 0 ? undefined : own;
  }

  /** A turn of the flows has given the conversation away, or asks humans for something. */
  begin(turn: Turn): Turn {
    this.absorb(turn, true);
    return this.close();
  }

  take(event: Event): Turn {
    switch (event.kind) {
      case 'desk':
        this.happen(event.happening as unknown as Happening, {
          command: event.command,
          ...(event.version === undefined ? {} : { version: event.version }),
        });
        break;
      case 'agent':
        this.happen({ on: 'said', agent: event.agent, text: event.text });
        break;
      case 'returned':
        this.happen({
          on: 'returned',
          outcome: event.outcome,
          ...(event.data === undefined ? {} : { data: event.data }),
        });
        break;
      case 'timer':
        if (event.id === DESK_TIMER) this.passTime();
        else this.turn(event);
        break;
      case 'message':
      case 'choice':
      case 'form':
        this.hear(event);
        break;
      case 'leaving':
        this.leave(event);
        break;
      case 'continued':
        this.arrive(event);
        break;
      case 'signal':
        this.learn(event);
        break;
      default:
        this.turn(event);
    }
    return this.close();
  }

  // — What happens —————————————————————————————————————————————————————————————————————————————————————————

  private hear(event: Extract<Event, { kind: 'message' | 'choice' | 'form' }>): void {
    // What a late timer sets in motion now she cannot have answered.
    const busy = this.own !== undefined && botSpeaks(this.control) && this.parts.busy(this.own);
    this.passTime();
    const choice = this.chosen(event);
    if (choice !== undefined) return this.happen({ on: 'chosen', choice });
    const text = event.kind === 'message' ? event.text : undefined;
    const isForHuman = this.control.at !== 'bot' && (this.control.at !== 'closed' || text !== undefined);
    if (isForHuman) {
      // A file without a word says something, too.
      const said = text === '' ? '…' : (text ?? '…');
      this.happen({ on: 'heard', text: said, busy });
    }
    this.turn(event);
  }

  /** She goes on in another app: whoever has the conversation goes with her, and the bot is free here. */
  private leave(event: Extract<Event, { kind: 'leaving' }>): void {
    this.passTime();
    const turn = this.inner(this.silenced(), event, this.scene);
    const carried = this.control;
    if (botSpeaks(carried) && carried.tasks === undefined) return this.absorb(turn, true);
    this.move(leaving(carried, this.scene.now));
    this.absorb({ ...turn, effects: turn.effects.map((effect) => carrying(effect, carried)) }, true);
  }

  private arrive(event: Extract<Event, { kind: 'continued' }>): void {
    const { desk, ...state } = event.state;
    if (desk !== undefined) this.move(arriving(this.control, desk as unknown as Control));
    this.turn({ ...event, state });
  }

  private move(to: Control): void {
    this.lines.push({ on: 'moved', from: this.control.at, to: to.at, epoch: to.epoch });
    this.control = to;
  }

  /** The world tells something: perhaps that what was asked of the humans is decided. */
  private learn(event: Extract<Event, { kind: 'signal' }>): void {
    const lapsed = decidedBy(event, this.control);
    if (lapsed !== undefined) this.happen(lapsed);
    this.turn(event);
  }

  /** She was asked what she would rather do than wait: a button, its words or its number. */
  private chosen(event: Event): Choice | undefined {
    const { at, stretch } = this.control;
    if (at !== 'queued' && at !== 'offered') return undefined;
    if (event.kind === 'choice') return choiceOf(event.token);
    return event.kind === 'message' && stretch?.choosing ? choiceIn(event.text, this.locale) : undefined;
  }

  private passTime(): void {
    this.follow(passTime(this.control, this.parts.policy, this.scene.now));
  }

  /** What was due before is done before, with its own right to speak. */
  private happen(happening: Happening, asked?: Asked): void {
    this.passTime();
    this.follow(next(this.control, happening, this.parts.policy, this.scene.now, asked));
  }

  /** Control is there now; then what it wants done is done. */
  private follow({ control, deeds }: { readonly control: Control; readonly deeds: readonly Deed[] }): void {
    this.control = control;
    for (const deed of deeds) this.perform(deed);
  }

  /** The flows take the event; while a human has the conversation, without a word. */
  private turn(event: Event): void {
    const speaks = botSpeaks(this.control);
    this.absorb(this.inner(this.silenced(), event, this.scene), speaks);
  }

  private absorb(turn: Turn, speaks: boolean): void {
    this.own = turn.state;
    this.redacted ??= turn.redacted;
    this.outgoing.wantOf(turn.effects, this.control, speaks);
    for (const effect of turn.effects) {
      const { control, parts, scene } = this;
      const asks =
        effect.kind === 'draft'
          ? proposedBy(effect, control, parts.policy, scene.now)
          : [askedBy(effect, turn.effects, control, scene.now)].filter((one) => one !== undefined);
      if (asks.length === 0) continue;
      for (const one of asks) this.happen(one);
      // The word that she is passed on belongs to what begins with it.
      this.outgoing.renew(turn.effects, this.control);
    }
  }

  /** Control is the master of whether the flows are silent. */
  private silenced(): JsonObject | undefined {
    if (this.own === undefined) return undefined;
    const { human, ...own } = this.own;
    return botSpeaks(this.control) ? own : { ...own, human: true };
  }

  // — What is done about it ————————————————————————————————————————————————————————————————————————————————

  private perform(deed: Deed): void {
    const { policy, zone } = this.parts;
    switch (deed.do) {
      case 'tell': {
        const { locale } = this;
        return this.want(toldBy(deed, { policy, zone, queue: this.control.stretch?.queue, locale }));
      }
      case 'send':
        return this.want(...saidBy(deed, policy));
      case 'resume':
        return this.resume(deed.outcome, deed.data);
      case 'decide': {
        const data = { ...deed.data, handoff: deed.task, outcome: deed.outcome };
        return this.turn({ kind: 'signal', name: DECIDED, data });
      }
      case 'answer':
        return this.answer(deed);
      case 'seek':
        if (botSpeaks(this.control)) this.happen(seekingBy(deed.task, this.reviewQueue, deed.reason));
        return;
      case 'file':
        return this.file(deed.reason);
      case 'missed':
        this.missed.push(deed.agent);
        return;
      case 'record':
        return this.want({ kind: 'record', name: deed.name, data: deed.data });
      case 'line':
        // What she and the bot say to each other after the end is no news to the desk.
        if (deed.line.to !== 'closed' || deed.line.from !== 'closed' || deed.line.on !== 'heard')
          this.lines.push(deed.line);
    }
  }

  private resume(outcome: string, data: JsonObject): void {
    // Silent until this very event tells the flows that they are not any more.
    if (this.own === undefined) return;
    this.absorb(this.inner({ ...this.own, human: true }, { kind: 'returned', outcome, data }, this.scene), true);
  }

  /** What an agent has approved. Where she has the customer herself, it is hers to say, and to take back for a moment. */
  private answer({ agent, text, source }: Extract<Deed, { do: 'answer' }>): void {
    if (!botSpeaks(this.control)) return this.happen({ on: 'said', agent, text });
    this.want({ kind: 'send', from: 'bot', message: source === undefined ? { text } : citing(text, source) });
  }

  /** What the bot would say helps only whoever has her, and only until she is answered. */
  private layAside(): void {
    for (const { id, proposal } of this.control.tasks ?? [])
      if (proposal?.how === 'suggest') this.happen({ on: 'lapsed', task: id, why: 'over' });
  }

  private get reviewQueue(): string {
    const { policy } = this.parts;
    return policy.review?.queue ?? Object.keys(policy.queues)[0] ?? 'support';
  }

  /** She would rather leave a message: it is there for the humans, as a task. */
  private file(reason: Choice): void {
    const { id = '', queue = '', priority = 'normal', attach = {} } = this.control.stretch ?? {};
    const task = { id: `${id}.${reason}`, mode: 'background', queue, priority, reason, attach } as const;
    this.want({ kind: 'handoff', ...task });
    this.happen({ on: 'filed', task: { ...task, at: this.scene.now } });
  }

  private want(...effects: readonly Effect[]): void {
    this.outgoing.want(effects, this.control);
  }

  private get locale(): string {
    const { locale } = this.own ?? {};
    return typeof locale === 'string' ? locale : this.scene.locale;
  }

  // — What comes of it —————————————————————————————————————————————————————————————————————————————————————

  private close(): Turn {
    if (botSpeaks(this.control) || this.lines.some(({ on }) => on === 'said')) this.layAside();
    const { control, before } = this;
    const wake = wakeAt(control);
    const said = this.outgoing.stamped(control);
    const kept: Kept = wake === undefined ? { control } : { control, wake };
    return {
      state: { ...this.silenced(), desk: kept as unknown as JsonObject },
      effects: [...said, ...this.alarm(before.wake, wake), ...this.news()],
      ...(this.redacted === undefined ? {} : { redacted: this.redacted }),
    };
  }

  private alarm(before: number | undefined, wake: number | undefined): Effect[] {
    if (wake === undefined) return before === undefined ? [] : [{ kind: 'cancel_timer', id: DESK_TIMER }];
    return wake === before && wake > this.scene.now ? [] : [{ kind: 'timer', id: DESK_TIMER, at: wake }];
  }

  private news(): DeskEffect[] {
    const { control, lines, missed } = this;
    const { at, epoch, version, stretch, tasks } = control;
    if (control === this.before.control && lines.length === 0) return [];
    // Nobody has it, but a flow asks for something: that is what it is about.
    const about = at === 'bot' && tasks !== undefined ? { queue: tasks[0]?.queue, opened: tasks[0]?.at } : stretch;
    const stand = {
      ...{ at, epoch, version, queue: about?.queue ?? '', opened: about?.opened ?? 0 },
      ...(stretch?.agent === undefined ? {} : { agent: stretch.agent }),
      ...(tasks === undefined ? {} : { tasks: tasks.length }),
      control: control as unknown as JsonObject,
    };
    const effect = {
      kind: 'desk',
      stand,
      lines: lines as unknown as readonly JsonObject[],
      limit: this.parts.policy.misses,
    } as const;
    return [missed.length === 0 ? effect : { ...effect, missed }];
  }
}
