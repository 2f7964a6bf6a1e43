import { Refusal, reach } from './api.ts';
import { backoff } from './backoff.ts';
import { type Outgoing, openOutbox } from './outbox.ts';
import type { Frame, Session, Signal, StoredFile } from './protocol.ts';
import type { Memory } from './storage.ts';
import { acknowledge, EMPTY, mark, receive, resumeAfter, type Timeline, unread } from './timeline.ts';
import { TRANSPORTS } from './transport.ts';

/** What the view draws. A new object after every change. */
export interface ChatState {
  readonly connection: 'connecting' | 'live' | 'offline' | 'failed';
  /** Has the conversation so far been fetched? */
  readonly loaded: boolean;
  readonly timeline: Timeline;
  readonly waiting: readonly Outgoing[];
  /** Files for the next message. */
  readonly uploads: readonly Upload[];
  readonly typing: boolean;
  readonly unread: number;
  /** The last message could not be kept: the outbox was full. */
  readonly full: boolean;
}

/** A file on its way to the conversation's store, or there already. */
export interface Upload {
  readonly key: string;
  readonly name: string;
  /** 1 once the server has it, or has refused it. */
  readonly progress: number;
  readonly stored?: StoredFile;
  /** What the server said against it; may be empty. */
  readonly failed?: string;
  readonly abort: AbortController;
}

export interface ChatOptions {
  /** Address of the Parley server, ending with a slash. */
  readonly server: string;
  readonly memory: Memory;
  readonly locale: () => string;
  /** A short-lived token signed by the business that says who the customer is. */
  readonly identity?: string | undefined;
  /** Called after every change of the state. */
  changed(): void;
}

/** The conversation, for the view to show and to use. */
export interface Chat {
  readonly state: ChatState;
  /** Address of the Parley server. */
  readonly server: string;
  /** Does this browser have a conversation here already? */
  known(): boolean;
  /** Opens the conversation, or resumes it, and stays connected until {@link stop}. */
  start(): void;
  stop(): void;
  /** Puts a message in the outbox, a text with the files that are ready; false when there is nothing to send or no room. */
  send(content: Pick<Outgoing, 'text' | 'answer'>): boolean;
  /** Sends again what the server has refused. */
  retry(id: string): void;
  discard(id: string): void;
  /** Uploads files at once, for the message that is being written. */
  attach(files: Iterable<File>): void;
  detach(key: string): void;
  /** Tells the other side whether the customer is writing, where the connection can carry it. */
  type(on: boolean): void;
  /** The customer has seen everything there is. */
  read(): void;
  /** Binds the conversation to the customer that `identity` names. Rejects with {@link Refusal} when the server does not believe it. */
  identify(identity: string): Promise<void>;
  /** Leaves this conversation behind and begins a new one. */
  restart(): void;
  /** Something may have changed for the better (online again, tab in view): try now instead of later. */
  wake(): void;
  /** The browser says that the network is gone: do not wait for the connection to find out. */
  lost(): void;
  /** Another tab has written to the shared memory. */
  shared(): void;
}

/** How many tries in a row may fail before the customer is told so. */
const WORRY = 3;
/** A connection that has said nothing by then is taken for swallowed by a proxy. Milliseconds. */
const PATIENCE = 10_000;

/**
 * The conversation behind the view: opens or resumes the session, keeps one connection alive, sends what is in the outbox.
 *
 * Messages go out by POST whatever carries the answers: its status says at once whether the server has the message, must be asked
 * again later, or refuses it, and a proxy that breaks sockets does not break sending.
 */
