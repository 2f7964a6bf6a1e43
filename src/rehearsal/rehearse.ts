import type { Bot } from '../conversation/bot.ts';
import { freshState } from '../conversation/state.ts';
import { createTurn } from '../conversation/turn.ts';
import type { Call, Effect } from '../effect.ts';
import type { Event, Outcome } from '../event.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Form } from '../form.ts';
import type { Choice, Message } from '../message.ts';
import type { Scene, TakeTurn } from '../turn.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Command, Understanding } from '../understanding/understanding.ts';
import { differences, type Heard } from './expect.ts';
import { fillIn } from './fill-in.ts';
import { durationOf, type Script, type TurnSource } from './script.ts';

export interface Failure {
  readonly file: string;
  readonly line: number;
  readonly test: string;
  readonly message: string;
}

/** Abilities a rehearsal is given: fixtures are files, and it opens none itself. */
export interface Props {
  readonly bot: Bot;
  readonly fixture: (path: string, from: string) => Json;
  /** What the house itself answers, where a test has no stub for it; `undefined`: it is the business's. */
  readonly house?: (call: Call, now: number) => Outcome | undefined;
}

const CALLS_PER_TURN = 50;

/** Plays one test against the bot, on a clock of its own, with its stubs for the world. Pure: the same test gives the same result. */
export function rehearse(script: Script, props: Props): readonly Failure[] {
  const failures: Failure[] = [];
  const stage = new Rehearsal(script, props);
  for (const [index, turn] of script.test.turns.entries()) {
    const fail = (message: string) =>
      failures.push({ file: script.file, line: script.lines[index] ?? script.line, test: script.test.test, message });
    try {
      const heard = stage.play(turn);
      for (const difference of differences(turn.expect ?? {}, heard)) fail(difference);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
      break;
    }
  }
  return failures;
}

class Rehearsal {
  private readonly script: Script;
  private readonly props: Props;
  private readonly turn: TakeTurn;
  private readonly counts = new Map<string, number>();
  private state: JsonObject;
  private customer: JsonObject;
  private now: number;
  private wake: number | undefined;
  private messages: Message[] = [];
  private calls: Call[] = [];
  private understood: Command[] = [];
  private effects: Effect[] = [];
  private handoff: string | undefined;
  /** Calls that wait for their time. */
  private readonly later: { at: number; call: Call }[] = [];
  private offered: readonly Choice[] = [];
  private form: Form | undefined;

  constructor(script: Script, props: Props) {
    const { clock, given } = script.test;
    this.script = script;
    this.props = props;
    this.turn = createTurn({
      ...props.bot,
      // What a desk answers is none of the flow; a test that wants humans there says so.
      desk: given?.desk ?? false,
      understanding: this.overhear(props.bot.understanding),
    });
    this.now = clock === undefined ? Date.UTC(2026, 0, 1, 12) : Date.parse(clock);
    if (Number.isNaN(this.now)) throw new Error(`\`clock: ${clock}\` is not an instant such as 2026-11-21T10:00:00Z.`);
    this.customer = (given?.customer ?? {}) as JsonObject;
    const state = freshState(given?.locale ?? props.bot.locales[0] ?? 'en');
    const session = given?.session;
    if (session) {
      state.session = {
        ...(session.customer_id !== undefined && {
          customer: session.customer_id,
          at: this.now - durationOf(session.auth_age ?? '0s'),
        }),
        ...(session.blocked !== undefined && { blocked: session.blocked }),
      };
    }
    this.state = state as unknown as JsonObject;
  }

  private overhear(understanding: Understanding): Understanding {
    return {
      ...understanding,
      understand: (text, context) => {
        const commands = understanding.understand(text, context);
        this.understood.push(...commands);
        return commands;
      },
    };
  }

