import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Bubble } from '../../simulator.ts';
import type { PhoneView } from '../protocol.ts';
import { BubbleView } from './bubble.tsx';
import { useView } from './view.ts';

/** Who has no mouse scrolls it with the keys. */
const SCROLLS = { tabIndex: 0 };
/** Milliseconds of silence after which an app says what time it is. */
const PAUSE = 15 * 60_000;

/** What stands on the screen, with the newest in sight. */
export function Screen({ phone, name }: { phone: PhoneView; name: string }) {
  const { words, language } = useView();
  const log = useRef<HTMLDivElement>(null);
  const { kind, screen, typing } = phone;
  const newest = `${phone.address} ${screen.length} ${screen.at(-1)?.id} ${typing}`;
  const seen = useRef('');
  useLayoutEffect(() => {
    // Whoever reads further up is only called back by something new.
    if (seen.current === newest) return;
    seen.current = newest;
    log.current?.scrollTo({ top: log.current.scrollHeight });
  });
  return (
    <div class="screen" ref={log} role="log" aria-label={words.conversation(name)} {...SCROLLS}>
      {screen.length === 0 && <p class="nothing">{words.empty}</p>}
      {screen.map((bubble, at) => (
        <div key={bubble.id} class="line">
          {isLate(screen[at - 1], bubble) && <time class="when">{whenOf(bubble.at, language, words.today)}</time>}
          <BubbleView
            kind={kind}
            bubble={bubble}
            isLast={screen[at + 1]?.from !== bubble.from}
            isFirst={screen[at - 1]?.from !== bubble.from}
          />
        </div>
      ))}
      {typing && (
        <p class="dots" role="status">
          <span class="hidden">{words.typing}</span>
          <i />
          <i />
          <i />
        </p>
      )}
    </div>
  );
}

function isLate(before: Bubble | undefined, bubble: Bubble): boolean {
  return before === undefined || bubble.at - before.at > PAUSE;
}

function whenOf(at: number, language: string, today: string): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === new Date().toDateString()) return `${today} ${time}`;
  return `${date.toLocaleDateString(language, { weekday: 'short', month: 'short', day: 'numeric' })} ${time}`;
}
