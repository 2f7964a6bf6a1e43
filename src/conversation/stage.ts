import type { Effect, Handoff } from '../effect.ts';
import type { Found } from '../flow/answering.ts';
import type { Frame } from '../flow/frame.ts';
import { repairName } from '../flow/library.ts';
import type { Op, Program } from '../flow/program.ts';
import type { CallRequest, Offer, Run } from '../flow/run.ts';
import type { Form } from '../form.ts';
import type { Message } from '../message.ts';
import type { Scene, Turn } from '../turn.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Question } from '../understanding/understanding.ts';
import { withoutStrangers } from './allowed.ts';
import { type Bot, titleIn } from './bot.ts';
import { pickArm } from './experiment.ts';
import { keepMemory, memoryOf } from './memory.ts';
import { overhear } from './overhear.ts';
import { noteOutcome, noteRating, review } from './review.ts';
import { draftOf, freshState, type State } from './state.ts';

/** Expression steps a turn may take: an accidental loop ends visibly. */
const EVALUATIONS = 200_000;
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * The working copy of one turn: the draft of the state and the effects so far. Steps see it as {@link Run}; it holds no rules of
 * conversation, only the means.
 */
export class Stage implements Run {
  readonly bot: Bot;
  readonly scene: Scene;
  readonly state: State;
  readonly effects: Effect[] = [];
  readonly budget = { left: EVALUATIONS };
  readonly now: number;
  readonly timezone: string;
  /** The frame whose operation runs. */
  frame: Frame = NOBODY;
  slots: Record<string, Json> = NOBODY.slots;
  customer: JsonObject;
  /** What the transcript may keep of her words. */
  redacted: string | undefined;
  /** Was it the customer who did something? Then the time without an answer begins anew. */
  heard = false;
  /** Does silence count from now on? Not after the `inactivity` pattern has spoken: it speaks once until the customer is back. */
  attentive = true;
  /** May a model be asked what she means? Not after one that failed, nor for who has waited long enough. */
  mayWait = true;
  /** What happens on the stack is decided elsewhere (`stack.ts`); steps only ask for it. */
  private readonly moves: Moves;

  constructor(bot: Bot, state: JsonObject | undefined, scene: Scene, moves: Moves) {
    this.bot = bot;
    this.scene = scene;
    this.state = state ? draftOf(state) : freshState(localeFor(bot, scene.locale));
    this.now = scene.now;
    this.timezone = bot.timezone;
    this.customer = scene.customer;
    this.moves = moves;
  }

  // — What steps read ——————————————————————————————————————————————————————————————————————————————————————

  get locale(): string {
    return this.state.locale;
  }

  get account(): string {
    return this.scene.account;
  }

  get shared(): JsonObject {
    return this.state.shared ?? NOTHING;
  }

  get session(): JsonObject {
    const { customer, at, blocked } = this.state.session ?? {};
    return {
      customer_id: customer ?? null,
      auth_age: at === undefined ? NEVER : this.now - at,
      verified: customer !== undefined,
      blocked: blocked ?? null,
      payload: this.state.payload ?? null,
    };
  }

  get channel(): JsonObject {
    return { name: this.scene.channel, kind: this.scene.channel };
  }

  get conversation(): JsonObject {
    return { id: this.scene.conversation, locale: this.state.locale };
  }

  get memory(): JsonObject {
    return memoryOf(this);
  }

  get hasDesk(): boolean {
    return this.bot.desk;
  }

  get isReviewed(): boolean {
    return this.bot.reviewing !== undefined;
  }

  // — What steps do ————————————————————————————————————————————————————————————————————————————————————————

  say(meant: Message, offers: readonly Offer[] = [], form?: Omit<Form, 'token'>): void {
    const message = this.allowed(meant);
    const said = form === undefined ? message : { ...message, form: { token: this.hold(form), ...form } };
    if (offers.length === 0) {
      this.effects.push({ kind: 'send', message: said, from: 'bot' });
      return;
    }
    const id = ++this.state.count;
    // Offers without a value are moves of their own: they stay open when the flow that made them has ended.
    const answers = offers.some(({ does }) => ('value' in does && !('do' in does)) || 'skip' in does);
    const choices = offers.map(({ label }, index) => ({
      token: tokenOf(id, index),
      label: this.allowed({ text: label }).text,
    }));
    this.state.offer = {
      id,
      frame: answers ? this.frame.id : 0,
      does: offers.map(({ does }) =>
        'value' in does && !('do' in does) ? does.value : 'skip' in does ? 'skip' : does,
      ),
    };
    this.effects.push({ kind: 'send', message: { ...said, choices }, from: 'bot' });
  }

  private allowed(meant: Message): Message {
    const { mayLink } = this.bot;
    if (mayLink === undefined) return meant;
    const { message, refused } = withoutStrangers(meant, mayLink);
    if (refused > 0) this.record('link.refused', { count: refused, flow: this.frame.flow });
    return message;
  }

