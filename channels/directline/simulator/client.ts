import { ParleyError } from '#channel';
import type { Activity } from './activity.ts';

/**
 * `drop`: the line breaks as the next thing is said. `twice`: the next thing she does is delivered twice. `lost`: its answer is lost, so
 * that her client sends it again. `expired`: her token has expired.
 */
export type Fault = 'drop' | 'twice' | 'lost' | 'expired';

export interface Place {
  readonly domain: string;
  readonly secret: string;
  readonly now: () => number;
  /** What goes wrong next; whom it befalls takes it out. */
  readonly faults: Set<Fault>;
}

interface ActivitySet {
  readonly activities: readonly Activity[];
  readonly watermark: string;
}

interface Opened {
  readonly conversationId: string;
  readonly token: string;
  readonly streamUrl: string;
}

/** Milliseconds before a line that broke is taken up again: Web Chat takes seconds, and nobody learns from waiting. */
const PAUSE = 200;

/** A small client of Direct Line: one conversation, one stream, and every activity once, over whatever breaks. */
export class Client {
  /** What the bot calls her; empty before she has begun. */
  conversation = '';
  readonly #place: Place;
  readonly #user: string;
  readonly #locale: string;
  readonly #heard: (activity: Activity) => void;
  #token = '';
  #watermark = '';
  #stream: WebSocket | undefined;
  #started: Promise<void> | undefined;
  #closed = false;

  constructor(
    place: Place,
    who: { readonly user: string; readonly locale: string },
    heard: (activity: Activity) => void,
  ) {
    this.#place = place;
    this.#user = who.user;
    this.#locale = who.locale;
    this.#heard = heard;
  }

  /** Begins the conversation, once. */
  async start(): Promise<void> {
    this.#started ??= this.#begin();
    try {
      await this.#started;
    } catch (error) {
      this.#started = undefined;
      throw error;
    }
  }

  /** Posts an activity, or uploads it with a file. */
  async post(activity: object, file?: File): Promise<void> {
    await this.start();
    if (this.#takes('expired')) this.#token = 'expired';
    const send = () => this.#post({ from: { id: this.#user }, locale: this.#locale, ...activity }, file);
    if (this.#takes('twice') || this.#takes('lost')) await send();
    await send();
  }

  close(): void {
    this.#closed = true;
    this.#stream?.close();
  }

  async #begin(): Promise<void> {
    const { secret } = this.#place;
    const generated = await this.#call<Opened>('POST', '/tokens/generate', secret, { user: { id: this.#user } });
    const opened = await this.#call<Opened>('POST', '/conversations', generated.token, { locale: this.#locale });
    this.conversation = opened.conversationId;
    this.#take(opened);
  }

  async #post(activity: object, file: File | undefined): Promise<void> {
    const path = `/conversations/${this.conversation}`;
    const send = () =>
      file === undefined
        ? this.#call('POST', `${path}/activities`, this.#token, activity)
        : this.#call('POST', `${path}/upload?userId=${this.#user}`, this.#token, formOf(activity, file));
    try {
      await send();
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'directline.simulator_forbidden') throw error;
      await this.#renew();
      await send();
    }
  }

  /** A token that is of no use any more is replaced by the business's own server, which takes the conversation up again. */
  async #renew(): Promise<void> {
    const path = `/conversations/${this.conversation}?watermark=${this.#watermark}`;
    this.#take(await this.#call<Opened>('GET', path, this.#place.secret));
  }

  #take({ token, streamUrl }: Opened): void {
    if (this.#closed) return;
    this.#token = token;
    const stream = new WebSocket(streamUrl);
    this.#stream?.close();
    this.#stream = stream;
    stream.onmessage = ({ data }) => {
      if (data !== '' && this.#stream === stream) this.#hear(JSON.parse(String(data)) as ActivitySet, stream);
    };
    stream.onclose = () => {
      if (this.#stream === stream) this.#comeBack();
    };
  }

  #hear({ activities, watermark }: ActivitySet, stream: WebSocket): void {
    // Said into a line that breaks: it is not heard, and nothing behind it on this line either.
    if (activities.some(({ type }) => type === 'message') && this.#takes('drop')) {
      stream.onmessage = null;
      stream.close();
      return;
    }
    this.#watermark = watermark;
    for (const activity of activities) this.#heard(activity);
  }

  #comeBack(): void {
    if (this.#closed) return;
    setTimeout(() => {
      if (this.#closed) return;
      // Nobody is there yet: tried again, as long as the page is open.
      this.#renew().catch(() => this.#comeBack());
    }, PAUSE).unref();
  }

  async #call<T>(method: string, path: string, bearer: string, body?: object): Promise<T> {
    const form = body instanceof FormData;
    const answer = await fetch(this.#place.domain + path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(form ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as T;
    const code = answer.status === 403 ? 'directline.simulator_forbidden' : 'directline.simulator_refused';
    throw new ParleyError(code, `The bot answered ${answer.status}: ${text}`, { hint: 'Look into its log.' });
  }

  #takes(fault: Fault): boolean {
    return this.#place.faults.delete(fault);
  }
}

function formOf(activity: object, file: File): FormData {
  const form = new FormData();
  const type = 'application/vnd.microsoft.activity';
  form.append('activity', new Blob([JSON.stringify(activity)], { type }), 'blob');
  form.append('file', file, file.name);
  return form;
}
