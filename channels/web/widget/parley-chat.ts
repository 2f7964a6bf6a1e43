import { mount, type Widget } from './widget.tsx';

/**
 * `<parley-chat server="https://chat.example.com/">`: the whole chat as one element.
 *
 * Attributes: `server` (where Parley answers), `locale` (BCP 47; default: the page's, then the browser's), `identity` (signed
 * token), `name` (what the assistant is called), `greeting`, `theme` (`light`, `dark`; default: the system's), `side` (`start`;
 * default: end), `words` (address of a JSON file with the widget's words in another language), `open`.
 * Method: `identify(token)`. Looks: the `--parley-*` CSS variables.
 */
class ParleyChat extends HTMLElement {
  static readonly observedAttributes = ['open'];
  #widget: Widget | undefined;

  connectedCallback(): void {
    this.#widget = mount(this, this.shadowRoot ?? this.attachShadow({ mode: 'open' }));
  }

  disconnectedCallback(): void {
    this.#widget?.remove();
  }

  attributeChangedCallback(): void {
    this.#widget?.toggled();
  }

  /** Says who the customer is, by a token that the business has signed. Rejects when the server does not believe it. */
  async identify(token: string): Promise<void> {
    await this.#widget?.identify(token);
  }
}

if (!customElements.get('parley-chat')) customElements.define('parley-chat', ParleyChat);