  /** Keeps what the form asks. Shown again as it was, it is the same one: what she is filling in meanwhile still counts. */
  private hold({ fields }: Omit<Form, 'token'>): string {
    const { id: frame, pc } = this.frame;
    const names = fields.map(({ name }) => name);
    const open = this.state.form;
    const isSame = open?.frame === frame && open.pc === pc && open.fields.join() === names.join();
    const form = isSame ? open : { id: ++this.state.count, frame, pc, fields: names };
    this.state.form = form;
    return formToken(form.id);
  }

  phrase(name: string, values: Readonly<Record<string, string>> = {}): string {
    const texts = this.bot.texts[this.state.locale] ?? this.bot.texts[this.bot.locales[0] ?? 'en'];
    const text = texts?.[name] ?? /_(\d+)$/.exec(name)?.[1] ?? name.replaceAll('_', ' ');
    return text.includes('{') ? text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole) : text;
  }

  call({ action, effect, args, timeout, step, attempt, delay, key, check }: CallRequest): void {
    const frame = this.frame;
    const visit = (frame.visits?.[step] ?? 0) + (attempt === 1 ? 1 : 0);
    if (attempt === 1) frame.visits = { ...frame.visits, [step]: visit };
    const id = `${frame.id}.${step}.${visit}.${attempt}`;
    const sameKey = key ?? `${this.scene.conversation}:${frame.id}:${step}:${visit}`;
    frame.pending = { id, attempt, key: sameKey };
    this.effects.push({
      kind: 'call',
      id,
      action,
      args,
      effect,
      key: sameKey,
      timeout,
      ...(check !== undefined && { check }),
      ...(attempt > 1 && { again: true }),
      ...(delay && { notBefore: this.now + delay }),
    });
  }

  timer(name: string, delay: number): void {
    this.state.timers = { ...this.state.timers, [`${this.frame.id}:${name}`]: this.now + delay };
  }

  clearTimers(frame: Frame = this.frame): void {
    const { timers } = this.state;
    if (!timers) return;
    const prefix = `${frame.id}:`;
    for (const id of Object.keys(timers)) if (id.startsWith(prefix)) delete timers[id];
  }

  listen(event: string, match: JsonObject): void {
    this.frame.listens = true;
    this.effects.push({ kind: 'listen', id: String(this.frame.id), event, match });
  }

  unlisten(frame: Frame = this.frame): void {
    const { listens } = frame;
    if (!listens) return;
    delete frame.listens;
    this.effects.push({ kind: 'unlisten', id: listens === true ? String(frame.id) : listens });
  }

  handoff(task: Omit<Handoff, 'kind' | 'id'>): string {
    const id = `${this.scene.conversation}.${++this.state.count}`;
    this.effects.push({ kind: 'handoff', id, ...task });
    this.state.handed = this.now;
    if (task.mode === 'transfer' && this.bot.desk) {
      this.state.human = true;
      noteOutcome(this, 'escalated');
    }
    return id;
  }

  review(question: string, found: Found): 'said' | 'waits' | 'kept' {
    return review(this, question, found);
  }

  titleOf(flow: string): string | undefined {
    const header = this.bot.programs.get(flow)?.header;
    return header && titleIn(header, this.state.locale, this.bot.locales);
  }

  record(name: string, data: JsonObject): void {
    this.effects.push({ kind: 'record', name, data });
    if (name === 'survey.answered') noteRating(this, data);
  }

  overhear(question: Question): Json | undefined {
    return overhear(this, question);
  }

  redact(words = '••••••'): void {
    this.redacted ??= words;
  }

  remember(scope: 'conversation' | 'customer', name: string, value: Json): void {
    if (scope === 'conversation') this.state.shared = { ...this.state.shared, [name]: value };
    else {
      this.customer = { ...this.customer, [name]: value };
      this.effects.push({ kind: 'customer', set: { [name]: value } });
    }
  }

  /** By a code that she was sent: the address that she writes from is hers, too. */
  authenticate(customer: string): void {
    this.proven(customer);
    this.effects.push({ kind: 'identify', customer });
  }

  proven(customer: string): void {
    this.state.session = { ...this.state.session, customer, at: this.now };
    this.record('session.authenticated', {});
  }

  arm(experiment: string, arms: Readonly<Record<string, number>>): string {
    const known = this.state.arms?.[experiment];
    const arm =
      known !== undefined && known in arms
        ? known
        : pickArm(experiment, this.state.session?.customer ?? this.scene.conversation, arms);
    if (arm !== known) this.state.arms = { ...this.state.arms, [experiment]: arm };
    this.record('experiment.exposed', { experiment, arm });
    return arm;
  }

  push(flow: string, by: Frame['by'], inputs: Readonly<Record<string, Json>>): void {
    this.moves.push(this, flow, by, inputs);
  }

  finish(outcome: string, value?: JsonObject): void {
    this.moves.finish(this, outcome, value);
  }

  link(flow: string, inputs: Readonly<Record<string, Json>>): void {
    this.moves.link(this, flow, inputs);
  }

  repair(pattern: string, inputs: Readonly<Record<string, Json>> = {}): void {
    this.moves.repair(this, pattern, inputs);
  }

  // — What the rest of the room uses ———————————————————————————————————————————————————————————————————————

  get top(): Frame | undefined {
    return this.state.frames.at(-1);
  }

  /** The compiled version a frame runs in. Versions were reconciled when the turn began, so it is there. */
  program(frame: Frame): Program {
    const current = this.bot.programs.get(frame.flow);
    const program = current?.version === frame.version ? current : this.bot.versions.get(frame.version);
    if (!program) throw new Error(`Version ${frame.version} of the flow ${frame.flow} is not loaded.`);
    return program;
  }

  op(frame: Frame): Op {
    const op = this.program(frame).ops[frame.pc];
    if (!op) throw new Error(`The flow ${frame.flow} has no operation ${frame.pc}.`);
    return op;
  }

  focus(frame: Frame): void {
    this.frame = frame;
    this.slots = frame.slots;
  }

  hasRepair(pattern: string): boolean {
    return this.bot.programs.has(repairName(pattern));
  }

  close(): Turn {
    const { state } = this;
    state.turns++;
    keepMemory(this);
    if (this.heard) delete state.unasked;
    this.armIdle();
    if (state.timers && isEmpty(state.timers)) delete state.timers;
    this.armWake();
    return {
      state: state as unknown as JsonObject,
      effects: state.unasked ? this.effects.map((effect) => markedUnasked(effect, state.unasked)) : this.effects,
      ...(this.redacted !== undefined && { redacted: this.redacted }),
    };
  }

  /** An open question may not stay so for ever: where its flow sets no timers of its own, the `inactivity` pattern will look after it. */
  private armIdle(): void {
    const { state, bot, top } = this;
    const asks = top?.waiting === true && !state.human && bot.patience > 0 && this.op(top).asks !== undefined;
    if (!asks || this.hasTimers(top)) {
      if (state.timers) delete state.timers[IDLE];
    } else if (this.heard || (this.attentive && state.timers?.[IDLE] === undefined)) {
      state.timers ??= {};
      state.timers[IDLE] = this.now + bot.patience;
    }
  }

  private hasTimers(frame: Frame): boolean {
    for (const id in this.state.timers) if (id !== IDLE && Number.parseInt(id, 10) === frame.id) return true;
    return false;
  }

  /** While a human has the conversation the bot's own timers keep still, except that of the handoff itself; they ring afterwards. */
  mayRing(id: string): boolean {
    return !this.state.human || id.startsWith(`${this.top?.id}:`);
  }

  /**
   * One timer row wakes the conversation for all its timers. It is moved only to an earlier instant: a later or vanished one costs a
   * needless waking, which is cheaper than a write in every turn.
   */
  private armWake(): void {
    const { timers, wake } = this.state;
    if (!timers) return;
    let next = NEVER;
    for (const id in timers) if (this.mayRing(id)) next = Math.min(next, timers[id] ?? NEVER);
    if (next === NEVER) return;
    if (wake !== undefined && wake <= next && wake > this.now) return;
    this.state.wake = next;
    this.effects.push({ kind: 'timer', id: 'wake', at: next });
  }
}

