import { Icon } from './icon.tsx';
import { whoIs } from './store.ts';
import { useView } from './view.ts';
import type { Language } from './words.ts';

interface HeaderParts {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly showPeople: () => void;
}

/** What this is, in one sentence; who holds the phones, and the clock. */
export function Header({ language, setLanguage, showPeople }: HeaderParts) {
  const { state, act, words } = useView();
  const { who, ahead = 0 } = state.world ?? {};
  const times = [
    [words.minutes, 0.5],
    [words.hour, 1],
    [words.day, 24],
    [words.days, 48],
  ] as const;
  return (
    <header>
      <div class="title">
        <p class="brand">
          Parley <span>playground</span>
        </p>
        <h1>{words.sentence}</h1>
        <p class="under">
          {words.under}{' '}
          <a href="/console/desk" target="_blank" rel="noopener">
            {words.desk}
          </a>
        </p>
      </div>
      <div class="controls">
        <button type="button" class="who" onClick={showPeople}>
          <Icon name="person" />
          <span>
            <small>{words.you}</small> {who?.name ?? '…'}
          </span>
        </button>
        <details class="menu">
          <summary>
            <Icon name="clock" />
            <span>
              {words.time}
              {ahead > 0 && <small>{words.ahead(inWords(ahead, language))}</small>}
            </span>
          </summary>
          <div class="sheet">
            {times.map(([label, hours]) => (
              <button
                key={label}
                type="button"
                onClick={(event) => {
                  act({ do: 'pass', hours });
                  event.currentTarget.closest('details')?.removeAttribute('open');
                }}
              >
                + {label}
              </button>
            ))}
          </div>
        </details>
        <fieldset class="languages">
          <legend>{words.language}</legend>
          {(['en', 'zh'] as const).map((each) => (
            <button
              key={each}
              type="button"
              lang={each}
              aria-pressed={each === language}
              onClick={() => {
                setLanguage(each);
                // Who has just come speaks the page's language, too.
                const other = state.people.find(({ locale }) => locale === each);
                if (other !== undefined && who?.locale !== each) act({ do: 'be', who: whoIs(other) });
              }}
            >
              {each === 'en' ? 'EN' : '中文'}
            </button>
          ))}
        </fieldset>
      </div>
    </header>
  );
}

function inWords(milliseconds: number, language: Language): string {
  const hours = milliseconds / 3_600_000;
  const [value, unit] = hours >= 24 ? [hours / 24, 'day'] : [hours, 'hour'];
  const format = new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  });
  return format.format(value);
}
