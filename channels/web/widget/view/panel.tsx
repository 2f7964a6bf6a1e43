import { useEffect, useRef, useState } from 'preact/hooks';
import type { Chat, ChatState } from '../chat.ts';
import { openChoices } from '../timeline.ts';
import { download, transcript } from '../transcript.ts';
import type { Words } from '../words.ts';
import { Composer } from './composer.tsx';
import { Icon } from './icon.tsx';
import { Log } from './log.tsx';
import { Menu } from './menu.tsx';
import { useUploads } from './uploads.ts';

interface PanelProps {
  readonly chat: Chat;
  readonly state: ChatState;
  readonly words: Words;
  readonly locale: string;
  readonly assistant: string;
  speak(locale: string): void;
  close(): void;
}

/** The open chat: who one talks to, what was said, where to write. */
export function Panel({ chat, state, words, locale, assistant, speak, close }: PanelProps) {
  const box = useRef<HTMLElement>(null);
  const [dropping, setDropping] = useState(false);
  const { uploads, attach, clear } = useUploads(chat);
  const { connection, timeline, waiting, typing } = state;
  const input =
    openChoices(timeline, waiting)?.input ?? timeline.messages.findLast(({ from }) => from !== 'system')?.input;
  const trouble = state.full
    ? words.full
    : connection === 'offline'
      ? words.offline
      : connection === 'failed'
        ? words.failed
        : undefined;

  useEffect(() => focusComposer(), []);
  useEffect(() => chat.read());

  const focusComposer = () => box.current?.querySelector('textarea')?.focus();
  // A tap must not raise the phone's keyboard, a key press must not lose its place.
  const choose = (text: string, choice: string | readonly string[], byKeyboard: boolean) => {
    chat.send({ text, choice });
    if (byKeyboard) focusComposer();
    else box.current?.querySelector<HTMLElement>('.log')?.focus();
  };
  const send = (text: string) => {
    const files = uploads.flatMap(({ stored }) => stored ?? []);
    const kept = chat.send({ text, ...(files.length > 0 && { files }) });
    if (kept) clear();
    return kept;
  };

  return (
    <section
      ref={box}
      class="panel"
      role="dialog"
      aria-label={assistant}
      onKeyDown={(event) => event.key === 'Escape' && !event.isComposing && close()}
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDropping(false);
        attach([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <header class="top">
        <span class="face" aria-hidden="true">
          {[...assistant][0]}
        </span>
        <div class="who">
          <strong dir="auto">{assistant}</strong>
          <small class={`state ${connection}`}>
            {connection === 'live'
              ? typing
                ? words.typing
                : words.online
              : connection === 'connecting'
                ? words.connecting
                : ''}
          </small>
        </div>
        <Menu
          words={words}
          locale={locale}
          speak={speak}
          restart={() => chat.restart()}
          saveTranscript={() => download(`${assistant}.txt`, transcript(timeline.messages, words, assistant, locale))}
        />
        <button type="button" class="quiet" aria-label={words.close} title={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="trouble" role="status">
        {trouble && (
          <p>
            <Icon name="cloud" />
            <span>{trouble}</span>
            {connection === 'failed' && (
              <button type="button" onClick={() => chat.wake()}>
                {words.retry}
              </button>
            )}
          </p>
        )}
      </div>
      <Log chat={chat} state={state} words={words} locale={locale} assistant={assistant} choose={choose} />
      <Composer
        words={words}
        input={input}
        uploads={uploads}
        attach={attach}
        send={send}
        typing={(on) => chat.typing(on)}
        human={() => chat.send({ text: words.human })}
      />
      {dropping && <div class="drop">{words.drop}</div>}
    </section>
  );
}
