import type { DeskStand, Effect } from '../../../src/effect.ts';
import type { Event } from '../../../src/event.ts';
import { DECIDED } from '../../../src/handoff/asking.ts';
import { BOT, botSpeaks, type Control, type Happening } from '../../../src/handoff/control.ts';
import { fenced } from '../../../src/handoff/fence.ts';
import { PLAIN_QUEUE, type Policy } from '../../../src/handoff/policy.ts';
import { DESK_TIMER } from '../../../src/handoff/shift.ts';
import { withDesk } from '../../../src/handoff/with-desk.ts';
import type { Message } from '../../../src/message.ts';
import type { TakeTurn } from '../../../src/turn.ts';
import type { JsonObject } from '../../../src/type.ts';

export const AGENTS = ['mia', 'tom'] as const;
export const MINUTE = 60_000;
export const WRAP_UP = 1 * MINUTE;
export const MAX_WAIT = 5;
export const PROMISED = { first_reply: 2, next_reply: 3, resolution: 60 } as const;
export const OFFER = 45_000;
/** Milliseconds in which an agent may take back what she has said. */
export const UNDO = 10_000;
export const REOPEN = 24 * 60 * MINUTE;

const day = [[9 * 60, 17 * 60]] as const;

export const policy: Policy = {
  queues: {
    support: {
      ...PLAIN_QUEUE,
      hours: { zone: 'UTC', week: [day, day, day, day, day, [], []], holidays: { '2026-11-25': [] } },
      maxWait: MAX_WAIT * MINUTE,
      sla: Object.fromEntries(Object.entries(PROMISED).map(([clock, minutes]) => [clock, minutes * MINUTE])),
    },
  },
  agents: AGENTS.map((name) => ({ name, queues: ['support'], skills: [], capacity: 3, accounts: {} })),
  misses: 2,
  reopen: REOPEN,
  undo: UNDO,
};

/** A bot that echoes, hands off when it hears `human`, and asks humans to decide when it hears `approve`. */
const echoing: TakeTurn = (state, event) => {
  const { human, ...own } = state ?? {};
  const said = (text: string, more: readonly Effect[] = [], over: JsonObject = {}) => ({
    state: { ...own, begun: true, ...over },
    effects: [...more, { kind: 'send', from: 'bot', message: { text } } as const],
  });
  if (event.kind === 'returned') return said('back');
  if (event.kind === 'signal') {
    const { handoff = '' } = event.data;
    const decided: Effect[] = handoff === '' ? [] : [{ kind: 'record', name: 'decided', data: { handoff } }];
    return said('news', decided, human === true ? { human } : {});
  }
  if (event.kind !== 'message' || human === true) return { state: state ?? {}, effects: [] };
  if (event.text === 'approve') return asking(own, said);
  if (event.text !== 'human') return said(`echo ${event.text}`);
  const task = {
    kind: 'handoff',
    id: 'h',
    mode: 'transfer',
    queue: 'support',
    priority: 'normal',
    reason: 'asked',
  } as const;
  return said('passing you on', [{ ...task, attach: {} }], { human: true });
};

/** The flow listens for the decision, as flows do. */
function asking(
  own: JsonObject,
  said: (text: string, more: readonly Effect[], over: JsonObject) => ReturnType<TakeTurn>,
) {
  const count = Number(own.count ?? 0) + 1;
  const id = `t${count}`;
  const task = { id, mode: 'approval', queue: 'support', priority: 'normal', reason: 'dear', attach: {} } as const;
  const listen = { kind: 'listen', id, event: DECIDED, match: { handoff: id } } as const;
  return said('a colleague decides', [{ kind: 'handoff', ...task }, listen], { count });
}

const take = withDesk(echoing, { policy, zone: 'UTC', busy: () => false });

interface Waiting {
  readonly from: 'bot' | 'system' | 'agent';
  readonly message: Message;
  readonly epochThen: number;
}

