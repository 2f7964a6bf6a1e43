import { render } from 'preact';
import { Chat } from './chat.ts';
import { browserMemory, type Memory } from './storage.ts';
import style from './style.css';
import { App } from './view/app.tsx';
import { type Words, wordsFor } from './words.ts';

/**
 * `<parley-chat server="https://chat.example.com/">`: the whole chat as one element.
 *
 * Attributes: `server` (required: where Parley answers), `locale` (BCP 47; default: the page's, then the browser's), `identity`
 * (signed token), `name` (what the assistant is called), `greeting`, `theme` (`light`, `dark`; default: the system's), `side`
 * (`start`, `end`), `words` (address of a JSON file with the widget's words in another language), `open`.
 * Methods: `show()`, `hide()`, `identify(token)`. Looks: the `--parley-*` CSS variables.
 */
class ParleyChat extends HTMLElement {
  static readonly observedAttributes = ['open'];
  #chat: Chat | undefined;
  #memory: Memory | undefined;
  #words: Words | undefined;
  #locale = 'en';
  #focused = false;
  #listening: AbortController | undefined;

  connectedCallback(): void {
    const server = new URL(this.getAttribute('server') || '/', document.baseURI).href.replace(/\/*$/, '/');
    const memory = browserMemory(`parley:${server}:`);
    this.#memory = memory;
    this.#locale =
      memory.get('locale') ?? this.getAttribute('locale') ?? (document.documentElement.lang || navigator.language);
    this.#words = wordsFor(this.#locale);
    const identity = this.getAttribute('identity') ?? undefined;
    const chat = new Chat({ server, memory, locale: this.#locale, identity });
    this.#chat = chat;
    this.#dress();
    this.#listen(chat);
    this.#draw();
    if (chat.known || identity) chat.start();
    void this.#fetchWords();
  }

  disconnectedCallback(): void {
    this.#listening?.abort();
    this.#chat?.stop();
    if (this.shadowRoot) render(null, this.shadowRoot);
  }

  attributeChangedCallback(): void {
    if (this.#chat) this.#draw();
  }

  show(): void {
    this.setAttribute('open', '');
  }

  hide(): void {
    this.removeAttribute('open');
  }

  /** Says who the customer is, by a token that the business has signed. Rejects when the server does not believe it. */
  async identify(token: string): Promise<void> {
    await this.#chat?.identify(token);
  }

  /** Takes over the shadow root in which the loader has drawn its launcher. */
  #dress(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    this.#focused = root.activeElement !== null;
    root.replaceChildren();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  }

  #draw(): void {
    const chat = this.#chat;
    const memory = this.#memory;
    if (!this.shadowRoot || !chat || !memory) return;
    render(
      <App
        chat={chat}
        memory={memory}
        words={this.#words ?? wordsFor(this.#locale)}
        locale={this.#locale}
        open={this.hasAttribute('open')}
        name={this.getAttribute('name') ?? undefined}
        greeting={this.getAttribute('greeting') ?? undefined}
        focused={this.#focused}
        setOpen={(open) => this.toggleAttribute('open', open)}
        speak={(locale) => {
          memory.set('locale', locale);
          this.#locale = locale;
          this.#words = wordsFor(locale);
          this.#draw();
        }}
      />,
      this.shadowRoot,
    );
  }

  #listen(chat: Chat): void {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    addEventListener('online', () => chat.wake(), { signal });
    addEventListener('offline', () => chat.lost(), { signal });
    addEventListener('storage', () => chat.shared(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || chat.wake(), { signal });
  }

  /** Words of a language that does not come along; those it leaves out stay English. */
  async #fetchWords(): Promise<void> {
    const address = this.getAttribute('words');
    if (!address || this.#memory?.get('locale')) return;
    const response = await fetch(address);
    if (!response.ok) return console.warn(`parley-chat: no words at ${address} (${response.status})`);
    this.#words = { ...wordsFor(this.#locale), ...(await response.json()) };
    this.#draw();
  }
}

customElements.get('parley-chat') ?? customElements.define('parley-chat', ParleyChat);
