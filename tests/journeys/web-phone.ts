import type { Form, Person, Phone } from '../../src/channel.ts';
import type { Card, Link } from '../../src/message.ts';
import type { Platform } from '../../src/playground/platform.ts';
import type { WireMessage } from '../../src/server/wire.ts';
import type { Bubble, Button, ScreenCard } from '../../src/simulator.ts';

/** The web chat as a platform beside the others: nobody stands between the widget and us, so there is nothing to stand in for. */
export const web: Platform = {
  async open({ webhook }) {
    const { origin } = new URL(webhook);
    const phones = new Set<WebPhone>();
    const simulator = {
      url: origin,
      phone(person: Person): Phone {
        const phone = new WebPhone(origin, person);
        phones.add(phone);
        return phone;
      },
      faults: [],
      fail: () => undefined,
      async close() {
        for (const phone of phones) phone.close();
      },
    };
    return { simulator, account: { kind: 'web' }, environment: {} };
  },
};

/** A page with the chat open: speaks the protocol of channels/web/README.md, by long polling. */
class WebPhone implements Phone {
  readonly address = '';
  readonly typing = false;
  readonly #origin: string;
  readonly #locale: string;
  readonly #messages = new Map<string, WireMessage>();
  readonly #listeners = new Set<() => void>();
  readonly #gone = new AbortController();
  #token: string | undefined;
  #sent = 0;

  constructor(origin: string, { locale }: Person) {
    this.#origin = origin;
    this.#locale = locale;
  }

  get screen(): readonly Bubble[] {
    return [...this.#messages.values()].map(bubbleOf);
  }

  async open(): Promise<void> {
    if (this.#token !== undefined) return;
    const { token } = (await this.#ask('POST', 'session', JSON.stringify({ locale: this.#locale }))) as {
      token: string;
    };
    this.#token = token;
    void this.#listen();
  }

  async write(text: string): Promise<void> {
    await this.#send({ text });
  }

  /** `choice.0` is a button; a list of several brings what was ticked. */
  async tap(bubble: string, button: string, chosen: Readonly<Record<string, string>> = {}): Promise<void> {
    const { form, choices } = this.#messages.get(bubble) ?? {};
    if (button === 'date') return this.write(chosen.date ?? '');
    if (form !== undefined) return this.#send({ form: { token: form.token, values: chosen } });
    await this.#send({ choice: chosen.several?.split(',') ?? choices?.[Number(button)]?.token });
  }

  async attach({ bytes }: { readonly bytes: Uint8Array }): Promise<void> {
    const { id } = (await this.#ask('POST', 'files', new Uint8Array(bytes))) as { id: string };
    await this.#send({ files: [id] });
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#gone.abort();
  }

  async #send(said: object): Promise<void> {
    await this.open();
    await this.#ask('POST', 'messages', JSON.stringify({ id: `m${++this.#sent}`, ...said }));
  }

  async #listen(): Promise<void> {
    for (let after = 0; !this.#gone.signal.aborted; ) {
      const answer = await this.#ask('GET', `messages?after=${after}&wait=20`).catch((error: unknown) => {
        // The page is closed: nobody waits any more.
        if (this.#gone.signal.aborted) return { messages: [], last: after };
        throw error;
      });
      const { messages, last } = answer as { messages: readonly WireMessage[]; last: number };
      for (const message of messages) this.#messages.set(message.id, message);
      after = last;
      for (const listener of this.#listeners) listener();
    }
  }

  async #ask(method: string, path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
    const answer = await fetch(`${this.#origin}/chat/${path}`, {
      method,
      headers: {
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      ...(body === undefined ? {} : { body }),
      signal: this.#gone.signal,
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

/** As the widget shows it. */
export function bubbleOf({
  id,
  from,
  text,
  at,
  choices = [],
  multiple,
  links = [],
  image,
  file,
  form,
  input,
  ...more
}: WireMessage): Bubble {
  const options = choices.map(({ token, label }) => ({ value: token, label }));
  const offered: Button[] = multiple
    ? [{ id: 'send', label: '✓', fields: [{ name: 'several', label: '', kind: 'choices', options }] }]
    : choices.map(({ label }, index) => ({ id: String(index), label }));
  const day: Button = { id: 'date', label: 'Send', fields: [{ name: 'date', label: text, kind: 'date' }] };
  const asked = [...(input === 'date' ? [day] : []), ...offered];
  const buttons = [...(form ? [formOf(form)] : asked), ...links.map(linkOf)];
  const cards = [...(more.card === undefined ? [] : [more.card]), ...(more.carousel ?? [])];
  return {
    id,
    from: from === 'customer' ? 'customer' : 'bot',
    text: [{ text: form ? [form.title, form.text ?? ''].join('\n').trim() : text }],
    ...(image === undefined ? {} : { image }),
    ...(file === undefined ? {} : { file }),
    ...(cards.length === 0 ? {} : { cards: cards.map(cardOf) }),
    ...(buttons.length === 0 ? {} : { buttons: buttons.map((button) => [button]) }),
    at,
  };
}

function formOf({ submit, fields }: Form): Button {
  const inputs = fields.map(({ name, label, kind, options, optional, error = '' }) => ({
    name,
    label: `${label}${optional ? ' (optional)' : ''}${error && ` — ${error}`}`,
    kind: kind === 'date' || kind === 'choice' || kind === 'choices' ? kind : ('text' as const),
    ...(options && { options }),
    ...(optional && { optional }),
  }));
  return { id: 'form', label: submit, fields: inputs };
}

function linkOf({ title, url }: Link): Button {
  return { id: url, label: title, url };
}

function cardOf({ title, text, image, fields, links }: Card): ScreenCard {
  return {
    title: [{ text: title }],
    ...(text === undefined ? {} : { text: [{ text }] }),
    ...(image === undefined ? {} : { image }),
    ...(fields === undefined ? {} : { facts: fields }),
    ...(links === undefined ? {} : { buttons: links.map(linkOf) }),
  };
}
