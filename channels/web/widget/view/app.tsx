import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chat } from '../chat.ts';
import type { Memory } from '../storage.ts';
import { directionOf, type Words } from '../words.ts';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';

interface AppProps {
  readonly chat: Chat;
  readonly memory: Memory;
  readonly words: Words;
  readonly locale: string;
  readonly open: boolean;
  /** The assistant's name; absent: the widget's own word for it. */
  readonly name: string | undefined;
  /** What the launcher says to somebody who has not opened it yet. */
  readonly greeting: string | undefined;
  /** Was the focus on the launcher that the loader had drawn? */
  readonly focused: boolean;
  setOpen(open: boolean): void;
  speak(locale: string): void;
}

/** A greeting that was overlooked this often is not wanted. */
const GREETINGS = 3;

/** The round button in the corner and what it opens. */
export function App({ chat, memory, words, locale, open, name, greeting, focused, setOpen, speak }: AppProps) {
  const [state, setState] = useState(chat.state);
  const [greeted, setGreeted] = useState(() => Number(memory.get('greeted') ?? 0));
  const launcher = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  const assistant = name ?? words.bot;

  useLayoutEffect(() => chat.subscribe(() => setState(chat.state)), [chat]);
  useEffect(() => {
    if (greeting && !open && greeted < GREETINGS) memory.set('greeted', String(greeted + 1));
    if (focused && !open) launcher.current?.focus();
  }, []);
  useEffect(() => {
    if (open) chat.start();
    else if (wasOpen.current) launcher.current?.focus();
    wasOpen.current = open;
  }, [open, chat]);

  const unread = state.unread > 0 ? words.unread.replace('{n}', String(state.unread)) : '';
  return (
    <div class={`root ${open ? 'open' : ''}`} lang={locale} dir={directionOf(locale)}>
      {open && (
        <Panel
          chat={chat}
          state={state}
          words={words}
          locale={locale}
          assistant={assistant}
          speak={speak}
          close={() => setOpen(false)}
        />
      )}
      {greeting && !open && greeted < GREETINGS && !chat.known && (
        <div class="greeting">
          <button type="button" class="say" dir="auto" onClick={() => setOpen(true)}>
            {greeting}
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={words.remove}
            onClick={() => {
              memory.set('greeted', String(GREETINGS));
              setGreeted(GREETINGS);
            }}
          >
            <Icon name="cross" />
          </button>
        </div>
      )}
      <button
        ref={launcher}
        type="button"
        class="launcher"
        aria-label={[open ? words.close : words.open, unread].filter(Boolean).join(', ')}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'close' : 'chat'} />
        {unread && !open && <span class="badge">{state.unread > 9 ? '9+' : state.unread}</span>}
      </button>
      <span class="hidden" role="status">
        {open ? '' : unread}
      </span>
    </div>
  );
}
