import { Api, Refusal } from './api.ts';
import { backoff } from './backoff.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import type { ChatMessage, Frame, Session, Signal, StoredFile } from './protocol.ts';
import type { Memory } from './storage.ts';
import { acknowledge, EMPTY, mark, receive, resumeAfter, type Timeline, unread } from './timeline.ts';
import { TRANSPORTS } from './transport.ts';

/** What the view draws. A new object after every change. */
export interface ChatState {
  readonly connection: 'idle' | 'connecting' | 'live' | 'offline' | 'failed';
  /** Has the conversation so far been fetched? */
  readonly loaded: boolean;
  readonly timeline: Timeline;
  readonly waiting: readonly Outgoing[];
  readonly typing: boolean;
  readonly unread: number;
  readonly full: boolean;
}

export interface ChatOptions {
  /** Address of the Parley server, ending with a slash. */
  readonly server: string;
  readonly memory: Memory;
  readonly locale: string;
  /** A short-lived token signed by the business that says who the customer is. */
  readonly identity?: string | undefined;
}

/** How many tries in a row may fail before the customer is told so. */
const WORRY = 3;

/**
 * The conversation behind the view: opens or resumes the session, keeps one connection alive, sends what is in the outbox.
 *
 * Messages go out by POST whatever carries the answers: its status says at once whether the server has the message, must be asked
 * again later, or refuses it, and a proxy that breaks sockets does not break sending.
 */
