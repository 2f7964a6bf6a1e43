import { useEffect, useRef, useState } from 'preact/hooks';
import { Nudge } from './desk/nudge.tsx';
import { SlackWindow } from './desk/slack-window.tsx';
import { ViewSwitch } from './desk/view-switch.tsx';
import { DESK_WORDS } from './desk/words.ts';
import { Device } from './device.tsx';
import { Header } from './header.tsx';
import { Hint } from './hint.tsx';
import { Inside } from './inside.tsx';
import { lookOf, ORDER } from './looks.ts';
import { Mailbox } from './mailbox.tsx';
import { closeMenus } from './menus.ts';
import { People } from './people.tsx';
import { type State, type Store, whoIs } from './store.ts';
import { firstLanguage, useKept, useStore, ViewContext } from './view.ts';
import { WebChat } from './web-chat.tsx';
import { type Language, WORDS } from './words.ts';

const PANES = ['inside', 'mailbox', 'people'] as const;
export type Pane = (typeof PANES)[number];
type Front = 'phone' | 'desk' | Pane;

/** Phones on the left, what lies behind the chosen one on the right; on a small screen one thing at a time. */
export function App({ store }: { store: Store }) {
  const state = useStore(store);
  const [language, setLanguage] = useKept<Language>('language', firstLanguage());
  const [chosen, choose] = useKept<string>('channel', 'sms');
  const [pane, setPane] = useState<Pane>('inside');
  const [sight, setSight] = useKept<'apps' | 'desk'>('sight', 'apps');
  /** A thread of the desk that somebody wants to see. */
  const [wanted, want] = useState<{ channel: string; ts: string }>();
  /** On a small screen: the phone, or what stands in its place. */
  const [front, setFront] = useState<Front>('phone');
  const words = WORDS[language];
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = words.title;
  }, [language, words]);

  useEffect(closeMenus, []);
  useFirstPerson(state, store, language);

  const kinds = ['web', ...(state.world?.platforms ?? []).map(({ kind }) => kind)].sort(
    (a, b) => ORDER.indexOf(a) - ORDER.indexOf(b),
  );
  const kind = kinds.includes(chosen) ? chosen : 'web';
  const hasDesk = state.desk !== undefined;
  const view = hasDesk ? sight : 'apps';
  const show = (next: Front) => {
    setFront(next);
    if (next === 'desk') setSight('desk');
    else if (next !== 'phone') setPane(next);
  };

  /** The phone on which that conversation is held, if it is one of these. */
  const lookAt = (conversation: string) => {
    const [held] = Object.entries(state.conversations).find(([, each]) => each === conversation) ?? [];
    if (held !== undefined) choose(held);
  };

  return (
    <ViewContext.Provider value={{ state, act: store.act, words, language }}>
      <Header language={language} setLanguage={setLanguage} showPeople={() => show('people')} />
      <nav class="channels" aria-label={words.channels}>
        {hasDesk && <ViewSwitch view={view} setView={(next) => (next === 'desk' ? show('desk') : setSight(next))} />}
        {kinds.map((each) => (
          <button
            key={each}
            type="button"
            data-look={each}
            aria-pressed={each === kind}
            onClick={() => {
              choose(each);
              setFront('phone');
              document.getElementById(`device-${each}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
            }}
          >
            {lookOf(each).name[language]}
          </button>
        ))}
      </nav>
      {state.refused !== undefined && (
        <p class="alarm" role="alert">
          {state.refused || words.refused}
        </p>
      )}
      {!state.live && state.world !== undefined && (
        <p class="alarm" role="alert">
          {words.away}
        </p>
      )}
      {hasDesk && (view === 'apps' || front !== 'desk') && (
        <Nudge
          isDeskInSight={view === 'desk'}
          show={(channel, ts) => {
            want({ channel, ts });
            show('desk');
          }}
        />
      )}
      <main data-front={front} data-view={view}>
        <div class="stage">
          <Hint />
          <div class="devices">
            {kinds.map((each) =>
              each === 'web' ? (
                <WebChat key={each} isChosen={each === kind} choose={() => choose(each)} />
              ) : (
                <Device key={each} kind={each} isChosen={each === kind} choose={() => choose(each)} />
              ),
            )}
          </div>
        </div>
        {view === 'desk' && <SlackWindow wanted={wanted} lookAt={lookAt} />}
        <aside class="panel" aria-label={words.panel}>
          <div class="panes">
            {PANES.map((each) => (
              <button key={each} type="button" aria-pressed={each === pane} onClick={() => setPane(each)}>
                {words[each]}
                {each === 'mailbox' && state.mail.length > 0 && <span class="count">{state.mail.length}</span>}
              </button>
            ))}
          </div>
          {pane === 'inside' && <Inside kind={kind} />}
          {pane === 'mailbox' && <Mailbox kind={kind} done={() => setFront('phone')} />}
          {pane === 'people' && <People done={() => setFront('phone')} />}
        </aside>
      </main>
      <nav class="fronts" aria-label={words.panel}>
        {(['phone', ...(hasDesk ? (['desk'] as const) : []), ...PANES] as const).map((each) => (
          <button key={each} type="button" aria-pressed={each === front} onClick={() => show(each)}>
            {each === 'desk' ? DESK_WORDS[language].tab : words[each]}
          </button>
        ))}
      </nav>
    </ViewContext.Provider>
  );
}

/** On an empty table, whoever speaks the page's language holds the phones. */
function useFirstPerson({ world, phones, people }: State, store: Store, language: Language): void {
  const isSettled = useRef(false);
  useEffect(() => {
    if (isSettled.current || world === undefined || people.length === 0) return;
    isSettled.current = true;
    const isEmpty = Object.values(phones).every(({ screen }) => screen.length === 0);
    const person = people.find(({ locale }) => locale === language);
    if (isEmpty && person !== undefined && world.who.locale !== language) store.act({ do: 'be', who: whoIs(person) });
  });
}
