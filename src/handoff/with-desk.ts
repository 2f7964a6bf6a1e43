import type { DeskEffect, Effect, Handoff } from '../effect.ts';
import type { Event } from '../event.ts';
import type { Attachment, Message } from '../message.ts';
import type { Scene, TakeTurn, Turn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import { BOT, botSpeaks, type Choice, type Control, type Deed, type Happening, type Line } from './control.ts';
import { type Asked, next, passTime, wakeAt } from './next.ts';
import { type Policy, queueOf } from './policy.ts';
import { choiceIn, choiceOf, choicesIn, phraseOf } from './words.ts';

export interface DeskParts {
  readonly policy: Policy;
  /** The business's time zone, for queues that have no hours of their own. */
  readonly zone: string;
  /** Is a flow at work in a conversation's state? Then what she writes may be its answer. */
  readonly busy: (state: JsonObject) => boolean;
}

/** The row that wakes the desk's part of a conversation; the flows have their own. */
export const DESK_TIMER = 'desk';

/**
 * Conversations that can be given to humans. Whoever has one stands in its state, which no flow can see or touch; agents' commands are
 * events of its inbox, so of two that come in the same moment one is first. While a human has it the flows go on hearing the world, and
 * say nothing.
 *
 * A conversation that never had to do with a human pays for one look at what its turn wants done.
 */
export function withDesk(take: TakeTurn, parts: DeskParts): TakeTurn {
  return (state, event, scene) => {
    if (state?.desk === undefined && !isOfDesk(event)) {
      const turn = take(state, event, scene);
      if (!turn.effects.some(isTransfer)) return turn;
      return new Shift(take, parts, state, scene).begin(turn);
    }
    return new Shift(take, parts, state, scene).take(event);
  };
}

/** What a conversation keeps of it. */
interface Kept {
  readonly control: Control;
  /** When the timer row is due. */
  readonly wake?: number;
}

/** An effect, and in which epoch it was wanted. */
interface Wanted {
  readonly effect: Effect;
  epoch: number;
}

/** One turn of a conversation that has to do with the desk. */
class Shift {
  private readonly inner: TakeTurn;
  private readonly parts: DeskParts;
  private readonly scene: Scene;
  private readonly before: Kept;
  private control: Control;
  private own: JsonObject | undefined;
  private readonly effects: Wanted[] = [];
  private readonly lines: Line[] = [];
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

  /** A turn of the flows has given the conversation away. */
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
    if (botSpeaks(this.control)) return this.absorb(turn, true);
    const carried = this.control;
    const ended = { outcome: 'moved', at: this.scene.now };
    this.move({
      ...{ at: 'bot', since: this.scene.now, epoch: carried.epoch + 1, version: carried.version + 1 },
      ...(carried.stretch === undefined ? {} : { stretch: { ...carried.stretch, clocks: [], ended } }),
    });
    this.absorb({ ...turn, effects: turn.effects.map((effect) => carrying(effect, carried)) }, true);
  }

  private arrive(event: Extract<Event, { kind: 'continued' }>): void {
    const { desk, ...state } = event.state;
    if (desk !== undefined) {
      const carried = desk as unknown as Control;
      const { epoch, version } = this.control;
      const [later, newer] = [Math.max(epoch, carried.epoch) + 1, Math.max(version, carried.version) + 1];
      this.move({ ...carried, epoch: later, version: newer });
    }
    this.turn({ ...event, state });
  }

  private move(to: Control): void {
    this.lines.push({ on: 'moved', from: this.control.at, to: to.at, epoch: to.epoch });
    this.control = to;
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
    const wanted: Wanted[] = [];
    for (const effect of turn.effects) {
      if (effect.kind !== 'send' || speaks || effect.from !== 'bot' || effect.message.owed)
        wanted.push({ effect, epoch: this.control.epoch });
      else this.mute(effect.message);
    }
    this.effects.push(...wanted);
    for (const { effect } of wanted) {
      if (!isTransfer(effect)) continue;
      this.happen(requestOf(effect));
      // The word that she is passed on belongs to what begins with it.
      for (const one of wanted) one.epoch = this.control.epoch;
    }
  }

  /** The agent sees what the bot would have said. */
  private mute({ text }: Message): void {
    const { at, epoch } = this.control;
    this.lines.push({ on: 'muted', from: at, to: at, epoch, text });
  }

  /** Control is the master of whether the flows are silent. */
  private silenced(): JsonObject | undefined {
    if (this.own === undefined) return undefined;
    const { human, ...own } = this.own;
    return botSpeaks(this.control) ? own : { ...own, human: true };
  }

  // — What is done about it ————————————————————————————————————————————————————————————————————————————————

  private perform(deed: Deed): void {
    switch (deed.do) {
      case 'tell':
        return this.tell(deed);
      case 'send':
        return this.send(deed);
      case 'resume':
        return this.resume(deed.outcome, deed.data);
      case 'file':
        return this.file(deed.reason);
      case 'missed':
        this.missed.push(deed.agent);
        return;
      case 'record':
        this.want({ kind: 'record', name: deed.name, data: deed.data });
        return;
      case 'line':
        // What she and the bot say to each other after the end is no news to the desk.
        if (deed.line.to !== 'closed' || deed.line.from !== 'closed' || deed.line.on !== 'heard')
          this.lines.push(deed.line);
    }
  }

  private tell({ phrase, opens, choices }: Extract<Deed, { do: 'tell' }>): void {
    const { policy, zone } = this.parts;
    const hours = queueOf(policy, this.control.stretch?.queue ?? '').hours;
    const text = phraseOf(phrase, { locale: this.locale, zone: hours?.zone ?? zone }, opens);
    const message = choices === undefined ? { text } : { text, choices: choicesIn(this.locale) };
    this.want({ kind: 'send', from: 'system', message });
  }

  private send({ agent, text, attachments = [] }: Extract<Deed, { do: 'send' }>): void {
    const shown = this.parts.policy.agents.find(({ name }) => name === agent)?.shown ?? agent;
    const messages = [...(text === '' ? [] : [{ text }]), ...attachments.map(messageOf)];
    for (const message of messages) this.want({ kind: 'send', from: 'agent', message: { ...message, agent: shown } });
  }

  private resume(outcome: string, data: JsonObject): void {
    // Silent until this very event tells the flows that they are not any more.
    if (this.own === undefined) return;
    this.absorb(this.inner({ ...this.own, human: true }, { kind: 'returned', outcome, data }, this.scene), true);
  }

  private file(reason: Choice): void {
    const { id = '', queue = '', priority = 'normal', attach = {} } = this.control.stretch ?? {};
    const task = { id: `${id}.${reason}`, mode: 'background', queue, priority, reason, attach } as const;
    this.want({ kind: 'handoff', ...task });
  }

  private get locale(): string {
    const { locale } = this.own ?? {};
    return typeof locale === 'string' ? locale : this.scene.locale;
  }

  // — What comes of it —————————————————————————————————————————————————————————————————————————————————————

  private close(): Turn {
    const { control, before } = this;
    const wake = wakeAt(control);
    const said = this.effects.flatMap((one) => this.stamped(one));
    const kept: Kept = wake === undefined ? { control } : { control, wake };
    return {
      state: { ...this.silenced(), desk: kept as unknown as JsonObject },
      effects: [...said, ...this.alarm(before.wake, wake), ...this.news()],
      ...(this.redacted === undefined ? {} : { redacted: this.redacted }),
    };
  }

  /**
   * What the bot and the house say holds only as long as nobody else has the conversation, and that may be no longer than this turn: a
   * late timer gave it back, and her words took it away again. An agent's words were hers to say.
   */
  private stamped({ effect, epoch }: Wanted): Effect[] {
    if (effect.kind !== 'send' || effect.from === 'agent' || this.control.epoch === 0) return [effect];
    if (epoch === this.control.epoch || effect.message.owed)
      return [{ ...effect, message: { ...effect.message, epoch } }];
    this.mute(effect.message);
    return [];
  }

  private want(effect: Effect): void {
    this.effects.push({ effect, epoch: this.control.epoch });
  }

  private alarm(before: number | undefined, wake: number | undefined): Effect[] {
    if (wake === undefined) return before === undefined ? [] : [{ kind: 'cancel_timer', id: DESK_TIMER }];
    return wake === before && wake > this.scene.now ? [] : [{ kind: 'timer', id: DESK_TIMER, at: wake }];
  }

  private news(): DeskEffect[] {
    const { control, lines, missed } = this;
    const { at, epoch, version, stretch } = control;
    if (control === this.before.control && lines.length === 0) return [];
    const stand = {
      ...{ at, epoch, version, queue: stretch?.queue ?? '', opened: stretch?.opened ?? 0 },
      ...(stretch?.agent === undefined ? {} : { agent: stretch.agent }),
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

function isOfDesk(event: Event): boolean {
  if (event.kind === 'continued') return event.state.desk !== undefined;
  return event.kind === 'desk' || event.kind === 'agent';
}

/** What goes on elsewhere takes along who has it. */
function carrying(effect: Effect, control: Control): Effect {
  if (effect.kind !== 'hand_on' || effect.event.kind !== 'continued') return effect;
  const state = { ...effect.event.state, desk: control as unknown as JsonObject };
  return { ...effect, event: { ...effect.event, state } };
}

function isTransfer(effect: Effect): effect is Handoff {
  return effect.kind === 'handoff' && effect.mode === 'transfer';
}

function requestOf({ id, queue, priority, reason, attach, timeout }: Handoff): Happening {
  return { on: 'requested', id, queue, priority, reason, attach, ...(timeout === undefined ? {} : { timeout }) };
}

/** A file of an agent's, as customers see it. */
function messageOf({ name, type, url }: Attachment): Message {
  return type.startsWith('image/') ? { text: '', image: { url, alt: name } } : { text: '', file: { url, name } };
}

/**
 * For the engine, before every send: why this must not be said any more, as a code; `undefined`: it may be.
 * @param epoch of the conversation now; 0: no human ever had it
 */
export function fenced(epoch: number, message: Message): string | undefined {
  if (message.owed || message.agent !== undefined) return undefined;
  return (message.epoch ?? 0) < epoch ? 'desk.stale' : undefined;
}
