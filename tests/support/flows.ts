/** Bots made of inline YAML, and conversations with them: a virtual clock, stubbed actions, every turn checked to be pure. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readConnectors } from '../../src/connector/connectors.ts';
import { type Bot, catalogueOf } from '../../src/conversation/bot.ts';
import { freshState, type State } from '../../src/conversation/state.ts';
import { createTurn } from '../../src/conversation/turn.ts';
import { readTexts } from '../../src/deployment/texts.ts';
import type { Call, Effect, Handoff } from '../../src/effect.ts';
import type { Event, Outcome } from '../../src/event.ts';
import { type CompiledFlows, compileFlows, type FlowText, type Surroundings } from '../../src/flow/flows.ts';
import type { Program } from '../../src/flow/program.ts';
import type { Problem } from '../../src/flow/reading/problem.ts';
import type { Answers, Form } from '../../src/form.ts';
import type { Choice, Message } from '../../src/message.ts';
import type { Json, JsonObject } from '../../src/type.ts';
import { createUnderstanding } from '../../src/understanding/embedded.ts';
import { hearingMoods } from '../../src/understanding/mood.ts';
import type { Command } from '../../src/understanding/understanding.ts';

const REPAIR = join(import.meta.dirname, '..', '..', 'flows', 'repair');

/** What a test's deployment has beside its flows. */
export interface Setting {
  /** The text of a `connectors.yaml`. */
  readonly connectors?: string;
  readonly locales?: readonly string[];
  readonly channels?: Surroundings['channels'];
  /** Names of its knowledge sets. */
  readonly knowledge?: readonly string[];
  /** Is there a model for `llm` steps? */
  readonly model?: boolean;
  /** Is there one that writes answers? */
  readonly writes?: boolean;
  /** Repair flows in place of those that ship, by pattern; `undefined` removes one. */
  readonly repair?: Readonly<Record<string, string | undefined>>;
}

/** The flows by file name `0.yaml`, `1.yaml` …, compiled with the repair flows that ship. */
export function compile(flows: string | readonly string[], setting: Setting = {}): CompiledFlows {
  const { connectors = '', locales = ['en'], channels = [], knowledge, model = false, writes = false } = setting;
  const { signatures, types, problems } = readConnectors(connectors, 'connectors.yaml');
  if (problems.length > 0) throw new Error(`connectors.yaml: ${JSON.stringify(problems)}`);
  const own = [flows].flat().map((text, index): FlowText => ({ file: `${index}.yaml`, text }));
  const texts = [...own, ...repairFlows(setting.repair ?? {})];
  return compileFlows(texts, {
    ...{ actions: signatures, types, locales, channels, model, writes },
    ...(knowledge && { knowledge: new Set(knowledge) }),
  });
}

/** What is wrong with the flows themselves, as `line:col code`. The repair flows are left out. */
export function problemsOf(flows: string | readonly string[], setting: Setting = {}): readonly Problem[] {
  return compile(flows, setting).problems.filter(({ file }) => /^\d+\.yaml$/.test(file));
}

function repairFlows(overrides: NonNullable<Setting['repair']>): FlowText[] {
  const shipped = readdirSync(REPAIR)
    .filter((name) => name.endsWith('.yaml') && name !== 'texts.yaml')
    .map((name): [string, string | undefined] => [basename(name, '.yaml'), readFileSync(join(REPAIR, name), 'utf8')]);
  return Object.entries({ ...Object.fromEntries(shipped), ...overrides }).flatMap(([pattern, text]) =>
    text === undefined ? [] : [{ file: `repair/${pattern}.yaml`, text, pattern }],
  );
}

export interface BotSetting
  extends Setting,
    Partial<Pick<Bot, 'desk' | 'patience' | 'timezone' | 'csat' | 'currency' | 'senses'>> {
  /** Versions that conversations still stand in. */
  readonly kept?: ReadonlyMap<string, Program>;
}

/** A bot of these flows. Throws when they have errors: a test of behaviour must not run on a broken flow. */
export function botOf(flows: string | readonly string[], setting: BotSetting = {}): Bot {
  const { programs, problems } = compile(flows, setting);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(`The flows have errors: ${JSON.stringify(errors, null, 1)}`);
  const { locales = ['en'], desk = false, patience = 0, timezone = 'UTC', kept = new Map() } = setting;
  const file = join(REPAIR, 'texts.yaml');
  const source = { file, path: file, text: readFileSync(file, 'utf8') };
  return {
    programs,
    versions: new Map([...kept, ...[...programs.values()].map((program) => [program.version, program] as const)]),
    understanding: hearingMoods(createUnderstanding({ flows: catalogueOf(programs), locales })),
    ...(setting.currency !== undefined && { currency: setting.currency }),
    ...(setting.csat && { csat: setting.csat }),
    locales,
    timezone,
    texts: readTexts([source], ['en', 'zh']).texts,
    desk,
    patience,
    ...(setting.senses && { senses: setting.senses }),
  };
}

