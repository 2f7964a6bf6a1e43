import { lookOf } from './looks.ts';
import type { State } from './store.ts';
import { type Language, WORDS } from './words.ts';

/** What she might say next: an answer to what is asked, or something to begin with. In her own language. */
export function suggest(kind: string, state: State): readonly string[] {
  const { who } = state.world ?? {};
  const me = state.people.find(({ email }) => email === who?.email);
  const language = languageOf(who?.locale);
  const { say } = WORDS[language];
  const { stop, begins = language } = lookOf(kind);
  const orders = (me?.orders ?? []).map(({ id }) => id);
  const [first] = orders;
  const begin = [
    ...(begins === language ? [] : [say.mine]),
    ...(first === undefined ? [] : [say.where(first)]),
    say.returning,
    say.charged,
    say.owe,
    say.human,
    ...(stop === undefined ? [] : [stop]),
  ];
  const at = state.traces[kind]?.at(-1)?.stack.at(-1);
  if (at === undefined) return begin;
  const asked = answers(at.step, {
    email: who?.email,
    code: freshCode(state),
    orders,
    yes: say.yes,
  });
  return [...asked, say.human, say.cancel];
}

/** A code is good once: one that stands on a screen already is not proposed again, while the next is still on its way. */
function freshCode({ mail, phones }: State): string | undefined {
  const newest = mail.find(({ code }) => code)?.code ?? undefined;
  const said = Object.values(phones).flatMap(({ screen }) => screen.flatMap(({ text }) => text.map((run) => run.text)));
  return newest !== undefined && said.includes(newest) ? undefined : newest;
}

/** A step bears the name of what it asks for. */
function answers(
  step: string,
  known: { email: string | undefined; code: string | undefined; orders: readonly string[]; yes: string },
): readonly string[] {
  const one = (value: string | undefined) => (value === undefined ? [] : [value]);
  if (/mail/.test(step)) return one(known.email);
  if (/code|otp/.test(step)) return one(known.code);
  if (/order/.test(step)) return known.orders;
  return /confirm/.test(step) ? [known.yes] : [];
}

function languageOf(locale = 'en'): Language {
  return locale.startsWith('zh') ? 'zh' : 'en';
}
