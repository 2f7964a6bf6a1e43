import type { WireMessage } from '../../src/server/wire.ts';
import { until } from './process.ts';

/** A customer who talks to a running bot over its protocol, and remembers what was said. */
export class Customer {
  readonly token: string;
  private url: string;
  private count = 0;

  private constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  static async at(url: string, locale = 'en'): Promise<Customer> {
    const answer = await fetch(`${url}/chat/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ locale }),
    });
    const { token } = (await answer.json()) as { token: string };
    return new Customer(url, token);
  }

  /** The bot was started again, perhaps elsewhere. */
  goTo(url: string): void {
    this.url = url;
  }

  /** Sends, and gives the server's answer whatever it is. */
  async post(body: Record<string, unknown>): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.url}/chat/messages`, {
      method: 'POST',
      headers: this.headers(),
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  /** @throws unless the message was acknowledged */
  async write(text: string): Promise<void> {
    this.count += 1;
    const { status, body } = await this.post({ id: `m${this.count}`, text });
    if (status !== 202 && status !== 200) throw new Error(`${text}: ${status} ${JSON.stringify(body)}`);
  }

  /** Taps the offered answer with this label. */
  async tap(label: string): Promise<void> {
    await until(
      async () => (await this.offers()).has(label),
      () => `the answer "${label}" on offer`,
    );
    this.count += 1;
    const { status } = await this.post({ id: `m${this.count}`, choice: (await this.offers()).get(label) });
    if (status !== 202) throw new Error(`${label}: ${status}`);
  }

  async offers(): Promise<ReadonlyMap<string, string>> {
    const last = (await this.messages()).filter(({ choices }) => choices !== undefined).at(-1);
    return new Map((last?.choices ?? []).map(({ label, token }) => [label, token]));
  }

  async messages(): Promise<WireMessage[]> {
    const all: WireMessage[] = [];
    for (let after = 0; ; after = all.at(-1)?.seq ?? 0) {
      const answer = await fetch(`${this.url}/chat/messages?after=${after}`, { headers: this.headers() });
      const { messages } = (await answer.json()) as { messages: WireMessage[] };
      if (messages.length === 0) return all;
      all.push(...messages);
    }
  }

  /** What the bot has said. */
  async heard(): Promise<string[]> {
    return (await this.messages()).filter(({ from }) => from !== 'customer').map(({ text }) => text);
  }

  /** Waits until the bot has said this, `times` times in all; the match. */
  async hears(words: string | RegExp, times = 1): Promise<string> {
    const fits = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
    let heard: string[] = [];
    await until(
      async () => {
        heard = await this.heard();
        return heard.filter(fits).length >= times;
      },
      () => `${words} in:\n${heard.join('\n')}`,
    );
    return heard.filter(fits)[times - 1] ?? '';
  }

  private headers() {
    return { 'content-type': 'application/json', authorization: `Bearer ${this.token}` };
  }
}
