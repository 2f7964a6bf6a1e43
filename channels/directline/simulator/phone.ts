import type { Bubble, Person, Phone } from '#channel';
import type { Activity } from './activity.ts';
import { actionOf, bubbleOf } from './bubble.ts';
import { Client, type Place } from './client.ts';

export type { Fault } from './client.ts';

/** Milliseconds after which a sign of typing is out of date, as in Web Chat. */
const TYPING = 5_000;

/** What she has sent and not seen again. */
interface Pending {
  readonly bubble: Bubble;
  readonly clientActivityId: string;
}

/** A page with Web Chat open, and the person before it. */
export class WebChat implements Phone {
  readonly #client: Client;
  readonly #now: () => number;
  readonly #messages: Activity[] = [];
  readonly #listeners = new Set<() => void>();
  #pending: Pending[] = [];
  #typingUntil = 0;
  #sent = 0;

  constructor({ number, locale }: Person, place: Place) {
    const user = `dl_${number.replaceAll(/\D/g, '')}`;
    this.#now = place.now;
    this.#client = new Client(place, { user, locale }, (activity) => this.#hear(activity));
  }

  get address(): string {
    return this.#client.conversation;
  }

  get screen(): readonly Bubble[] {
    const last = this.#messages.length - 1;
    return [
      ...this.#messages.map((activity, index) => bubbleOf(activity, index === last && this.#pending.length === 0)),
      ...this.#pending.map(({ bubble }) => bubble),
    ];
  }

  get typing(): boolean {
    return this.#now() < this.#typingUntil;
  }

  async open(): Promise<void> {
    await this.#client.start();
  }

  async write(text: string): Promise<void> {
    await this.#post(text, { type: 'message', text });
  }

  async tap(bubble: string, button: string, chosen: Readonly<Record<string, string>> = {}): Promise<void> {
    const activity = this.#messages.find(({ id }) => id === bubble);
    const action = activity && actionOf(activity, button);
    if (action === undefined) return;
    // Web Chat shows nothing of a form that was submitted, and of a `messageBack` its text for display.
    if ('submits' in action) {
      const value = { ...action.submits, ...chosen };
      return this.#post('', { type: 'message', value, channelData: { postBack: true } });
    }
    const { title, text = '', displayText = title, value } = action;
    return this.#post(displayText, { type: 'message', text, value, channelData: { messageBack: { displayText } } });
  }

  async attach({ name, type, bytes }: { name: string; type: string; bytes: Uint8Array }): Promise<void> {
    const file = new File([new Uint8Array(bytes)], name, { type });
    await this.#post(`📎 ${name}`, { type: 'message', attachments: [{ contentType: type, name }] }, file);
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#client.close();
  }

  async #post(
    shown: string,
    activity: { readonly channelData?: object; readonly [more: string]: unknown },
    file?: File,
  ) {
    const clientActivityId = `${this.#now()}.${++this.#sent}`;
    const bubble: Bubble = {
      id: clientActivityId,
      from: 'customer',
      text: [{ text: shown }],
      status: 'sending',
      at: this.#now(),
    };
    if (shown !== '') this.#pending.push({ bubble, clientActivityId });
    this.#changed();
    const channelData = { ...activity.channelData, clientActivityID: clientActivityId };
    try {
      await this.#client.post({ ...activity, channelData }, file);
    } catch (error) {
      this.#pending = this.#pending.map((each) =>
        each.clientActivityId === clientActivityId ? { ...each, bubble: { ...bubble, status: 'failed' } } : each,
      );
      this.#changed();
      throw error;
    }
  }

  #hear(activity: Activity): void {
    if (activity.type === 'typing') {
      this.#typingUntil = this.#now() + TYPING;
      return this.#changed();
    }
    if (activity.type !== 'message') return;
    const own = activity.channelData?.clientActivityID;
    if (own === undefined) this.#typingUntil = 0;
    else this.#pending = this.#pending.filter(({ clientActivityId }) => clientActivityId !== own);
    this.#messages.push(activity);
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
