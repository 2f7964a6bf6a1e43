import type { Effect } from '../effect.ts';
import type { Engine, Entry, News } from '../engine/engine.ts';
import type { Event } from '../event.ts';
import type { Message } from '../message.ts';
import type { Witnessed } from '../turn.ts';
import type { Json, JsonObject } from '../type.ts';
import type { Command } from '../understanding/understanding.ts';
import type { TracedEffect, TracedTurn } from './protocol.ts';

/** Turns of a conversation, and conversations, that are remembered. */
const TURNS = 40;
const CONVERSATIONS = 200;
const HIDDEN = '•••';
/** Characters of a value on the page. */
const SHOWN = 160;

interface Conversation {
  readonly account: string;
  readonly turns: TracedTurn[];
  /** How many turns lay before each of them, and after it. */
  readonly counts: Map<TracedTurn, { readonly before: number; readonly after: number }>;
  unwatch: () => void;
}

/** What happened inside the conversations of late, turn by turn, with what became of what was said. */
export class Traces {
  readonly #conversations = new Map<string, Conversation>();
  readonly #changed: (conversation: string, account: string) => void;
  #engine: Engine | undefined;
  #turns = 0;

  /** @param changed told which conversation has gone on */
  constructor(changed: (conversation: string, account: string) => void) {
    this.#changed = changed;
  }

  /** From now on deliveries are known, too. */
  watch(engine: Engine): void {
    this.#engine = engine;
  }