export class Chat {
  state: ChatState;
  readonly #options: ChatOptions;
  readonly #api: Api;
  readonly #memory: Memory;
  readonly #outbox: Outbox;
  readonly #listeners = new Set<() => void>();
  readonly #sleepers = new Set<() => void>();
  #opening: Promise<Session> | undefined;
  #connection: AbortController | undefined;
  #signal: ((signal: Signal) => void) | undefined;
  #running = false;
  #sending = false;
  #connectedAs: string | undefined;
  #typingOff: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#api = new Api(options.server);
    this.#memory = options.memory;
    this.#outbox = new Outbox(options.memory);
    this.state = {
      connection: 'idle',
      loaded: false,
      timeline: EMPTY,
      waiting: this.#outbox.list(),
      typing: false,
      unread: 0,
      full: false,
    };
  }

  /** Calls back after every change until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Did this browser already have a conversation here? */
  get known(): boolean {
    return this.#stored() !== undefined;
  }

  get server(): string {
    return this.#api.server;
  }

  /** Opens the conversation, or resumes it, and stays connected until {@link stop}. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#stayConnected();
    void this.#flush();
  }

  stop(): void {
    this.#running = false;
    this.#reconnect();
  }

  /** Puts a message in the outbox; false when that is full. */
  send(content: Pick<Outgoing, 'text' | 'choice' | 'files'>): boolean {
    const kept = this.#outbox.add({ ...content, id: crypto.randomUUID(), at: Date.now() });
    this.#change({ full: !kept, waiting: this.#outbox.list() });
    this.start();
    this.wake();
    void this.#flush();
    return kept;
  }

  retry(id: string): void {
    this.#outbox.retry(id);
    this.#change({ waiting: this.#outbox.list() });
    void this.#flush();
  }

  discard(id: string): void {
    this.#outbox.remove(id);
    this.#change({ waiting: this.#outbox.list() });
  }

  async upload(file: File, progress: (part: number) => void, signal: AbortSignal): Promise<StoredFile> {
    return this.#api.upload(await this.#session(), file, progress, signal);
  }

  /** Tells the bot's side that the customer is writing, where the connection can carry it. */
  typing(on: boolean): void {
    this.#signal?.({ type: 'typing', on });
  }

  /** The customer has seen everything there is. */
  read(): void {
    const seq = this.state.timeline.messages.at(-1)?.seq ?? 0;
    if (seq <= this.#readUpTo) return;
    this.#memory.set('read', String(seq));
    this.#signal?.({ type: 'read', seq });
    this.#change({});
  }

  /** Binds the conversation to the customer that `identity` names. Throws {@link Refusal} when the server does not believe it. */
  async identify(identity: string): Promise<void> {
    this.#keep(await this.#api.openSession({ identity }, await this.#session()));
    this.#reconnect();
  }

  /** Leaves this conversation behind and begins a new one. */
  restart(): void {
    this.#outbox.clear();
    this.#forget(this.#stored());
    this.#reconnect();
  }

  /** Something may have changed for the better (online again, tab in view): try now instead of later. */
  wake(): void {
    for (const wake of this.#sleepers) wake();
  }

  /** The browser says that the network is gone: do not wait for the connection to find out. */
  lost(): void {
    this.#reconnect();
    this.#change({ connection: 'offline' });
  }

  /** Another tab has written to the shared memory. */
  shared(): void {
    const token = this.#stored()?.token;
    if (this.#running && token !== this.#connectedAs) {
      this.#opening = undefined;
      this.#connectedAs = token;
      this.#change({ timeline: EMPTY, loaded: false });
      this.#reconnect();
    }
    this.#change({ waiting: this.#outbox.list() });
  }

  async #stayConnected(): Promise<void> {
    let failures = 0;
    let transport = 0;
    while (this.#running) {
      let ready = false;
      let session: Session | undefined;
      const connection = new AbortController();
      this.#connection = connection;
      if (this.state.connection !== 'failed') this.#change({ connection: navigator.onLine ? 'connecting' : 'offline' });
      try {
        session = await this.#session();
        this.#connectedAs = session.token;
        await TRANSPORTS[transport % TRANSPORTS.length]?.({
          api: this.#api,
          session,
          after: resumeAfter(this.state.timeline),
          signal: connection.signal,
          opened: (signal) => {
            this.#signal = signal;
          },
          take: (frame) => {
            if (connection.signal.aborted) return;
            ready = true;
            failures = 0;
            this.#take(frame);
          },
        });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.unknownToken) this.#forget(session);
      }
      this.#signal = undefined;
      if (!this.#running) break;
      // What has worked is tried again; what never got through makes room for a humbler way.
      if (!ready && navigator.onLine) transport++;
      failures++;
      const state = !navigator.onLine ? 'offline' : failures > WORRY ? 'failed' : 'connecting';
      this.#change({ connection: state, typing: false });
      await this.#sleep(backoff(failures - 1));
    }
    this.#change({ connection: 'idle' });
  }

  #take(frame: Frame): void {
    const { timeline } = this.state;
    switch (frame.type) {
      case 'ready':
        this.#change({ connection: 'live', loaded: true });
        this.wake();
        return;
      case 'message':
        this.#receive(frame.message);
        return;
      case 'status':
        this.#change({ timeline: mark(timeline, frame.seq, frame.status) });
        return;
      case 'typing':
        this.#showTyping(frame.on);
        return;
      case 'ack':
      case 'error':
        return;
    }
  }

  #receive(message: ChatMessage): void {
    if (message.id) this.#outbox.remove(message.id);
    if (message.from !== 'customer') this.#showTyping(false);
    this.#change({ timeline: receive(this.state.timeline, message), waiting: this.#outbox.list() });
  }

  /** "Typing" whose end got lost on the way ends by itself. */
  #showTyping(on: boolean): void {
    clearTimeout(this.#typingOff);
    if (on) this.#typingOff = setTimeout(() => this.#change({ typing: false }), 30_000);
    if (on !== this.state.typing) this.#change({ typing: on });
  }

  /** Sends the outbox, oldest first, one at a time: the server's order is the customer's. */
  async #flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    let failures = 0;
    for (let next = this.#outbox.next(); next && this.#running; next = this.#outbox.next()) {
      let session: Session | undefined;
      try {
        session = await this.#session();
        const { seq } = await this.#api.send(session, next);
        this.#outbox.remove(next.id);
        this.#change({ timeline: acknowledge(this.state.timeline, next, seq), waiting: this.#outbox.list() });
        failures = 0;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.unknownToken && failures < WORRY) {
          this.#forget(session);
          this.#reconnect();
        } else if (error.retryable) await this.#sleep(Math.max(error.after, backoff(failures)));
        else this.#outbox.refuse(next.id, error.message || error.code);
        failures++;
        this.#change({ waiting: this.#outbox.list() });
      }
    }
    this.#sending = false;
  }

  /** The one session of this conversation, opened when first needed. */
  #session(): Promise<Session> {
    const opening = this.#opening ?? this.#open();
    this.#opening = opening;
    opening.catch(() => {
      this.#opening = undefined;
    });
    return opening;
  }

  async #open(): Promise<Session> {
    const { locale, identity } = this.#options;
    const stored = this.#stored();
    if (stored && !identity) return stored;
    const session = await this.#api.openSession(identity ? { locale, identity } : { locale }, stored);
    this.#keep(session);
    return session;
  }

  #stored(): Session | undefined {
    const text = this.#memory.get('session');
    return text?.startsWith('{') ? JSON.parse(text) : undefined;
  }

  #keep({ token, conversation }: Session): void {
    this.#memory.set('session', JSON.stringify({ token, conversation }));
    this.#opening = Promise.resolve({ token, conversation });
  }

  /** The next use opens a new session, unless another tab has put a newer one in place of this already. */
  #forget(session: Session | undefined): void {
    if (session?.token === this.#stored()?.token) {
      this.#memory.set('session', undefined);
      this.#memory.set('read', undefined);
    }
    this.#opening = undefined;
    this.#change({ timeline: EMPTY, loaded: false, waiting: this.#outbox.list() });
  }

  #reconnect(): void {
    this.#connection?.abort();
    this.wake();
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#sleepers.add(wake);
    });
  }

  get #readUpTo(): number {
    return Number(this.#memory.get('read') ?? 0);
  }

  #change(change: Partial<ChatState>): void {
    const state = { ...this.state, ...change };
    this.state = { ...state, unread: unread(state.timeline, this.#readUpTo) };
    for (const listener of this.#listeners) listener();
  }
}
