import { download, transcript } from '../transcript.ts';
import { Icon } from './icon.tsx';
import type { View } from './view.ts';

/** What is seldom needed: language, transcript, a fresh start. Closes on a choice, on Escape, and when the focus leaves. */
export function Menu({ view }: { view: View }) {
  const { chat, state, words, locale, assistant, speak } = view;
  const other = locale.startsWith('zh') ? 'en' : 'zh';
  const item = (label: string, act: (label: string) => void, lang?: string) => (
    <button type="button" lang={lang} onClick={() => act(label)}>
      {label}
    </button>
  );
  const close = (menu: HTMLDetailsElement) => {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  };
  return (
    <details
      onClick={({ currentTarget, target }) => (target as Element).matches('button') && close(currentTarget)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !event.currentTarget.open) return;
        event.stopPropagation();
        close(event.currentTarget);
      }}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget as Node)) currentTarget.open = false;
      }}
    >
      <summary class="quiet" aria-label={words.more} title={words.more}>
        <Icon name="more" />
      </summary>
      <div class="menu">
        {item(other === 'zh' ? '中文' : 'English', (name) => speak(other, name), other)}
        {item(words.transcript, () => download(`${assistant}.txt`, transcript(state.timeline.messages, view)))}
        {item(words.restart, () => chat.restart())}
      </div>
    </details>
  );
}
