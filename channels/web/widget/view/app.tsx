import { directionOf } from '../words.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';
import type { View } from './view.ts';

/** The round button in the corner and what it opens. */
export function App({ view }: { view: View }) {
  const { state, words, locale, open, greeting, toggle, dismissGreeting } = view;
  const unread = open || state.unread === 0 ? '' : `${state.unread} ${words.unread}`;
  return (
    <div class={`root ${open ? 'open' : ''}`} lang={locale} dir={directionOf(locale)}>
      {open && <Panel view={view} />}
      {greeting && !open && (
        <div class="greeting">
          <button type="button" onClick={() => toggle(true)}>
            {greeting}
          </button>
          <IconButton icon="cross" name={words.remove} onClick={dismissGreeting} />
        </div>
      )}
      <button
        type="button"
        class="launcher"
        aria-label={`${open ? words.close : words.open} ${unread}`}
        aria-expanded={open}
        onClick={() => toggle(!open)}
      >
        <Icon name={open ? 'down' : 'chat'} />
        {unread && <span class="badge">{state.unread > 9 ? '9+' : state.unread}</span>}
      </button>
      <span class="hidden" role="status">
        {unread}
      </span>
    </div>
  );
}