  play(source: TurnSource): Heard {
    this.understood = [];
    this.messages = [];
    this.calls = [];
    this.effects = [];
    if (source.advance !== undefined) this.advance(durationOf(source.advance));
    if (source.signal)
      this.take({ kind: 'signal', name: source.signal.event, data: (source.signal.data ?? {}) as JsonObject });
    if (source.schedule !== undefined) this.take(this.scheduled(source.schedule));
    if (source.returned !== undefined) this.take(this.decision(source.returned));
    const user = source.user === undefined ? [] : this.eventsOf(source.user);
    for (const event of user) this.take(event);
    return {
      state: this.state,
      messages: this.messages,
      calls: this.calls,
      effects: this.effects,
      bot: this.props.bot,
      customer: this.customer,
      commands: this.understood,
    };
  }

  /** One turn, with the answers of the world to what it calls. */
  private take(event: Event): void {
    const pending: Event[] = [event];
    for (let count = 0; pending.length > 0; count++) {
      if (count > CALLS_PER_TURN)
        throw new Error(`More than ${CALLS_PER_TURN} calls in one turn: does the flow go round in circles?`);
      const next = pending.shift();
      if (!next) return;
      const { state, effects } = this.turn(this.state, next, this.scene());
      this.state = JSON.parse(JSON.stringify(state)) as JsonObject;
      for (const effect of effects) {
        this.effects.push(effect);
        if (effect.kind === 'send') {
          this.messages.push(effect.message);
          this.offered = effect.message.choices ?? this.offered;
          this.form = effect.message.form ?? this.form;
        } else if (effect.kind === 'customer') this.customer = { ...this.customer, ...effect.set };
        else if (effect.kind === 'timer') this.wake = effect.at;
        else if (effect.kind === 'handoff') this.handoff = effect.id;
        else if (effect.kind === 'call') {
          this.calls.push(effect);
          if (effect.notBefore === undefined)
            pending.push({ kind: 'result', call: effect.id, outcome: this.answer(effect) });
          else this.later.push({ at: effect.notBefore, call: effect });
        }
      }
    }
  }

  /** Lets time pass: timers and delayed calls happen at their instants, in order. */
  private advance(by: number): void {
    const until = this.now + by;
    for (;;) {
      const call = this.later.toSorted((a, b) => a.at - b.at)[0];
      const next = Math.min(this.wake ?? Number.POSITIVE_INFINITY, call?.at ?? Number.POSITIVE_INFINITY);
      if (next > until) break;
      this.now = next;
      if (call && call.at === next) {
        this.later.splice(this.later.indexOf(call), 1);
        this.take({ kind: 'result', call: call.call.id, outcome: this.answer(call.call) });
      } else {
        this.wake = undefined;
        this.take({ kind: 'timer', id: 'wake' });
      }
    }
    this.now = until;
  }

  private scene(): Scene {
    const { given } = this.script.test;
    return {
      now: this.now,
      conversation: 'test',
      account: 'web',
      channel: given?.channel ?? 'web',
      locale: given?.locale ?? this.props.bot.locales[0] ?? 'en',
      customer: this.customer,
    };
  }

  private decision(outcome: string): Event {
    return outcome === 'approved' || outcome === 'declined'
      ? { kind: 'signal', name: 'handoff.decided', data: { handoff: this.handoff ?? '', outcome } }
      : { kind: 'returned', outcome };
  }

  private scheduled(flow: string): Event {
    const flows = [...this.props.bot.programs.values()].filter(({ header }) => header.schedule !== undefined);
    const names = flows.map((program) => program.flow);
    if (!names.includes(flow))
      throw new Error(
        `No scheduled flow is called \`${flow}\`. ${didYouMean(flow, names) ?? `There are: ${names.join(', ') || 'none'}.`}`,
      );
    return { kind: 'scheduled', flow, minute: Math.floor(this.now / 60_000) * 60_000 };
  }

  private answer(call: Call): Outcome {
    const name = stubName(call, this.script.test.stub);
    const stub = this.script.test.stub?.[name];
    const own = stub === undefined ? this.props.house?.(call, this.now) : undefined;
    if (own !== undefined) return own;
    if (stub === undefined) throw new Error(`The flow calls \`${call.action}\`, and the test has no \`stub\` for it.`);
    const count = this.counts.get(name) ?? 0;
    this.counts.set(name, count + 1);
    const outcome = this.outcomeOf(stub, count, call);
    return outcome.ok && call.action === ASK ? { ok: true, value: { values: outcome.value } } : outcome;
  }

