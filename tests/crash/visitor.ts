import type { Bot, Stand } from './platforms.ts';

/**
 * Somebody at a page that speaks to our own door: what got no answer is posted again under its key, and she asks for what comes after
 * the last that she has seen.
 */
abstract class Visitor {
  protected readonly bot: Bot;
  readonly heard: string[] = [];
  #closed = false;
  #posts: Promise<void> = Promise.resolve();
  #begun: Promise<void> | undefined;

  constructor(bot: Bot) {
    this.bot = bot;
  }

  stand(account: Stand['account'], environment: Stand['environment']): Stand {
    const { heard } = this;
    return {
      account,
      environment,
      heard,
      connect: () => this.#begin(),
      say: (word) => {
        const key = crypto.randomUUID();
        this.#posts = this.#posts.then(() => this.#insist(() => this.post(word, key)));
      },
      settled: () => this.#posts,
      close: () => {
        this.#closed = true;
      },
    };
  }

  /** Begins her conversation. */
  protected abstract open(): Promise<void>;
  /** Says something, and resolves when it was answered. */
  protected abstract post(word: string, key: string): Promise<void>;
  /** What has been said to her since she asked last. */
  protected abstract fetch(): Promise<readonly string[]>;

  protected async call<T>(method: string, path: string, bearer: string | undefined, body?: object): Promise<T> {
    const answer = await fetch(this.bot.url() + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async #begin(): Promise<void> {
    if (this.#begun !== undefined) return this.#begun;
    this.#begun = this.open();
    await this.#begun;
    void this.#listen();
  }

  async #listen(): Promise<void> {
    while (!this.#closed) {
      await this.#insist(async () => void this.heard.push(...(await this.fetch())));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** A line that breaks is what this is about: it is taken up again. */
  async #insist(attempt: () => Promise<void>): Promise<void> {
    while (!this.#closed) {
      try {
        return await attempt();
      } catch {
        await this.bot.pause();
      }
    }
  }
}

export class WebVisitor extends Visitor {
  #token = '';
  #last = 0;

  protected async open(): Promise<void> {
    const { token } = await this.call<{ token: string }>('POST', '/chat/session', undefined, {});
    this.#token = token;
  }

  protected async post(text: string, id: string): Promise<void> {
    await this.call('POST', '/chat/messages', this.#token, { id, text });
  }

  protected async fetch(): Promise<readonly string[]> {
    type Page = { messages: { from: string; text: string }[]; last: number };
    const { messages, last } = await this.call<Page>('GET', `/chat/messages?after=${this.#last}`, this.#token);
    this.#last = last;
    return messages.filter(({ from }) => from === 'bot').map(({ text }) => text);
  }
}

export class DirectlineVisitor extends Visitor {
  readonly #root: string;
  readonly #secret: string;
  #conversation = '';
  #watermark = '';

  constructor(bot: Bot, root: string, secret: string) {
    super(bot);
    this.#root = root;
    this.#secret = secret;
  }

  protected async open(): Promise<void> {
    const path = `${this.#root}/conversations`;
    this.#conversation = (await this.call<{ conversationId: string }>('POST', path, this.#secret, {})).conversationId;
  }

  protected async post(text: string, clientActivityID: string): Promise<void> {
    const activity = { type: 'message', text, from: { id: 'anna' }, channelData: { clientActivityID } };
    await this.call('POST', this.#activities, this.#secret, activity);
  }

  protected async fetch(): Promise<readonly string[]> {
    type Page = { activities: { text?: string; from: { role?: string } }[]; watermark: string };
    const path = `${this.#activities}?watermark=${this.#watermark}`;
    const { activities, watermark } = await this.call<Page>('GET', path, this.#secret);
    this.#watermark = watermark;
    return activities.filter(({ from }) => from.role === 'bot').map(({ text = '' }) => text);
  }

  get #activities(): string {
    return `${this.#root}/conversations/${this.#conversation}/activities`;
  }
}
