import { useEffect, useRef } from 'preact/hooks';
import type { Item } from '../protocol.ts';
import { Held, NoteLine, PostLine } from './lines.tsx';
import { agentCalled, clockTime, useView } from './view.ts';

/** Pixels from the end within which new lines pull the view along. */
const NEAR_END = 80;

/** All that was said and done, in order. Reads new lines out politely. */
export function Log() {
  const { store, state, words } = useView();
  const box = useRef<HTMLDivElement>(null);
  const { thread } = state;
  const last = thread?.items.at(-1);
  const lastKey = last === undefined ? '' : `${last.kind}:${last.key}`;
  const isAtEnd = useRef(true);
  const conversation = thread?.card.conversation;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    // So that it can be scrolled by keys.
    element.tabIndex = 0;
    const follow = () => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    };
    const look = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END;
    };
    element.addEventListener('scroll', look, { passive: true });
    // Pictures that come in, and a field that grows, move the end.
    const watcher = new ResizeObserver(follow);
    watcher.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      watcher.disconnect();
    };
  }, []);
  useEffect(() => {
    isAtEnd.current = true;
  }, [conversation]);
  useEffect(() => {
    const element = box.current;
    if (element !== null && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [lastKey, conversation]);
  return (
    <div class="log" role="log" aria-label={words.log} aria-live="polite" ref={box}>
      {thread?.isCut && (
        <button type="button" class="earlier" onClick={store.earlier}>
          {words.earlier}
        </button>
      )}
      {thread?.items.map((item, index) => (
        <Line key={`${item.kind}:${item.key}`} item={item} before={thread.items[index - 1]} />
      ))}
    </div>
  );
}

function Line({ item, before }: { item: Item; before: Item | undefined }) {
  switch (item.kind) {
    case 'post':
      return (
        <PostLine
          post={item}
          isSame={before?.kind === 'post' && before.from === item.from && before.name === item.name}
        />
      );
    case 'held':
      return <Held held={item} />;
    case 'note':
      return <NoteLine note={item} />;
    case 'event':
      return <EventLine event={item} />;
  }
}

function EventLine({ event }: { event: Item & { readonly kind: 'event' } }) {
  const { state, words, language } = useView();
  const { on, by, agent, queue = '', outcome = '', at } = event;
  const told = words.events[on]?.({
    ...{ by: agentCalled(by, state), agent: agentCalled(agent, state), queue },
    outcome: words.outcomes[outcome] ?? outcome,
  });
  if (told === undefined) return null;
  return (
    <p class="event" data-on={on}>
      <span>{told}</span> <time>{clockTime(at, language)}</time>
    </p>
  );
}
