import type { Event } from '../event.ts';
import type { Stage } from './stage.ts';

/** Letters that tell a language: of an alphabet, a name or two may be. */
const ENOUGH = { Hani: 2, other: 4 } as const;

/**
 * She may begin in another language than she was greeted in: some platforms tell none, and a phone may be set to another. With nothing
 * under way, words in the letters of another of the bot's languages are a wish for it, and so are words of another one in the same letters;
 * in the middle of something they may be a name, a product, an address.
 */
export function followLanguage({ state, bot }: Stage, event: Event): void {
  if (event.kind !== 'message' || event.code !== undefined || state.frames.length > 0 || state.human) return;
  const spoken =
    languageIn(event.text, state.locale, bot.locales) ??
    bot.understanding.spokenIn?.(event.text, state.locale, bot.locales);
  if (spoken !== undefined) state.locale = spoken;
}

function languageIn(text: string, present: string, locales: readonly string[]): string | undefined {
  if (/@|:\/\//.test(text) || lettersOf(present, text) > 0) return undefined;
  return locales.find(
    (locale) => lettersOf(locale, text) >= (scriptOf(locale) === 'Hani' ? ENOUGH.Hani : ENOUGH.other),
  );
}

const letters = new Map<string, RegExp>();

function lettersOf(locale: string, text: string): number {
  const own = letters.get(locale) ?? new RegExp(`\\p{sc=${scriptOf(locale)}}`, 'gu');
  letters.set(locale, own);
  return text.match(own)?.length ?? 0;
}

/** What its words are mostly written in, by the name that Unicode has for it: `Latn`, `Hani`, `Cyrl`. */
function scriptOf(locale: string): string {
  const { script = 'Latn' } = new Intl.Locale(locale).maximize();
  return MIXED[script] ?? script;
}

/** ISO 15924 names writing systems, some of them of several scripts. */
const MIXED: Readonly<Record<string, string>> = { Hans: 'Hani', Hant: 'Hani', Jpan: 'Hira', Kore: 'Hang' };
