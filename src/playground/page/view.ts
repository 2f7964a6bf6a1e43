import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Act } from '../protocol.ts';
import type { State, Store } from './store.ts';
import type { Language, Words } from './words.ts';

/** What every part of the page may use. */
export interface View {
  readonly state: State;
  readonly act: (act: Act) => void;
  readonly words: Words;
  readonly language: Language;
}

export const ViewContext = createContext<View | undefined>(undefined);

export function useView(): View {
  const view = useContext(ViewContext);
  if (view === undefined) throw new Error('A part of the page stands outside of it.');
  return view;
}

/** Draws again after every change. */
export function useStore(store: Store): State {
  const [state, set] = useState(store.state);
  useEffect(() => store.watch(() => set(store.state)), [store]);
  return state;
}

/** A choice that this browser remembers. */
export function useKept<T extends string>(name: string, first: T): [T, (value: T) => void] {
  const key = `parley-playground-${name}`;
  const [value, set] = useState(() => (localStorage.getItem(key) as T | null) ?? first);
  return [
    value,
    (next) => {
      localStorage.setItem(key, next);
      set(next);
    },
  ];
}

export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
  return asked.startsWith('zh') ? 'zh' : 'en';
}
