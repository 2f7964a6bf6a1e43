import type { Outgoing } from './outbox.ts';
import type { ChatMessage, Session, StoredFile } from './protocol.ts';

/** The server's answer was a refusal. `status` 0: no answer came at all. */
export class Refusal extends Error {
  readonly status: number;
  /** Stable, such as `chat.unknown_token`. */
  readonly code: string;
  /** Milliseconds to wait, where the server says so. */
  readonly after: number;

  constructor(status: number, body: { code?: string; message?: string }, after = 0) {
    super(body.message ?? '');
    this.status = status;
    this.code = body.code ?? '';
    this.after = after;
  }

  /** May the same request succeed later? */
  get retryable(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** The server does not know this token (any more). */
  get unknownToken(): boolean {
    return this.status === 401;
  }
}

/** Calls to one server's `/chat`. Every method throws {@link Refusal}. */
export class Api {
  /** Ends with a slash. */
  readonly server: string;

  constructor(server: string) {
    this.server = server;
  }

  /** A new conversation; with a `current` session and an identity, the same conversation under a new token. */
  openSession(body: { locale?: string; identity?: string }, current?: Session): Promise<Session> {
    return this.#json('session', { method: 'POST', body: JSON.stringify(body) }, current?.token);
  }

  send({ token }: Session, { id, text, choice, files }: Outgoing): Promise<{ seq: number }> {
    const content =
      choice === undefined ? { text: text || undefined, files: files?.map((file) => file.id) } : { choice };
    return this.#json('messages', { method: 'POST', body: JSON.stringify({ id, ...content }) }, token);
  }

  /** Waits up to `wait` seconds for a message to come. */
  messages({ token }: Session, after: number, wait: number, signal: AbortSignal): Promise<{ messages: ChatMessage[] }> {
    return this.#json(`messages?after=${after}&wait=${wait}`, { signal }, token);
  }

  /** The raw response, for streaming. */
  async request(path: string, init: RequestInit, token?: string): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.server}chat/${path}`, {
        ...init,
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
        credentials: 'omit',
        cache: 'no-store',
      });
    } catch (cause) {
      throw new Refusal(0, { message: String(cause) });
    }
    if (response.ok) return response;
    const body = await response.json().catch(() => ({}));
    throw new Refusal(response.status, body, Number(response.headers.get('Retry-After') ?? 0) * 1000);
  }

  async #json<Answer>(path: string, init: RequestInit, token?: string): Promise<Answer> {
    const response = await this.request(path, init, token);
    try {
      return await response.json();
    } catch (cause) {
      throw new Refusal(0, { message: String(cause) });
    }
  }

  /**
   * By XMLHttpRequest: `fetch` cannot tell how much of a body has left.
   * @param progress from 0 to 1
   */
  upload({ token }: Session, file: File, progress: (part: number) => void, signal: AbortSignal): Promise<StoredFile> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', `${this.server}chat/files`);
      request.setRequestHeader('Authorization', `Bearer ${token}`);
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
      request.responseType = 'json';
      request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
      request.onload = () =>
        request.status < 300 && request.response
          ? resolve(request.response)
          : reject(new Refusal(request.status, request.response ?? {}));
      request.onerror = request.onabort = () => reject(new Refusal(0, {}));
      signal.addEventListener('abort', () => request.abort());
      request.send(file);
    });
  }
}
