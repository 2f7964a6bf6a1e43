import { render } from 'preact';
import { createChat } from './chat.ts';
import { browserMemory } from './storage.ts';
import style from './style.css';
import { App } from './view/app.tsx';
import { wordsFor } from './words.ts';

/** The widget on a page. */
export interface Widget {
  /** The host's `open` attribute has come or gone. */
  toggled(): void;
  identify(token: string): Promise<void>;
  remove(): void;
}

/** A greeting that was overlooked this often is not wanted. */
const GREETINGS = 3;
/** Within so many pixels of the end, the customer is reading the end and wants to keep doing so. */
const NEAR = 80;

/** Draws the chat that `host`'s attributes describe into `root`, in place of what the loader has drawn there. */
export function mount(host: HTMLElement, root: ShadowRoot): Widget {
  const server = new URL(host.getAttribute('server') ?? '.', document.baseURI).href;
  const memory = browserMemory(`parley:${server}:`);
  const identity = host.getAttribute('identity') ?? undefined;
  let locale =
    memory.get('locale') || host.getAttribute('locale') || document.documentElement.lang || navigator.language;
  let words = wordsFor(locale);
  const greetings = Number(memory.get('greeted') ?? 0);
  let greeting = greetings < GREETINGS ? host.getAttribute('greeting') : null;

  const chat = createChat({ server, memory, locale: () => locale, identity, changed: draw });
  const find = (selector: string) => root.querySelector<HTMLElement>(selector);
  const isOpen = () => host.hasAttribute('open');

  /** Draws everything anew, then puts right what redrawing cannot know: what is in view, and where the focus is. */
  function draw(): void {
    const { state } = chat;
    const log = find('.log');
    const focused = root.activeElement;
    const follow = !log || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR || state.waiting.length > 0;
    render(
      <App
        view={{
          chat,
          state,
          words,
          locale,
          assistant: host.getAttribute('name') ?? words.bot,
          open: isOpen(),
          greeting: chat.known() ? null : greeting,
          toggle: (open) => host.toggleAttribute('open', open),
          speak(tag, name) {
            memory.set('locale', tag);
            locale = tag;
            words = wordsFor(tag);
            // The bot hears it as it would from anybody; before the first word, it hears it with that.
            if (chat.known()) chat.send({ text: name });
            draw();
          },
          dismissGreeting() {
            memory.set('greeted', String(GREETINGS));
            greeting = null;
            draw();
          },
        }}
      />,
      root,
    );
    if (follow) find('.log')?.scrollTo(0, 1e6);
    // What had the focus is gone, such as a choice just made. A phone's keyboard must not rise for that.
    if (focused && !root.activeElement) find(matchMedia('(hover)').matches ? '.field textarea' : '.log')?.focus();
    if (isOpen() && !document.hidden) chat.read();
  }

  /** Opened or closed, by whomever: the focus goes along into what has opened, and out of what was closed if it was there. */
  function toggled(): void {
    show(isOpen() || root.activeElement !== null);
  }

  function show(follow: boolean): void {
    draw();
    if (isOpen()) chat.start();
    if (follow) find(isOpen() ? '.field textarea' : '.launcher')?.focus();
  }

  /** Words of a language that does not come along; those it leaves out stay as they are. */
  async function fetchWords(address: string): Promise<void> {
    words = { ...words, ...(await (await fetch(address)).json()) };
    draw();
  }

  const gone = new AbortController();
  const on = (type: string, act: () => void) => addEventListener(type, act, gone);
  on('online', chat.wake);
  on('offline', chat.lost);
  on('storage', chat.shared);
  document.addEventListener('visibilitychange', chat.wake, gone);

  const clicked = root.activeElement !== null;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren();
  // Open from the start, it leaves the focus to the page, where somebody may be typing already.
  show(clicked);
  if (greeting) memory.set('greeted', String(greetings + 1));
  if (chat.known() || identity) chat.start();
  const address = host.getAttribute('words');
  if (address && !memory.get('locale')) void fetchWords(address);

  return {
    toggled,
    identify: chat.identify,
    remove() {
      gone.abort();
      chat.stop();
    },
  };
}
