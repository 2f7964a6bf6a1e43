import { Icon } from '../icon.tsx';
import { useView } from '../view.ts';
import { waitingIn } from './desk-view.ts';
import { DESK_WORDS } from './words.ts';

interface SwitchParts {
  readonly view: 'apps' | 'desk';
  readonly setView: (view: 'apps' | 'desk') => void;
}

/** All phones side by side, or one of them beside the agents' desk. */
export function ViewSwitch({ view, setView }: SwitchParts) {
  const { state, language } = useView();
  const words = DESK_WORDS[language];
  const waiting = waitingIn(Object.values(state.channels)).length;
  return (
    <fieldset class="views">
      <legend class="hidden">{words.views}</legend>
      <button type="button" aria-pressed={view === 'apps'} onClick={() => setView('apps')}>
        <Icon name="phone" />
        {words.apps}
      </button>
      <button type="button" aria-pressed={view === 'desk'} onClick={() => setView('desk')}>
        <Icon name="person" />
        {words.short}
        {waiting > 0 && <span class="count">{words.waiting(waiting)}</span>}
      </button>
    </fieldset>
  );
}
