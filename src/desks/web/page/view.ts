import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useReducer, useState } from 'preact/hooks';
import type { Card } from '../protocol.ts';
import { plain } from './plain.ts';
import type { State, Store } from './store.ts';
import type { Language, Words } from './words.ts';

/** What every part of the page knows. */
export interface View {
  readonly store: Store;
  readonly state: State;
  readonly words: Words;
  readonly language: Language;
}

export const ViewContext = createContext<View | undefined>(undefined);

export function useView(): View {
  const view = useContext(ViewContext);
  if (view === undefined) throw new Error('outside of the page');
  return view;
}

export function useStore(store: Store): State {
  const [, again] = useReducer((count: number) => count + 1, 0);
  // Before anything else can happen: an answer that comes at once must not be missed.
  useLayoutEffect(() => store.watch(() => again(undefined as never)), [store]);
  return store.state;
}

/** A choice that the browser remembers. */
export function useKept<Value extends string>(
  name: string,
  first: Value,
  values: readonly Value[],
): readonly [Value, (value: Value) => void] {
  const key = `parley.desk.${name}`;
  const [value, setValue] = useState<Value>(() => values.find((one) => one === localStorage.getItem(key)) ?? first);
  return [
    value,
    (next) => {
      localStorage.setItem(key, next);
      setValue(next);
    },
  ];
}

export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
  return asked.startsWith('zh') ? 'zh' : 'en';
}

/** The house's time, which goes on by the second. */
export function useNow(): number {
  const { state } = useView();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, 0) + state.ahead;
}

/** How she is called at the desk. */
export function nameOf({ customer, number }: Card, words: Words): string {
  const { name, attributes } = customer;
  const told = attributes.name ?? name;
  return typeof told === 'string' && told !== '' ? plain(told) : `${words.customer} ${number}`;
}

/** What an agent is called, as customers read it. */
export function agentCalled(name: string | undefined, { world }: State): string {
  return plain(world?.agents.find((agent) => agent.name === name)?.shown ?? name ?? '');
}

/** `1:05`, `12 min`, `3 h`. */
export function timeIn(milliseconds: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const [value, unit] =
    seconds < 5_400
      ? [seconds / 60, 'minute']
      : seconds < 129_600
        ? [seconds / 3600, 'hour']
        : [seconds / 86_400, 'day'];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: 0,
  }).format(value);
}

export function clockTime(at: number, language: Language): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  const day = isToday ? {} : ({ day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(language, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}
