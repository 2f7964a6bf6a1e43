import { useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { Languages } from './languages.tsx';
import { Portrait } from './portrait.tsx';
import { Proposals } from './proposals.tsx';
import { useView } from './view.ts';
import type { Language } from './words.ts';

interface HeaderParts {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly help: () => void;
}

const HERS = ['offered', 'active', 'waiting_customer', 'on_hold', 'consult', 'wrap_up'];

/** Whose desk it is, how she is, and the way out. */
export function Header({ language, setLanguage, help }: HeaderParts) {
  const { store, state, words } = useView();
  const { world } = state;
  const dialog = useRef<HTMLDialogElement>(null);
  const me = world?.agents.find(({ name }) => name === world.me);
  const hers = [...state.cards.values()].filter(({ at, agent }) => agent === me?.name && HERS.includes(at)).length;
  const leave = () => (hers === 0 ? void store.signOut() : dialog.current?.showModal());
  return (
    <header class="top">
      <p class="brand">
        <Icon name="reply" /> Parley <span>desk</span>
      </p>
      <p class="business">{world?.business}</p>
      {!state.isLive && (
        <p class="lost" role="status">
          {words.away}
        </p>
      )}
      <div class="controls">
        <Proposals />
        <button type="button" class="icon-button" aria-label={words.help} title={`${words.help} (?)`} onClick={help}>
          <Icon name="keys" />
        </button>
        <Languages language={language} setLanguage={setLanguage} />
        <div class="me" data-presence={me?.presence}>
          <Portrait name={me?.shown ?? ''} isSmall />
          <b>{me?.shown}</b>
          <label>
            <span class="hidden">{words.presence}</span>
            <select value={me?.presence} onChange={(event) => void store.setPresence(event.currentTarget.value)}>
              {Object.entries(words.presences).map(([presence, word]) => (
                <option key={presence} value={presence}>
                  {word}
                </option>
              ))}
            </select>
          </label>
        </div>
        <button type="button" class="icon-button" aria-label={words.signOut} title={words.signOut} onClick={leave}>
          <Icon name="out" />
        </button>
      </div>
      <dialog ref={dialog} aria-label={words.signOut}>
        <form method="dialog">
          <h2>{words.signOut}</h2>
          <p>{words.signOutKeeps(hers)}</p>
          <div class="buttons">
            <button type="submit">{words.stay}</button>
            <button type="button" class="primary danger" onClick={() => void store.signOut()}>
              {words.signOut}
            </button>
          </div>
        </form>
      </dialog>
    </header>
  );
}
