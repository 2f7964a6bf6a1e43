import type { Effect } from '../effect.ts';
import type { Consent, Event } from '../event.ts';
import type { Message } from '../message.ts';
import type { Scene, TakeTurn, Turn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import { type Owed, owedText } from './words.ts';

/**
 * What holds at an address about being written to: what the customer has ruled, and whether she can be reached at all. It stands in
 * the conversation's state, which no flow can see or touch, and is kept beyond it by a `consent` effect of the turn that changed it.
 */
interface Ledger {
  /** Since when she has opted out (epoch milliseconds). */
  readonly out?: number;
  /** The platform has heard it, too, and answers when she comes back. */
  readonly platform?: boolean;
  /** Since when the platform lets us reach her no more: she has blocked us, left, or is gone. Until she writes again. */
  readonly blocked?: number;
}

/** What an event does to the ledger, what the law owes her for it, and whether a turn is taken: not at all, in silence, or aloud. */
interface Ruling {
  readonly ledger: Ledger;
  readonly owed?: Owed;
  readonly turn: 'none' | 'silent' | 'aloud';
}

/**
 * Conversations that obey STOP, START and HELP before they take a turn. Who has opted out is answered once and then told nothing:
 * what she writes is kept and not turned, and what the world does meanwhile moves her flows on in silence, and begins none. So it does for who has
 * blocked us (the signals `channel.blocked` and `channel.unblocked`, of the platform or of a send that it refused), until she writes.
 * @param name the business, as it signs
 */
export function withConsent(take: TakeTurn, name: string): TakeTurn {
  return (state, event, scene) => {
    const { consent = {}, ...own } = state ?? { consent: scene.ruling ?? {} };
    const before = consent as Ledger;
    // A notice may have come before she said anything: then there is a state, and nothing of the conversation's in it.
    const inner = Object.keys(own).length === 0 ? undefined : own;
    if (isEmpty(before) && wordOf(event) === undefined && !isNotice(event)) return take(inner, event, scene);
    const { ledger, owed, turn } = rule(before, event, scene.now);
    const isTaken = turn !== 'none' && !(isNotice(event) && inner === undefined);
    const taken = isTaken ? take(inner, event, turn === 'silent' ? { ...scene, unheard: true } : scene) : stay(own);
    return {
      ...taken,
      state: { ...taken.state, ...(isEmpty(ledger) ? {} : { consent: { ...ledger } }) },
      effects: [
        ...changes(before, ledger),
        ...(owed === undefined ? [] : [say(owedText(owed, localeOf(event, own, scene), name))]),
        ...(turn === 'silent' ? silenced(taken.effects) : taken.effects),
      ],
    };
  };
}

/**
 * For the engine, before every send: what was said before she opted out or blocked us, and is not sent yet, must not reach her either.
 * @param ruling what is on disk of her
 * @param open what is still open in her inbox
 * @returns why she is not to be told this, as a code; `undefined`: she may be
 */
export function silences(ruling: JsonObject | undefined, open: readonly Event[], message: Message): string | undefined {
  if (message.owed) return undefined;
  const ledger = open.reduce((so: Ledger, event) => rule(so, event, 0).ledger, (ruling ?? {}) as Ledger);
  if (isOut(ledger)) return 'channel.opted_out';
  return ledger.blocked === undefined ? undefined : 'channel.blocked';
}

function rule(before: Ledger, event: Event, now: number): Ruling {
  switch (event.kind === 'signal' ? event.name : '') {
    case 'channel.opted_out':
      return { ledger: { ...before, out: before.out ?? now, platform: true }, turn: 'silent' };
    case 'channel.blocked':
      return { ledger: { ...before, blocked: before.blocked ?? now }, turn: 'silent' };
    case 'channel.unblocked':
      return listening(reached(before), event);
    default:
      return listening(reaches(event) ? reached(before) : before, event, now);
  }
}

/** What her words do, where the platform lets us reach her or not. */
function listening(ledger: Ledger, event: Event, now = 0): Ruling {
  const word = wordOf(event);
  if (word?.word === 'help') return answered(ledger, word, 'help');
  if (isOut(ledger)) {
    if (comesBack(word))
      return ledger.platform ? answered({}, word, 'started') : { ...NOT, ledger: {}, owed: 'started' };
    if (word?.word === 'stop') return { ...NOT, ledger: word.answered ? { ...ledger, platform: true } : ledger };
    return { ledger, turn: isHers(event) ? 'none' : 'silent' };
  }
  if (word?.word === 'stop') return answered({ ...ledger, out: now, platform: word.answered }, word, 'stopped');
  return { ledger, turn: ledger.blocked === undefined ? 'aloud' : 'silent' };
}

const NOT = { turn: 'none' } as const;

/** The platform's answer is answer enough: she must not be answered twice. */
function answered(ledger: Ledger, word: Consent | undefined, owed: Owed): Ruling {
  return word?.answered ? { ...NOT, ledger } : { ...NOT, ledger, owed };
}

function reached({ blocked: _, ...ledger }: Ledger): Ledger {
  return ledger;
}

function comesBack(word: Consent | undefined): boolean {
  return word?.word === 'start' || word?.word === 'yes';
}

function isOut(ledger: Ledger): boolean {
  return ledger.out !== undefined;
}

function isEmpty(ledger: Ledger): boolean {
  return ledger.out === undefined && ledger.blocked === undefined;
}

function wordOf(event: Event): Consent | undefined {
  return event.kind === 'message' ? event.consent : undefined;
}

function isHers({ kind }: Event): boolean {
  return kind === 'message' || kind === 'choice' || kind === 'form' || kind === 'opened';
}

/** Does it show that the platform lets us reach her? She has brought a code here. */
function reaches(event: Event): boolean {
  return isHers(event) || event.kind === 'continued';
}

/** The platform, or a send that it refused, tells whether she can be written to. */
function isNotice(event: Event): boolean {
  return event.kind === 'signal' && /^channel\.(blocked|unblocked|opted_out)$/.test(event.name);
}

function stay(state: JsonObject): Turn {
  return { state, effects: [] };
}

function changes(before: Ledger, after: Ledger): Effect[] {
  const facts = [
    ...(isOut(before) === isOut(after) ? [] : [record(isOut(after) ? 'consent.stopped' : 'consent.started')]),
    ...((before.blocked === undefined) === (after.blocked === undefined)
      ? []
      : [record(after.blocked === undefined ? 'consent.unblocked' : 'consent.blocked')]),
  ];
  if (facts.length === 0 && before.platform === after.platform) return [];
  return [{ kind: 'consent', ruling: isEmpty(after) ? null : { ...after } }, ...facts];
}

function silenced(effects: readonly Effect[]): readonly Effect[] {
  const kept = effects.filter(({ kind }) => kind !== 'send');
  const unsaid = effects.length - kept.length;
  return unsaid === 0 ? effects : [...kept, record('consent.silenced', { messages: unsaid })];
}

function say(text: string): Effect {
  return { kind: 'send', from: 'system', message: { text, owed: true } };
}

function record(name: string, data: JsonObject = {}): Effect {
  return { kind: 'record', name, data };
}

/** Of the word she used, or else of her conversation. */
function localeOf(event: Event, { locale }: JsonObject, scene: Scene): string {
  return wordOf(event)?.locale ?? (typeof locale === 'string' ? locale : scene.locale);
}