export function createChat({ server, memory, locale, identity, changed }: ChatOptions): Chat {
  const api = reach(server);
  const outbox = openOutbox(memory);
  const sleepers = new Set<() => void>();
  let opening: Promise<Session> | undefined;
  let token: string | undefined;
  let connection: AbortController | undefined;
  let signalBack: ((signal: Signal) => void) | undefined;
  let running = false;
  let sending = false;
  let state: ChatState = {
    connection: 'connecting',
    loaded: false,
    timeline: EMPTY,
    waiting: outbox.list(),
    uploads: [],
    typing: false,
    unread: 0,
    full: false,
  };

  const readUpTo = () => Number(memory.get('read') ?? 0);
  const stored = (): Session | undefined => {
    const token = memory.get('token');
    return token === undefined ? token : { token };
  };

  function change(changes: Partial<ChatState>): void {
    const next = { ...state, waiting: outbox.list(), ...changes };
    state = { ...next, unread: unread(next.timeline, readUpTo()) };
    changed();
  }

  function wake(): void {
    for (const wake of sleepers) wake();
  }

  function reconnect(): void {
    connection?.abort();
    wake();
  }

  function sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      sleepers.add(wake);
    });
  }

  async function stayConnected(): Promise<void> {
    let failures = 0;
    let way = 0;
    while (running) {
      let heard = false;
      let session: Session | undefined;
      const line = new AbortController();
      const { signal } = line;
      connection = line;
      setTimeout(() => heard || line.abort(), PATIENCE);
      try {
        session = await openSession();
        token = session.token;
        await (TRANSPORTS[way % TRANSPORTS.length] ?? TRANSPORTS[0])({
          api,
          session,
          after: resumeAfter(state.timeline),
          signal,
          opened: (tell) => {
            signalBack = tell;
          },
          take: (frame) => {
            if (signal.aborted) return;
            heard = true;
            failures = 0;
            take(frame);
          },
        });
      } catch (error) {
        heed(error, session);
      }
      signalBack = undefined;
      // What has worked is tried again; what never got through makes room for a humbler way.
      if (!heard && navigator.onLine) way++;
      change({
        connection: navigator.onLine ? (failures < WORRY ? 'connecting' : 'failed') : 'offline',
        typing: false,
      });
      if (!signal.aborted || !navigator.onLine) await sleep(backoff(failures++));
    }
  }

  function take(frame: Frame): void {
    const { timeline } = state;
    if (frame.type === 'ready') {
      change({ connection: 'live', loaded: true });
      wake();
    }
    if (frame.type === 'message') {
      const { id, from } = frame.message;
      const own = from === 'customer';
      if (own) outbox.remove(id ?? '');
      change({ timeline: receive(timeline, frame.message), typing: own && state.typing });
    }
    if (frame.type === 'status') change({ timeline: mark(timeline, frame.seq, frame.status) });
    if (frame.type === 'typing') change({ typing: frame.on });
  }

  /** Sends the outbox, oldest first, one at a time: the server's order is the customer's. */
  async function flush(): Promise<void> {
    if (sending) return;
    sending = true;
    let failures = 0;
    for (let next = outbox.next(); next && running; next = outbox.next()) {
      let session: Session | undefined;
      try {
        session = await openSession();
        const { seq } = await api.send(session, next);
        outbox.remove(next.id);
        change({ timeline: acknowledge(state.timeline, next, seq) });
        failures = 0;
      } catch (error) {
        const { retryable, after, message } = heed(error, session);
        if (retryable) await sleep(Math.max(after, backoff(failures++)));
        // Without a session there is a new one to try first.
        else if (opening) outbox.refuse(next.id, message);
        change({});
      }
    }
    sending = false;
  }

  async function upload(file: File): Promise<void> {
    const { name } = file;
    const key = crypto.randomUUID();
    const abort = new AbortController();
    const update = (changes: Partial<Upload>) =>
      change({ uploads: state.uploads.map((one) => (one.key === key ? { ...one, ...changes } : one)) });
    change({ uploads: [...state.uploads, { key, name, progress: 0, abort }] });
    try {
      update({
        stored: await api.upload(await openSession(), file, (progress) => update({ progress }), abort.signal),
        progress: 1,
      });
    } catch (error) {
      update({ failed: heed(error).message, progress: 1 });
    }
  }

  /** What went wrong, if it went wrong between us and the server. A token that is no longer known is given up. */
  function heed(error: unknown, session?: Session): Refusal {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401 && session) forget(session);
    return error;
  }

  /** The one session of this conversation, opened when first needed. */
  function openSession(): Promise<Session> {
    const known = stored();
    opening ??= (
      known && !identity ? Promise.resolve(known) : api.openSession({ locale: locale(), identity }, known).then(keep)
    ).catch((error) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  function keep(session: Session): Session {
    memory.set('token', session.token);
    opening = Promise.resolve(session);
    return session;
  }

  /** The next use opens a new session, unless another tab has put a newer one in place of this already. */
  function forget(session: Session | undefined): void {
    if (session?.token === memory.get('token')) {
      memory.set('token', undefined);
      memory.set('read', undefined);
    }
    beginAgain();
  }

  function beginAgain(): void {
    opening = undefined;
    change({ timeline: EMPTY, loaded: false });
    reconnect();
  }

  return {
    server,
    get state() {
      return state;
    },
    known: () => stored() !== undefined,
    start() {
      if (running) return;
      running = true;
      void stayConnected();
      void flush();
    },
    stop() {
      running = false;
      reconnect();
    },
    send(content) {
      const files = content.answer ? [] : state.uploads.flatMap(({ stored }) => stored ?? []);
      if (!content.text && !files[0]) return false;
      const full = !outbox.add({ ...content, ...(files[0] && { files }), id: crypto.randomUUID(), at: Date.now() });
      change({ full, uploads: full || content.answer ? state.uploads : [] });
      wake();
      void flush();
      return !full;
    },
    retry(id) {
      outbox.refuse(id, undefined);
      change({});
      void flush();
    },
    discard(id) {
      outbox.remove(id);
      change({});
    },
    attach(files) {
      for (const file of files) void upload(file);
    },
    detach(key) {
      state.uploads.find((upload) => upload.key === key)?.abort.abort();
      change({ uploads: state.uploads.filter((upload) => upload.key !== key) });
    },
    type: (on) => signalBack?.({ type: 'typing', on }),
    read() {
      const seq = state.timeline.messages.at(-1)?.seq ?? 0;
      if (seq <= readUpTo()) return;
      memory.set('read', String(seq));
      signalBack?.({ type: 'read', seq });
      change({});
    },
    async identify(identity) {
      keep(await api.openSession({ identity }, await openSession()));
      reconnect();
    },
    restart() {
      outbox.clear();
      forget(stored());
    },
    wake,
    lost() {
      reconnect();
      change({ connection: 'offline' });
    },
    shared() {
      if (running && stored()?.token !== token) beginAgain();
      else change({});
    },
  };
}
