import type { Effect } from '../effect.ts';
import type { Consent, Event } from '../event.ts';
import type { Message } from '../message.ts';
import type { TakeTurn, Turn } from '../turn.ts';
import type { JsonObject } from '../type.ts';
import { type Owed, owedText } from './words.ts';

/**
 * What a customer has ruled about being written to. A conversation is an account and an address, so its state is the ledger: it is
 * committed together with the word that changed it, and no flow can see or touch it.
 */
interface Ledger {
  /** Since when she has opted out (epoch milliseconds). */
  readonly out?: number;
  /** The platform has heard it, too, and answers when she comes back. */
  readonly platform?: boolean;
}

/**
 * Conversations that obey STOP, START and HELP before they take a turn. Who has opted out is answered once and then told nothing:
 * what she writes is kept and not turned, and what the world does meanwhile moves her flows on in silence.
 * @param name the business, as it signs
 */
export function withConsent(take: TakeTurn, name: string): TakeTurn {
  return (state, event, scene) => {
    const word = wordOf(event);
    if (word === undefined && state?.consent === undefined) return take(state, event, scene);
    const { consent, ...own } = state ?? {};
    const ledger = (consent ?? {}) as Ledger;
    const inner = Object.keys(own).length === 0 ? undefined : own;
    const rule = (kept: Ledger, owed?: Owed): Turn => ({
      state: { ...own, ...(isOut(kept) ? { consent: { ...kept } } : {}) },
      effects: [
        ...(isOut(kept) === isOut(ledger) ? [] : [record(isOut(kept) ? 'consent.stopped' : 'consent.started')]),
        ...(owed === undefined ? [] : [say(owedText(owed, localeOf(word, own, scene.locale), name))]),
      ],
    });

    if (word?.word === 'help') return rule(ledger, word.answered ? undefined : 'help');
    if (isOut(ledger)) {
      if (comesBack(word)) return rule({}, word?.answered && ledger.platform ? undefined : 'started');
      if (word?.word === 'stop') return rule(word.answered ? { ...ledger, platform: true } : ledger);
      return isHers(event) ? rule(ledger) : silenced(take(inner, event, scene), ledger);
    }
    if (word?.word === 'stop')
      return rule({ out: scene.now, platform: word.answered }, word.answered ? undefined : 'stopped');
    return take(inner, event, scene);
  };
}

/** For the engine, before every send: what was said before she opted out, and not sent yet, must not reach her either. */
export function silences(state: JsonObject | undefined, open: readonly Event[], message: Message): boolean {
  if (message.owed) return false;
  return open.reduce((out, event) => outAfter(out, wordOf(event)), isOut((state?.consent ?? {}) as Ledger));
}

function outAfter(out: boolean, word: Consent | undefined): boolean {
  return word?.word === 'stop' || (out && !comesBack(word));
}

function comesBack(word: Consent | undefined): boolean {
  return word?.word === 'start' || word?.word === 'yes';
}

function isOut(ledger: Ledger): boolean {
  return ledger.out !== undefined;
}

function wordOf(event: Event): Consent | undefined {
  return event.kind === 'message' ? event.consent : undefined;
}

function isHers({ kind }: Event): boolean {
  return kind === 'message' || kind === 'choice' || kind === 'opened';
}

function silenced(turn: Turn, ledger: Ledger): Turn {
  const effects = turn.effects.filter(({ kind }) => kind !== 'send');
  const unsaid = turn.effects.length - effects.length;
  return {
    ...turn,
    state: { ...turn.state, consent: { ...ledger } },
    effects: unsaid === 0 ? effects : [...effects, record('consent.silenced', { messages: unsaid })],
  };
}

function say(text: string): Effect {
  return { kind: 'send', from: 'system', message: { text, owed: true } };
}

function record(name: string, data: JsonObject = {}): Effect {
  return { kind: 'record', name, data };
}

/** Of the word she used, or else of her conversation. */
function localeOf(word: Consent | undefined, { locale }: JsonObject, began: string): string {
  return word?.locale ?? (typeof locale === 'string' ? locale : began);
}