/** What she has not asked for may be told elsewhere, should it not reach her here. */
function markedUnasked(effect: Effect, unasked: State['unasked'] = []): Effect {
  if (effect.kind !== 'send' || effect.from !== 'bot') return effect;
  return { ...effect, message: { ...effect.message, unasked } };
}

/** How flows start, end and give way: see `stack.ts`. */
export interface Moves {
  push(stage: Stage, flow: string, by: Frame['by'], inputs: Readonly<Record<string, Json>>): void;
  finish(stage: Stage, outcome: string, value?: JsonObject): void;
  link(stage: Stage, flow: string, inputs: Readonly<Record<string, Json>>): void;
  repair(stage: Stage, pattern: string, inputs: Readonly<Record<string, Json>>): void;
}

const NOTHING: JsonObject = {};
/** The timer of a question without timers of its own. */
export const IDLE = '0:idle';

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}
/** Stands where no flow runs, so that offers and timers of the conversation itself have an owner. */
export const NOBODY: Frame = {
  id: 0,
  flow: '',
  version: '',
  by: 'start',
  pc: 0,
  waiting: false,
  step: '',
  hash: '',
  slots: {},
};

/** Opaque to the customer's app: which offer, which answer. */
export function tokenOf(offer: number, index: number): string {
  return `${offer.toString(36)}.${index.toString(36)}`;
}

export function readToken(token: string): { offer: number; index: number } | undefined {
  const match = /^([0-9a-z]{1,8})\.([0-9a-z]{1,3})$/.exec(token);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { offer: Number.parseInt(match[1], 36), index: Number.parseInt(match[2], 36) };
}

/** Of a form; no choice has such a token. */
export function formToken(id: number): string {
  return `form${id.toString(36)}`;
}

/** The bot's language nearest to the one asked for: `zh-CN` is answered in `zh`. */
export function localeFor(bot: Pick<Bot, 'locales'>, wanted: string): string {
  const language = wanted.split('-')[0];
  return (
    bot.locales.find((locale) => locale === wanted) ??
    bot.locales.find((locale) => locale.split('-')[0] === language) ??
    bot.locales[0] ??
    'en'
  );
}