  private outcomeOf(stub: unknown, count: number, call: Call): Outcome {
    if (typeof stub === 'string' && /\.(ya?ml|json)$/.test(stub))
      return { ok: true, value: this.props.fixture(stub, this.script.file) };
    if (typeof stub === 'object' && stub !== null && !Array.isArray(stub)) {
      const special = stub as {
        error?: unknown;
        retryable?: unknown;
        sequence?: unknown;
        with?: unknown;
        returns?: unknown;
      };
      const keys = Object.keys(stub);
      if (Array.isArray(special.sequence) && keys.length === 1)
        return this.outcomeOf(special.sequence[Math.min(count, special.sequence.length - 1)], 0, call);
      if (typeof special.error === 'string' && keys.every((key) => key === 'error' || key === 'retryable')) {
        return { ok: false, error: special.error, message: 'stubbed', retryable: special.retryable === true };
      }
      if ('returns' in special && keys.length === 1) return this.outcomeOf(special.returns, count, call);
    }
    return { ok: true, value: (stub ?? null) as Json };
  }

  private eventsOf(user: NonNullable<TurnSource['user']>): Event[] {
    if (typeof user === 'string') return [{ kind: 'message', text: user }];
    const events: Event[] = [];
    if (user.open) events.push({ kind: 'opened' });
    if (user.say !== undefined || user.send) {
      const attachments = (user.send ?? []).map((file, index) => ({
        id: `f${index}`,
        name: 'file',
        type: 'image/jpeg',
        size: 1,
        url: 'https://files.test/f',
        ...file,
      }));
      events.push({ kind: 'message', text: user.say ?? '', ...(attachments.length > 0 && { attachments }) });
    }
    if (user.tap !== undefined)
      events.push({
        kind: 'choice',
        token: [user.tap]
          .flat()
          .map((label) => this.tokenOf(label))
          .join(','),
      });
    if (user.form !== undefined) events.push(fillIn(this.form, user.form));
    const commands = commandsOf(user);
    if (commands.length > 0) events.push({ kind: 'commands', commands });
    return events;
  }

  /** The token behind a label that was offered last. */
  private tokenOf(label: string): string {
    const choice = this.offered.find((each) => each.label === label);
    if (!choice)
      throw new Error(
        `“${label}” is not on offer. Offered: ${this.offered.map((each) => `“${each.label}”`).join(', ') || 'nothing'}.`,
      );
    return choice.token;
  }
}

/** What a model is asked by the `llm` step. */
const ASK = 'model.ask';

/** What a test calls it: `llm.mood` for the step whose result is `mood`, `llm` for any; an action by its own name. */
function stubName({ action, args }: Call, stubs: Readonly<Record<string, unknown>> = {}): string {
  if (action !== ASK) return action;
  const own = `llm.${String(args.as ?? '')}`;
  return own in stubs ? own : 'llm';
}

function commandsOf(user: Exclude<NonNullable<TurnSource['user']>, string>): Command[] {
  const commands: Command[] = [];
  if (user.start !== undefined) commands.push({ do: 'start', flow: user.start, confidence: 1 });
  for (const [slot, value] of Object.entries(user.set ?? {}))
    commands.push({ do: 'set', slot, value: value as Json, confidence: 1 });
  for (const [slot, value] of Object.entries(user.correct ?? {})) {
    commands.push({ do: 'correct', slot, confidence: 1, ...(value !== null && { value: value as Json }) });
  }
  if (user.skip !== undefined) commands.push({ do: 'skip' });
  if (user.cancel) commands.push({ do: 'cancel' });
  if (user.human) commands.push({ do: 'human' });
  if (user.repeat) commands.push({ do: 'repeat' });
  if (user.chitchat !== undefined) commands.push({ do: 'chitchat', topic: user.chitchat });
  if (user.ask !== undefined) commands.push({ do: 'ask', query: user.ask });
  if (user.language !== undefined) commands.push({ do: 'language', locale: user.language });
  return commands;
}
