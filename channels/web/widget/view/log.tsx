import type { Outgoing } from '../outbox.ts';
import type { ChatMessage } from '../protocol.ts';
import { openChoices } from '../timeline.ts';
import { Bubble } from './bubble.tsx';
import { Choices } from './choices.tsx';
import { Face } from './face.tsx';
import { SCROLLS } from './scrolls.ts';
import type { View } from './view.ts';

/** A pause of so many milliseconds begins a new paragraph of the conversation, headed by its time. */
const PAUSE = 15 * 60_000;

type Line = Omit<ChatMessage, 'seq'> & { readonly seq?: number; readonly outgoing?: Outgoing };

/** The conversation so far. New messages are read out politely, one by one; what was there before is not read again. */
export function Log({ view }: { view: View }) {
  const { state, words, locale, assistant } = view;
  const { timeline, waiting, typing, loaded } = state;
  const lines: readonly Line[] = [
    ...timeline.messages,
    ...waiting.map((outgoing) => ({
      ...outgoing,
      from: 'customer' as const,
      attachments: outgoing.files ?? [],
      outgoing,
    })),
  ];
  const lastOwn = lines.findLast(({ from }) => from === 'customer');
  const open = openChoices(timeline, waiting);

  return (
    <div class="log" role="log" aria-label={words.log} aria-busy={!loaded} {...SCROLLS}>
      {lines.length === 0 && (
        <div class={`welcome ${loaded ? '' : 'early'}`}>
          <Face name={assistant} />
          <h2>{words.hello}</h2>
          <p>{words.intro}</p>
        </div>
      )}
      {lines.map((line, index) => {
        const before = lines[index - 1];
        const pause = timeOf(line) - timeOf(before) > PAUSE;
        return (
          <div class="line" key={line.id ?? line.seq}>
            {pause && <time>{new Date(timeOf(line)).toLocaleString(locale, { timeStyle: 'short' })}</time>}
            <Bubble
              message={line}
              follows={!pause && before?.from === line.from && before.name === line.name}
              view={view}
            />
            {line.outgoing?.refused !== undefined ? (
              <Refused outgoing={line.outgoing} view={view} />
            ) : (
              line === lastOwn && (
                <small class="fate">{line.outgoing ? words.sending : words[line.status as 'sent'] || words.sent}</small>
              )
            )}
          </div>
        );
      })}
      {open && <Choices key={open.seq} message={open} view={view} />}
      {typing && (
        <div class="bubble typing" aria-hidden="true">
          <i />
          <i />
          <i />
        </div>
      )}
    </div>
  );
}

/** The server would not have this message: the customer decides what becomes of it. */
function Refused({ outgoing: { id, refused }, view: { chat, words } }: { outgoing: Outgoing; view: View }) {
  return (
    <small class="fate refused" role="alert">
      {words.refused}: <bdi>{refused}</bdi>
      <button type="button" onClick={() => chat.retry(id)}>
        {words.retry}
      </button>
      <button type="button" onClick={() => chat.discard(id)}>
        {words.remove}
      </button>
    </small>
  );
}

function timeOf(line: Line | undefined): number {
  return line?.at === undefined ? 0 : +new Date(line.at);
}