/** One conversation with all that the engine does for it: dedupe, a timer row, an outbox that is slower than everything else. */
export class ConversationWorld {
  now: number;
  state: JsonObject | undefined;
  readonly verdicts: { clock: string; met: boolean }[] = [];
  /** What has reached the customer, with who might speak at that instant. */
  readonly delivered: { from: string; agent: string | undefined; epoch: number; said: number }[] = [];
  /** What the bot said in a turn after which it had no say. */
  readonly spokenOver: string[] = [];
  /** Whose words were let out to her, and which. */
  readonly spoken: string[] = [];
  /** What the flows have heard to be decided. */
  readonly decisions: string[] = [];
  stand: DeskStand | undefined;
  lines: JsonObject[] = [];
  #outbox: Waiting[] = [];
  #timer: number | undefined;
  readonly #seen = new Set<string>();
  #count = 0;
  #last: { event: Event; key: string } | undefined;

  constructor(now: number) {
    this.now = now;
  }

  get control(): Control | undefined {
    return (this.state?.desk as unknown as { control: Control } | undefined)?.control;
  }

  write(text: string): void {
    this.happen({ kind: 'message', text });
  }

  do(happening: Happening, command = `c${++this.#count}`): void {
    this.happen({ kind: 'desk', happening: happening as unknown as JsonObject, command });
  }

  happen(event: Event, key = `k${++this.#count}`): void {
    this.#last = { event, key };
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#turn(event);
  }

  /** A platform, or a desk, delivers the last thing once more. */
  repeat(): void {
    if (this.#last !== undefined) this.happen(this.#last.event, this.#last.key);
  }

  /** @param late the timers do not ring, as if the process had been down: the next event finds them overdue */
  pass(milliseconds: number, late: boolean): void {
    const until = this.now + milliseconds;
    while (!late && this.#timer !== undefined && this.#timer <= until) {
      this.now = Math.max(this.now, this.#timer);
      this.ring();
    }
    this.now = until;
  }

  /** Whatever is overdue. */
  ring(): void {
    while (this.#timer !== undefined && this.#timer <= this.now) {
      this.#timer = undefined;
      this.#turn({ kind: 'timer', id: DESK_TIMER });
    }
  }

  /** The outbox says the next thing, unless it is not to be said any more. */
  deliver(): void {
    const next = this.#outbox.shift();
    const epoch = this.control?.epoch ?? 0;
    if (next === undefined || fenced(epoch, next.message) !== undefined) return;
    this.delivered.push({ from: next.from, agent: next.message.agent, epoch, said: next.epochThen });
  }

  #turn(event: Event): void {
    const scene = { now: this.now, conversation: 'c', account: 'web', channel: 'web', locale: 'en', customer: {} };
    const turn = take(this.state, event, scene);
    // What is not plain JSON would be lost by a restart.
    this.state = JSON.parse(JSON.stringify(turn.state)) as JsonObject;
    for (const effect of turn.effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    if (effect.kind === 'send' && effect.from === 'agent')
      this.spoken.push(`${effect.message.agent}: ${effect.message.text}`);
    if (effect.kind === 'send' && effect.from === 'bot' && !botSpeaks(this.control ?? BOT))
      this.spokenOver.push(effect.message.text);
    if (effect.kind === 'send')
      this.#outbox.push({ from: effect.from, message: effect.message, epochThen: this.control?.epoch ?? 0 });
    if (effect.kind === 'timer' && effect.id === DESK_TIMER) this.#timer = effect.at;
    if (effect.kind === 'cancel_timer' && effect.id === DESK_TIMER) this.#timer = undefined;
    if (effect.kind === 'desk') {
      this.stand = effect.stand;
      this.lines.push(...effect.lines);
    }
    if (effect.kind === 'record' && effect.name === 'decided') this.decisions.push(String(effect.data.handoff));
    if (effect.kind === 'record' && effect.name.startsWith('sla.'))
      this.verdicts.push({ clock: String(effect.data.clock), met: effect.name === 'sla.met' });
  }
}
