import { useState } from 'preact/hooks';
import type { Door } from '../protocol.ts';
import { Icon } from './icon.tsx';
import { Languages } from './languages.tsx';
import { Portrait } from './portrait.tsx';
import { useView } from './view.ts';
import type { Language } from './words.ts';

interface SignInParts {
  readonly door: Door;
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

/** In a demo one click; elsewhere the link that the operator prints, or its code. */
export function SignIn({ door, language, setLanguage }: SignInParts) {
  const { store, state, words } = useView();
  const [code, setCode] = useState('');
  return (
    <main class="sign-in">
      <div class="sheet">
        <p class="brand">
          <Icon name="reply" /> Parley <span>desk</span>
        </p>
        <h1>{words.welcome}</h1>
        <p class="business">{door.business}</p>
        {state.refused !== undefined && (
          <p class="alarm" role="alert">
            {state.refused || words.failed}
          </p>
        )}
        {door.demo === undefined ? (
          <>
            <p>{words.linkSentence}</p>
            <p>
              <code>parley desk &lt;agent&gt;</code>
            </p>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                void store.signIn({ code: code.trim() });
              }}
            >
              <label>
                {words.haveCode}
                <input
                  value={code}
                  autocomplete="one-time-code"
                  spellcheck={false}
                  onInput={(event) => setCode(event.currentTarget.value)}
                />
              </label>
              <button type="submit" class="primary enter" disabled={code.trim() === ''}>
                {words.enter}
              </button>
            </form>
          </>
        ) : (
          <>
            <p>{words.demoSentence}</p>
            <ul class="agents">
              {door.demo.map(({ name, shown, queues }) => (
                <li key={name}>
                  <button type="button" onClick={() => void store.signIn({ demo: name })}>
                    <Portrait name={shown} />
                    <span>
                      <b>{words.beAgent(shown)}</b>
                      <small>{queues.join(' · ')}</small>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        <Languages language={language} setLanguage={setLanguage} />
      </div>
    </main>
  );
}
