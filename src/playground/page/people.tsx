import { useView } from './view.ts';

/** The demo shop's customers: be one of them. */
export function People({ done }: { done: () => void }) {
  const { state, act, words } = useView();
  const { who } = state.world ?? {};
  return (
    <div class="pane people">
      <h2 class="hidden">{words.people}</h2>
      <p class="lead">{words.peopleLead}</p>
      <ul>
        {state.people.map(({ name, email, shows, locale, orders }) => {
          const isMe = email === who?.email;
          const be = (speaks: string) => {
            act({ do: 'be', who: { name, email, locale: speaks } });
            done();
          };
          return (
            <li key={email} data-me={isMe}>
              <h3>{name}</h3>
              <p class="soft">{shows}</p>
              <p class="orders">
                {orders.map(({ id, status }) => (
                  <span key={id} class="chip">
                    {id} <small>{status.replaceAll('_', ' ')}</small>
                  </span>
                ))}
              </p>
              <p class="speaks">
                <span class="soft">{isMe ? words.isYou : words.be}</span>
                {[locale, locale === 'zh' ? 'en' : 'zh'].map((each) => (
                  <button
                    key={each}
                    type="button"
                    lang={each}
                    aria-pressed={isMe && who?.locale === each}
                    onClick={() => be(each)}
                  >
                    {each === 'zh' ? '中文' : 'English'}
                    <span class="hidden"> ({name})</span>
                  </button>
                ))}
              </p>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
