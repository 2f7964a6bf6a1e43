import type { Outgoing } from './outbox.ts';
import type { ChatMessage, Session, StoredFile } from './protocol.ts';

/** The server's answer was a refusal. `status` 0: no answer came at all. */
export class Refusal extends Error {
  readonly status: number;
  /** Milliseconds to wait, where the server says so. */
  readonly after: number;

  constructor(status: number, body?: { readonly message?: string } | null, after?: string | null) {
    super(body?.message);
    this.status = status;
    this.after = Number(after) * 1000;
  }

  /** May the same request succeed later? */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Calls to one server's `/chat`. All of them reject with {@link Refusal}. */
export interface Api {
  /** A new conversation; with a `current` session and an identity, the same conversation under a new token. */
  openSession(body: { locale?: string; identity?: string | undefined }, current?: Session): Promise<Session>;
  send(session: Session, message: Outgoing): Promise<{ seq: number }>;
  /** Waits up to `wait` seconds for a message to come. */
  messages(session: Session, after: number, wait: number, signal: AbortSignal): Promise<{ messages: ChatMessage[] }>;
  /** The event stream's body, as it comes. */
  events(session: Session, after: number, signal: AbortSignal): Promise<Response>;
  /** @param progress called with what part has left, from 0 to 1 */
  upload(session: Session, file: File, progress: (part: number) => void, signal: AbortSignal): Promise<StoredFile>;
  /** Address of the socket. */
  readonly socket: string;
}

/** @param server its address, ending with a slash */
export function reach(server: string): Api {
  const base = `${server}chat/`;

  async function request(path: string, session: Session | undefined, init: RequestInit): Promise<Response> {
    const headers: HeadersInit = { 'Content-Type': 'application/json' };
    if (session) headers.Authorization = bearer(session);
    const response = await fetch(base + path, { ...init, headers }).catch(noAnswer);
    if (response.ok) return response;
    throw new Refusal(response.status, await response.json().catch(() => null), response.headers.get('Retry-After'));
  }
  const json = async (path: string, session: Session | undefined, init: RequestInit) =>
    (await request(path, session, init)).json().catch(noAnswer);
  const post = (path: string, session: Session | undefined, body: object) =>
    json(path, session, { method: 'POST', body: JSON.stringify(body) });

  return {
    socket: `${base.replace('http', 'ws')}socket`,
    openSession: (body, current) => post('session', current, body),
    send: (session, { id, text, answer, files }) =>
      post('messages', session, {
        id,
        ...(answer || { text: text || undefined, files: files?.map(({ id }) => id) }),
      }),
    messages: (session, after, wait, signal) => json(`messages?after=${after}&wait=${wait}`, session, { signal }),
    events: (session, after, signal) => request(`events?after=${after}`, session, { signal }),
    // By XMLHttpRequest: `fetch` cannot tell how much of a body has left.
    upload: (session, file, progress, signal) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open('POST', `${base}files`);
        request.setRequestHeader('Authorization', bearer(session));
        request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
        request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
        request.responseType = 'json';
        // Never quite 1: that is for the server to say.
        request.upload.onprogress = ({ loaded, total }) => progress(loaded / (total + 1));
        request.onloadend = () =>
          request.status === 201 ? resolve(request.response) : reject(new Refusal(request.status, request.response));
        signal.onabort = () => request.abort();
        request.send(file);
      }),
  };
}

function bearer({ token }: Session): string {
  return `Bearer ${token}`;
}

function noAnswer(cause: unknown): never {
  throw new Refusal(0, { message: String(cause) });
}