/** What an action answers: a value, an outcome, or either of a call. Without one, the call stays open until `resolve`. */
export type Stub = Json | ((call: Call, count: number) => Json | Outcome | undefined);

export interface TalkSetting {
  readonly stubs?: Readonly<Record<string, Stub>>;
  readonly locale?: string;
  readonly customer?: JsonObject;
  /** Nothing of the first contact: the customer has been greeted already. Default. */
  readonly stranger?: boolean;
  readonly channel?: string;
}

export const START = Date.UTC(2026, 10, 21, 10);

/** One conversation. What happened in the last move is in `effects`, `said`, `calls`. */
export class Talk {
  bot: Bot;
  state: JsonObject | undefined;
  now = START;
  customer: JsonObject;
  /** Of the last move: all its turns. */
  effects: Effect[] = [];
  redacted: string | undefined;
  /** Calls that no stub has answered. */
  readonly open: Call[] = [];
  /** Every event so far, in order, with its instant: the log that a replay starts from. */
  readonly log: { event: Event; now: number }[] = [];
  wake: number | undefined;
  offered: readonly Choice[] = [];
  /** The form that was offered last. */
  form: Form | undefined;
  private readonly setting: TalkSetting;
  private readonly counts = new Map<string, number>();

  constructor(bot: Bot, setting: TalkSetting = {}) {
    this.bot = bot;
    this.setting = setting;
    this.customer = setting.customer ?? {};
    if (!setting.stranger) {
      this.state = {
        v: 1,
        turns: 0,
        locale: setting.locale ?? bot.locales[0] ?? 'en',
        frames: [],
        next: 1,
        count: 0,
        greeted: true,
      };
    }
  }

  // — Moves ————————————————————————————————————————————————————————————————————————————————————————————————

  say(text: string): this {
    return this.take({ kind: 'message', text });
  }

  command(...commands: readonly Command[]): this {
    return this.take({ kind: 'commands', commands });
  }

  start(flow: string, sets: Readonly<Record<string, Json>> = {}): this {
    return this.command({ do: 'start', flow, confidence: 1 }, ...setsOf(sets));
  }

  set(sets: Readonly<Record<string, Json>>): this {
    return this.command(...setsOf(sets));
  }

  correct(slot: string, value?: Json): this {
    return this.command({ do: 'correct', slot, confidence: 1, ...(value !== undefined && { value }) });
  }

  /** Taps labels that were offered last. */
  tap(...labels: readonly string[]): this {
    return this.take({ kind: 'choice', token: labels.map((label) => this.tokenOf(label)).join(',') });
  }

  /** Sends the form that was offered last. Options are told by their values. */
  fillIn(values: Answers, token = this.form?.token ?? 'form0'): this {
    return this.take({ kind: 'form', token, values });
  }

  /** Taps the first answer that was offered, or one that never was. */
  tapAny(): this {
    return this.take({ kind: 'choice', token: this.offered[0]?.token ?? '1.0' });
  }

  tokenOf(label: string): string {
    const choice = this.offered.find((each) => each.label === label);
    if (!choice) throw new Error(`“${label}” is not on offer: ${this.offered.map((each) => each.label).join(', ')}`);
    return choice.token;
  }

  signal(name: string, data: JsonObject = {}): this {
    return this.take({ kind: 'signal', name, data });
  }

  /** Answers the oldest open call. */
  resolve(outcome: Outcome | Json): this {
    const call = this.open.shift();
    if (!call) throw new Error('No call is open.');
    return this.take({ kind: 'result', call: call.id, outcome: outcomeOf(outcome) });
  }

  /** Lets time pass; timers ring at their instants. Effects of all their turns are kept. */
  advance(by: number): this {
    const until = this.now + by;
    const effects: Effect[] = [];
    while (this.wake !== undefined && this.wake <= until) {
      this.now = Math.max(this.wake, this.now);
      this.wake = undefined;
      this.take({ kind: 'timer', id: 'wake' });
      effects.push(...this.effects);
    }
    this.now = until;
    this.effects = effects;
    return this;
  }

  /** One event and what the stubs answer to its calls. */
  take(event: Event): this {
    this.effects = [];
    this.redacted = undefined;
    const pending: Event[] = [event];
    for (let next = pending.shift(); next; next = pending.shift()) {
      for (const effect of this.turn(next)) {
        if (effect.kind !== 'call') continue;
        const outcome = this.answer(effect);
        if (outcome) pending.push({ kind: 'result', call: effect.id, outcome });
        else this.open.push(effect);
      }
    }
    return this;
  }

