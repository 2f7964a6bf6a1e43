import type { Log } from '../log.ts';
import { maskSensitive } from '../privacy/masking.ts';
import type { Store, StoredEntry } from '../store/store.ts';
import type { JsonObject } from '../type.ts';
import type { Desk, Translation } from './desk.ts';
import { type Facts, localeOf, postOf } from './shown.ts';
import { writesOtherwise } from './translation.ts';

type Reading = Pick<Store, 'find' | 'transcript'>;

/** Somewhere a line was just shown. */
interface ShownAt {
  readonly desk: Desk;
  readonly place: string;
  readonly conversation: string;
}

/** Stands between agents and a customer who writes another language than theirs. */
export interface Interpreter {
  /** Shows a line once more, with its translation, when there is one. Holds nobody up, and never fails. */
  beside(shown: ShownAt, entry: StoredEntry): void;
  /** What an agent means to say, in the customer's language; `undefined`: it is hers, or nothing came of it. */
  reply(conversation: string, text: string): Promise<Translation | undefined>;
  /** Resolves when nothing is under way any more; what was, is broken off. */
  stop(): Promise<void>;
}

/** `undefined`: nothing here translates. */
export function openInterpreter(store: Reading, facts: Facts, log: Log): Interpreter | undefined {
  const { translate, language = 'en' } = facts;
  if (translate === undefined) return undefined;
  const underWay = new Set<Promise<void>>();
  const ending = new AbortController();
  const { signal } = ending;

  async function show({ desk, place, conversation }: ShownAt, { seq, message: { text } }: StoredEntry): Promise<void> {
    try {
      const asked = await askedOf(store, conversation);
      if (asked === undefined || !writesOtherwise(asked.locale, language)) return;
      // As every desk shows it: what need not be seen here need not be read elsewhere.
      const given = maskSensitive(text);
      const translated = await translate?.({ ...asked, text: given, to: language, signal });
      // A word that is the same in both languages is not told twice.
      if (translated === undefined || translated === given || signal.aborted) return;
      const [now] = await store.transcript(conversation, seq - 1, 1);
      // Meanwhile it may have been changed, or erased.
      if (now?.seq !== seq || now.message.text !== text) return;
      const translation = { locale: language, text: maskSensitive(translated) };
      await desk.post(place, { ...postOf(now, facts.publicUrl), translation });
    } catch (error) {
      log.warn('desk.untranslated', { error, kind: desk.kind });
    }
  }

  return {
    beside(shown, entry) {
      if (signal.aborted || underWay.size >= MOST || !isTranslated(entry)) return;
      const work = show(shown, entry).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async reply(conversation, text) {
      const asked = await askedOf(store, conversation);
      if (asked === undefined || signal.aborted || !writesOtherwise(asked.locale, language)) return undefined;
      const { locale } = asked;
      const translated = await translate({ ...asked, text, to: locale, signal });
      return translated === undefined ? undefined : { locale, text: translated };
    },
    async stop() {
      ending.abort();
      await Promise.all(underWay);
    },
  };
}

/** Agents wrote theirs, or have accepted it; what the house says it says in the desk's language. */
function isTranslated({ from, message }: StoredEntry): boolean {
  return (from === 'customer' || from === 'bot') && /\p{L}/u.test(message.text);
}

async function askedOf(store: Reading, conversation: string) {
  const found = await store.find(conversation);
  if (found === undefined) return undefined;
  const { name, attributes = {} } = found.customer ?? {};
  return {
    ...{ conversation, locale: localeOf(JSON.parse(found.state ?? '{}') as JsonObject, found) },
    attributes: name === undefined ? attributes : { name, ...attributes },
  };
}

/** At once. When a desk is back after an hour, what is beyond is shown as it was written. */
const MOST = 32;
