import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ChannelView, Deed, DeskView, MemberView } from '../../protocol.ts';
import { useView } from '../view.ts';
import { DESK_WORDS, type DeskWords } from './words.ts';

/** What every part of the workspace's window may use. */
export interface Desk {
  readonly view: DeskView;
  readonly channels: readonly ChannelView[];
  /** Who is looking. */
  readonly me: MemberView;
  readonly do: (deed: Deed) => void;
  readonly openThread: (channel: string, ts: string | undefined) => void;
}

/** The place where an agent sees what is hers. */
export const HOME = 'home';

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk & { readonly words: DeskWords; readonly language: 'en' | 'zh' } {
  const { language } = useView();
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error('A part of the workspace stands outside of it.');
  return { ...desk, words: DESK_WORDS[language], language };
}

/** Conversations that wait for an agent, by their cards. */
export function waitingIn(channels: readonly ChannelView[]) {
  return channels.flatMap(({ id, messages }) =>
    messages
      .filter(({ thread, stands }) => thread === undefined && (stands === 'queued' || stands === 'offered'))
      .map((card) => ({ channel: id, card })),
  );
}

/** `1700000000.000100` in epoch milliseconds. */
export function instantOf(ts: string): number {
  return Number(ts) * 1000;
}

export function timeOf(ts: string, language: string): string {
  return new Date(instantOf(ts)).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
}