  readonly witness = (seen: Witnessed): void => {
    const { conversation: id, account } = seen.scene;
    const conversation = this.#conversationOf(id, account);
    this.#turns += 1;
    append(conversation, traced(seen, this.#turns), { before: turnsOf(seen.before), after: turnsOf(seen.turn.state) });
    this.#changed(id, account);
  };

  of(conversation: string): readonly TracedTurn[] {
    return this.#conversations.get(conversation)?.turns ?? [];
  }

  /** The conversation of an account in which something happened last. */
  latest(account: string): string | undefined {
    return [...this.#conversations].findLast(([, each]) => each.account === account)?.[0];
  }

  end(): void {
    for (const { unwatch } of this.#conversations.values()) unwatch();
  }

  #conversationOf(id: string, account: string): Conversation {
    const known = this.#conversations.get(id);
    // The one that goes on is the youngest.
    this.#conversations.delete(id);
    const conversation = known ?? { account, turns: [], counts: new Map(), unwatch: this.#follow(id, account) };
    this.#conversations.set(id, conversation);
    const [oldest] = this.#conversations;
    if (this.#conversations.size > CONVERSATIONS && oldest !== undefined) {
      oldest[1].unwatch();
      this.#conversations.delete(oldest[0]);
    }
    return conversation;
  }

  /** Messages are numbered when they are committed, after their turn; from then on their fate is told by number. */
  #follow(id: string, account: string): () => void {
    const numbered = new Map<number, TracedEffect>();
    const number = ({ seq, from, message, status }: Entry) => {
      if (from === 'customer') return;
      const isIt = ({ kind, text, delivery }: TracedEffect) =>
        kind === 'send' && delivery === undefined && text === short(message.text);
      const turn = this.of(id).find(({ effects }) => effects.some(isIt));
      const effect = turn?.effects.find(isIt);
      if (turn === undefined || effect === undefined) return;
      turn.kept = true;
      effect.delivery = status;
      numbered.set(seq, effect);
    };
    const heard = (news: News) => {
      if (news.kind === 'entries') news.entries.forEach(number);
      else if (news.kind === 'status') {
        const effect = numbered.get(news.seq);
        if (effect !== undefined) effect.delivery = news.status;
      } else return;
      this.#changed(id, account);
    };
    return this.#engine?.watch(id, heard) ?? (() => undefined);
  }
}

/**
 * A turn that goes on from where another one had begun shows that the other was never kept: it was taken again (after a conflict, or to be
 * written down without its secrets), or a twin of its event had been quicker.
 */
function append({ turns, counts }: Conversation, turn: TracedTurn, count: { before: number; after: number }): void {
  for (const other of [...turns]) {
    const { before, after } = counts.get(other) ?? { before: 0, after: 0 };
    if (before < count.before) other.kept = true;
    else if (after > before) turns.splice(turns.indexOf(other), 1);
  }
  turns.push(turn);
  turns.splice(0, turns.length - TURNS);
  counts.set(turn, count);
  for (const known of counts.keys()) if (!turns.includes(known)) counts.delete(known);
}

function turnsOf(state: JsonObject | undefined): number {
  return typeof state?.turns === 'number' ? state.turns : 0;
}

function traced({ before, event, scene, understood, turn }: Witnessed, id: number): TracedTurn {
  const frames = framesOf(turn.state);
  const top = frames.at(-1);
  const old = framesOf(before).find((frame) => frame.id === top?.id);
  const isSecret = turn.redacted !== undefined;
  return {
    id,
    at: scene.now,
    event: event.kind,
    said: turn.redacted ?? saidBy(event),
    ...(understood === undefined
      ? {}
      : { understood: understood.map((command) => (isSecret ? hidden(command) : describeCommand(command))) }),
    stack: frames.map(({ flow, step }) => ({ flow, step })),
    slots: Object.entries(top?.slots ?? {}).map(([name, value]) => {
      const fresh = JSON.stringify(value) !== JSON.stringify(old?.slots[name]);
      return { name, value: fresh && isSecret ? HIDDEN : short(show(value)), fresh };
    }),
    effects: turn.effects.map((effect) => describeEffect(effect, scene.now)),
    // Of one that says nothing, nothing is heard: it is taken for kept until another goes on from the same place.
    kept: !turn.effects.some(({ kind }) => kind === 'send'),
  };
}

interface FrameView {
  readonly id: number;
  readonly flow: string;
  readonly step: string;
  readonly slots: Readonly<Record<string, Json>>;
}

function framesOf(state: JsonObject | undefined): readonly FrameView[] {
  // Conversations write their state in this shape (conversation/state.ts).
  return (state?.frames ?? []) as unknown as readonly FrameView[];
}

function saidBy(event: Event): string {
  switch (event.kind) {
    case 'message':
      return short([event.text, ...(event.attachments ?? []).map(({ name }) => `[${name}]`)].join(' ').trim());
    case 'choice':
      return event.label ?? event.token;
    case 'form':
      return short(
        Object.entries(event.values ?? {})
          .map(([name, value]) => `${name}: ${value}`)
          .join(', '),
      );
    case 'opened':
      return event.payload ?? event.locale ?? '';
    case 'timer':
      return event.id;
    case 'scheduled':
      return event.flow;
    case 'result':
      return event.outcome.ok ? short(show(event.outcome.value)) : event.outcome.error;
    case 'signal':
      return `${event.name} ${short(show(event.data))}`;
    case 'agent':
      return short(event.text);
    case 'returned':
      return event.outcome;
    case 'identified':
      return event.customer;
    case 'commands':
      return event.commands.map(describeCommand).join(', ');
    case 'leaving':
      return event.to.account;
    case 'undelivered':
      return event.to.account;
    case 'continued':
    case 'redirected':
      return event.from.account;
    case 'notice':
      return event.text;
    case 'unreachable':
      return event.signal;
    case 'desk':
      return describeHappening(event.happening);
    default:
      return short(JSON.stringify(event));
  }
}

/** By whom, what, and with which words. */
function describeHappening({ on, agent, to, text, note, outcome }: JsonObject): string {
  return short(
    [agent, on, to, text, note, outcome].flatMap((part) => (typeof part === 'string' ? part : [])).join(' · '),
  );
}

/** What the transcript may not keep is not shown here either. */
function hidden(command: Command): string {
  return 'slot' in command ? `${command.do} ${command.slot} = ${HIDDEN}` : command.do;
}

function describeCommand(command: Command): string {
  const { do: move, ...rest } = command;
  const sure = 'confidence' in rest && rest.confidence < 1 ? ` (${Math.round(rest.confidence * 100)} %)` : '';
  switch (command.do) {
    case 'start':
      return `start ${command.flow}${sure}`;
    case 'set':
    case 'correct':
      return `${move} ${command.slot} = ${short(show(command.value ?? null))}${sure}`;
    case 'clarify':
      return `clarify ${command.flows.join(', ')}`;
    case 'chitchat':
      return `chitchat ${command.topic}`;
    case 'ask':
      return `ask ${command.query}`;
    case 'language':
      return `language ${command.locale}`;
    default:
      return move;
  }
}

function describeEffect(effect: Effect, now: number): TracedEffect {
  switch (effect.kind) {
    case 'send':
      return { kind: 'send', text: short(saidIn(effect.message)) };
    case 'call':
      return { kind: effect.effect, text: `${effect.action} ${short(show(effect.args))}` };
    case 'timer':
      return { kind: 'timer', text: after(effect.at - now) };
    case 'listen':
      return { kind: 'listen', text: `${effect.event} ${short(show(effect.match))}` };
    case 'handoff':
      return { kind: 'handoff', text: `${effect.mode} → ${effect.queue}: ${effect.reason}` };
    case 'record':
      return { kind: 'record', text: `${effect.name} ${short(show(effect.data))}` };
    case 'customer':
      return { kind: 'customer', text: short(show(effect.set)) };
    case 'consent':
      return { kind: 'consent', text: short(show(effect.ruling)) };
    case 'identify':
      return { kind: 'identify', text: effect.customer };
    case 'hand_on':
      return { kind: 'hand_on', text: `${effect.to.account}: ${effect.event.kind}` };
    case 'desk':
      return { kind: 'desk', text: effect.lines.map(({ on }) => String(on)).join(', ') };
    case 'draft':
      return { kind: 'draft', text: `${effect.how}: ${short(effect.draft.text)}` };
    case 'cancel_timer':
    case 'unlisten':
      return { kind: effect.kind, text: effect.id };
  }
}

/** `+30 min`: the same in every language. */
function after(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 120 ? `+${minutes} min` : `+${Math.round(minutes / 60)} h`;
}

/** Of what stands in words, the words; of what only shows something, its name. */
function saidIn({ text, card, carousel = [], image, file }: Message): string {
  const shown = [card?.title, ...carousel.map(({ title }) => title), image?.alt, file?.name];
  return text.trim() === '' ? shown.filter((name) => name !== undefined).join(', ') : text;
}

/** For somebody who reads: `id: CN200001, status: shipped`. */
function show(value: Json): string {
  if (value === null) return '–';
  if (Array.isArray(value)) return value.map(show).join(' · ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, each]) => `${name}: ${show(each)}`)
    .join(', ');
}

function short(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
