import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chat, ChatState } from '../chat.ts';
import type { Outgoing } from '../outbox.ts';
import type { ChatMessage } from '../protocol.ts';
import { openChoices } from '../timeline.ts';
import type { Words } from '../words.ts';
import { Bubble } from './bubble.tsx';
import { Choices } from './choices.tsx';
import { Icon } from './icon.tsx';

interface LogProps {
  readonly chat: Chat;
  readonly state: ChatState;
  readonly words: Words;
  readonly locale: string;
  readonly assistant: string;
  choose(text: string, choice: string | readonly string[], byKeyboard: boolean): void;
}

/** A pause of so many milliseconds begins a new paragraph of the conversation, headed by its time. */
const PAUSE = 15 * 60_000;
/** Within so many pixels of the end, the customer is reading the end and wants to keep doing so. */
const NEAR = 80;

/** The conversation so far. New messages are read out politely, one by one; what was there before is not read again. */
export function Log({ chat, state, words, locale, assistant, choose }: LogProps) {
  const { timeline, waiting, typing, loaded, connection } = state;
  const box = useRef<HTMLDivElement>(null);
  const [behind, setBehind] = useState(false);
  const atEnd = useRef(true);
  const last = timeline.messages.at(-1);
  const open = openChoices(timeline, waiting);

  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  // Her own message always comes into view; others' only if she was at the end.
  useLayoutEffect(() => {
    if (atEnd.current || waiting.length > 0 || last?.from === 'customer') toEnd();
    else setBehind(true);
  }, [last?.seq, waiting.length, typing, open?.seq]);

  const lines: readonly (ChatMessage | Outgoing)[] = [...timeline.messages, ...waiting];
  return (
    <>
      <div
        ref={box}
        class="log"
        role="log"
        aria-live="polite"
        aria-label={words.log}
        aria-busy={!loaded}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
          if (atEnd.current) setBehind(false);
        }}
      >
        {lines.length === 0 && (loaded || connection !== 'connecting') ? (
          <Welcome words={words} assistant={assistant} />
        ) : null}
        {lines.length === 0 && !loaded && connection === 'connecting' ? <Waiting /> : null}
        {lines.map((line, index) => {
          const before = lines[index - 1];
          const time = timeOf(line);
          const pause = time - (before ? timeOf(before) : 0) > PAUSE;
          const from = 'seq' in line ? line.from : 'customer';
          const message: Omit<ChatMessage, 'seq'> =
            'seq' in line ? line : { ...line, from: 'customer', attachments: line.files ?? [] };
          const sameSender =
            before !== undefined &&
            ('seq' in before ? before.from === from && before.name === message.name : from === 'customer');
          return (
            <div class="line" key={line.id ?? `seq-${'seq' in line ? line.seq : ''}`}>
              {pause && <time dateTime={new Date(time).toISOString()}>{readableTime(time, locale)}</time>}
              <Bubble
                message={message}
                follows={sameSender && !pause}
                assistant={assistant}
                server={chat.server}
                words={words}
              />
              {!('seq' in line) ? (
                <Fate outgoing={line} chat={chat} words={words} />
              ) : line.seq === lastOwn(timeline.messages) && waiting.length === 0 ? (
                <small class="fate">{words[(line.status ?? 'sent') as 'sent'] ?? ''}</small>
              ) : null}
            </div>
          );
        })}
        {open && <Choices key={open.seq} message={open} words={words} choose={choose} />}
        {typing && (
          <div class="typing" aria-hidden="true">
            <i />
            <i />
            <i />
          </div>
        )}
      </div>
      {behind && (
        <button type="button" class="newest" onClick={toEnd}>
          <Icon name="down" />
          {words.newest}
        </button>
      )}
    </>
  );
}

/** What has become of a message that the server does not have yet. */
function Fate({ outgoing, chat, words }: { outgoing: Outgoing; chat: Chat; words: Words }) {
  if (outgoing.refused === undefined) return <small class="fate">{words.sending}</small>;
  return (
    <small class="fate refused" role="alert">
      {words.refused}
      {outgoing.refused && <span dir="auto">: {outgoing.refused}</span>}
      <button type="button" onClick={() => chat.retry(outgoing.id)}>
        {words.retry}
      </button>
      <button type="button" onClick={() => chat.discard(outgoing.id)}>
        {words.discard}
      </button>
    </small>
  );
}

function Welcome({ words, assistant }: { words: Words; assistant: string }) {
  return (
    <div class="welcome">
      <span class="face" aria-hidden="true">
        {[...assistant][0]}
      </span>
      <h2>{words.hello}</h2>
      <p>{words.intro}</p>
    </div>
  );
}

/** The shape of a conversation while the conversation itself is fetched. */
function Waiting() {
  return (
    <div class="skeleton" aria-hidden="true">
      <i />
      <i />
      <i />
    </div>
  );
}

function lastOwn(messages: readonly ChatMessage[]): number | undefined {
  return messages.findLast(({ from }) => from === 'customer')?.seq;
}

function timeOf({ at }: { at?: number | string }): number {
  return at === undefined ? 0 : new Date(at).getTime() || 0;
}

function readableTime(time: number, locale: string): string {
  const today = new Date(time).toDateString() === new Date().toDateString();
  return new Date(time).toLocaleString(locale, {
    ...(!today && { weekday: 'short', day: 'numeric', month: 'short' }),
    hour: 'numeric',
    minute: '2-digit',
  });
}
