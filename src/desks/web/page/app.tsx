import { useEffect, useState } from 'preact/hooks';
import { Conversation } from './conversation.tsx';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { Notices } from './notices.tsx';
import { Packet } from './packet.tsx';
import { Queue } from './queue.tsx';
import { useShortcuts } from './shortcuts.ts';
import { SignIn } from './sign-in.tsx';
import type { Store } from './store.ts';
import { firstLanguage, useKept, useStore, ViewContext } from './view.ts';
import { WORDS } from './words.ts';

/** The list on the left, the conversation in the middle, all that is known on the right; on a small screen one at a time. */
export function App({ store }: { store: Store }) {
  const state = useStore(store);
  const [language, setLanguage] = useKept('language', firstLanguage(), ['en', 'zh']);
  const words = WORDS[language];
  const { door, world, open } = state;
  const [isHelping, setHelping] = useState(false);
  const [areDetailsOpen, setDetails] = useState(false);
  useShortcuts(() => setHelping(true));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useTitle(world === undefined ? words.title : words.of(world.business), [...state.cards.values()].filter(isHers));

  function isHers({ at, agent }: { readonly at: string; readonly agent?: string }): boolean {
    return agent === world?.me && (at === 'offered' || at === 'active');
  }

  const front = open === undefined ? 'list' : areDetailsOpen ? 'packet' : 'talk';
  return (
    <ViewContext.Provider value={{ store, state, words, language }}>
      {door !== undefined && world === undefined && door.me === undefined && (
        <SignIn door={door} language={language} setLanguage={setLanguage} />
      )}
      {world !== undefined && (
        <div class="desk" data-front={front} data-open={open !== undefined}>
          <button type="button" class="skip" onClick={() => document.getElementById('talk')?.focus()}>
            {words.skip}
          </button>
          <Header language={language} setLanguage={setLanguage} help={() => setHelping(true)} />
          <main class="work">
            <h1 class="hidden">{words.of(world.business)}</h1>
            <Queue />
            <Conversation showDetails={() => setDetails(true)} />
            <Packet hide={() => setDetails(false)} />
          </main>
          <Help isOpen={isHelping} close={() => setHelping(false)} />
        </div>
      )}
      <Notices />
    </ViewContext.Provider>
  );
}

/** How many wait for her stands in the browser's tab. */
function useTitle(title: string, hers: readonly unknown[]): void {
  const count = hers.length;
  useEffect(() => {
    document.title = count === 0 ? title : `(${count}) ${title}`;
  }, [title, count]);
}