  /** One bare turn: the state handed in is frozen, so that a change to it throws. */
  private turn(event: Event): readonly Effect[] {
    this.log.push({ event, now: this.now });
    const before = (this.state?.turns ?? 0) as number;
    const { state, effects, redacted } = createTurn(this.bot)(deepFreeze(this.state), deepFreeze(event), {
      now: this.now,
      conversation: 'c1',
      account: 'web',
      channel: this.setting.channel ?? 'web',
      locale: this.setting.locale ?? this.bot.locales[0] ?? 'en',
      customer: deepFreeze(this.customer),
    });
    const written = JSON.stringify(state);
    if (written.length > 32 * 1024) throw new Error(`The state has ${written.length} bytes.`);
    if (state.turns !== before + 1) throw new Error(`Turn ${String(state.turns)} follows turn ${before}.`);
    this.state = JSON.parse(written) as JsonObject;
    this.redacted ??= redacted;
    for (const effect of effects) {
      this.effects.push(effect);
      if (effect.kind === 'timer') this.wake = effect.at;
      if (effect.kind === 'customer') this.customer = { ...this.customer, ...effect.set };
      if (effect.kind === 'send' && effect.message.choices) this.offered = effect.message.choices;
      if (effect.kind === 'send' && effect.message.form) this.form = effect.message.form;
    }
    return effects;
  }

  private answer(call: Call): Outcome | undefined {
    const stub = this.setting.stubs?.[call.action];
    if (stub === undefined) return undefined;
    const count = (this.counts.get(call.action) ?? 0) + 1;
    this.counts.set(call.action, count);
    const given = typeof stub === 'function' ? stub(call, count) : stub;
    return given === undefined ? undefined : outcomeOf(given);
  }

  // — What came of it ——————————————————————————————————————————————————————————————————————————————————————

  get messages(): readonly Message[] {
    return this.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.message] : []));
  }

  /** The texts of the last move. */
  get said(): readonly string[] {
    return this.messages.map(({ text }) => text);
  }

  get labels(): readonly string[] {
    return this.messages.flatMap(({ choices = [] }) => choices.map(({ label }) => label));
  }

  get calls(): readonly Call[] {
    return this.effects.flatMap((effect) => (effect.kind === 'call' ? [effect] : []));
  }

  get handoffs(): readonly Handoff[] {
    return this.effects.flatMap((effect) => (effect.kind === 'handoff' ? [effect] : []));
  }

  /** Outcomes of the flows that ended, as `flow: outcome`. */
  get ended(): readonly string[] {
    return this.records('flow.ended').map(({ flow, outcome }) => `${String(flow)}: ${String(outcome)}`);
  }

  records(name: string): readonly JsonObject[] {
    return this.effects.flatMap((effect) => (effect.kind === 'record' && effect.name === name ? [effect.data] : []));
  }

  /** The question that is open. */
  get asks(): string | undefined {
    const frame = this.conversation.frames.at(-1);
    if (!frame?.waiting) return undefined;
    const program = this.bot.programs.get(frame.flow);
    const current = program?.version === frame.version ? program : this.bot.versions.get(frame.version);
    const op = current?.ops[frame.pc];
    return op?.answer && op.asks;
  }

  get slots(): Readonly<Record<string, Json>> {
    return Object.assign({}, ...this.conversation.frames.map(({ slots }) => slots)) as Record<string, Json>;
  }

  get flows(): readonly string[] {
    return this.conversation.frames.map(({ flow }) => flow);
  }

  get parked(): readonly string[] {
    return (this.conversation.parked ?? []).flat().map(({ flow }) => flow);
  }

  get conversation(): State {
    return this.state === undefined ? freshState(this.bot.locales[0] ?? 'en') : (this.state as unknown as State);
  }
}

function setsOf(sets: Readonly<Record<string, Json>>): Command[] {
  return Object.entries(sets).map(([slot, value]) => ({ do: 'set', slot, value, confidence: 1 }));
}

function outcomeOf(given: Outcome | Json): Outcome {
  const isOutcome =
    typeof given === 'object' &&
    given !== null &&
    !Array.isArray(given) &&
    'ok' in given &&
    ('value' in given || 'error' in given);
  return isOutcome ? (given as Outcome) : { ok: true, value: given as Json };
}

/** A business's refusal. */
export const refusal = (error: string, retryable = false): Outcome => ({ ok: false, error, message: error, retryable });

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
