import type { RenderedReply } from '../../../handoff/replies.ts';
import type { KnowledgeProposal } from '../../../handoff/review/routing.ts';
import type { Act, Card, Colleague, Door, Outcome, Thread, Told, Wanted, World } from '../protocol.ts';

/** Something she is told in passing. */
export interface Notice {
  readonly id: number;
  readonly code: string;
  readonly holder: string;
}

/** All that the page knows. A new object after every change. */
export interface State {
  /** `undefined`: not asked yet. */
  readonly door: Door | undefined;
  readonly world: Omit<World, 'cards' | 'now'> | undefined;
  readonly cards: ReadonlyMap<string, Card>;
  /** Of the conversation that is open. */
  readonly thread: Thread | undefined;
  readonly open: string | undefined;
  /** Keys of the last line she has seen, by conversation. */
  readonly seen: ReadonlyMap<string, string>;
  readonly isLive: boolean;
  readonly notices: readonly Notice[];
  /** Why signing in did not work. */
  readonly refused: string | undefined;
  /** How far the house's clock is ahead of this one, in milliseconds. */
  readonly ahead: number;
}

export interface Store {
  readonly state: State;
  watch(listener: () => void): () => void;
  signIn(proof: { readonly code: string } | { readonly demo: string }): Promise<void>;
  signOut(): Promise<void>;
  open(conversation: string | undefined): void;
  /** Reads the open conversation again, with more of what was before. */
  earlier(): void;
  /** @returns was it done? */
  act(conversation: string, act: Act, version?: number): Promise<boolean>;
  setPresence(presence: string): Promise<void>;
  upload(conversation: string, file: File): Promise<Uploaded | undefined>;
  /** What may be said ready-made, filled in for this customer. */
  replies(conversation: string): Promise<readonly RenderedReply[]>;
  /** @returns what is masked there; `undefined`: it is not for her */
  reveal(conversation: string, what: string): Promise<string | undefined>;
  /** @returns these words in the customer's language, for her to read first; `undefined`: nothing came of it */
  translate(conversation: string, text: string): Promise<string | undefined>;
  /** Of an owner: what agents have corrected. */
  proposals(): Promise<readonly KnowledgeProposal[]>;
  decide(proposal: string, verdict: 'approved' | 'declined'): Promise<void>;
  dismiss(notice: number): void;
}

export interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

const ROOT = '/console/desk';
const SEEN = 'parley.desk.seen';
/** Lines of a conversation at a time, and how many more `earlier` brings. */
const POSTS = 80;
/** Milliseconds in which several pieces of news are one look. */
const LOOK = 40;
/** Milliseconds that a notice stays. */
const NOTICE = 9_000;
/** Milliseconds between tries of what the house could not take. */
const RETRIES = [400, 1_200, 3_000];

export function openStore(): Store {
  const listeners = new Set<() => void>();
  let state: State = {
    ...{ door: undefined, world: undefined, cards: new Map(), thread: undefined, open: undefined, seen: readSeen() },
    ...{ isLive: false, notices: [], refused: undefined, ahead: 0 },
  };
  let events: EventSource | undefined;
  let posts = POSTS;
  let looking: ReturnType<typeof setTimeout> | undefined;
  let count = 0;

  function change(changes: Partial<State>): void {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  }

  // — What the house tells —————————————————————————————————————————————————————————————————————————————————————

  function take(told: Told): void {
    switch (told.tell) {
      case 'world': {
        const { cards, now, ...world } = told.world;
        change({ world, cards: new Map(cards.map((card) => [card.conversation, card])), ahead: now - Date.now() });
        look();
        break;
      }
      case 'card':
        change({ cards: new Map(state.cards).set(told.card.conversation, told.card) });
        break;
      case 'gone': {
        const cards = new Map(state.cards);
        cards.delete(told.conversation);
        change({ cards, ...(state.open === told.conversation ? { open: undefined, thread: undefined } : {}) });
        break;
      }
      case 'news':
        if (told.conversation === state.open) look();
        break;
      case 'agents':
        if (state.world !== undefined) change({ world: { ...state.world, agents: told.agents } });
        break;
      case 'notice':
        // What her own click has met she is told by its answer.
        if (told.code === 'offer' || told.code === 'away') notify(told.code, '');
        break;
      case 'out':
        leave();
    }
  }

  function listen(): void {
    events?.close();
    events = new EventSource(`${ROOT}/events`);
    events.onopen = () => change({ isLive: true });
    events.onmessage = ({ data }: MessageEvent<string>) => take(JSON.parse(data) as Told);
    events.onerror = () => {
      if (state.isLive) change({ isLive: false });
      // A browser gives up on an answer that is no stream: the session is over, or the house not yet open.
      if (events?.readyState === EventSource.CLOSED) setTimeout(() => void knock(), 1_000);
    };
  }

  async function knock(): Promise<void> {
    const answer = await fetch(`${ROOT}/session`).catch(() => undefined);
    if (!answer?.ok) {
      change({ isLive: false });
      setTimeout(() => void knock(), 1_500);
      return;
    }
    const door = (await answer.json()) as Door;
    change({ door });
    if (door.me === undefined) leave();
    else listen();
  }

  function leave(): void {
    events?.close();
    events = undefined;
    if (state.world === undefined && state.door?.me === undefined) return;
    change({ world: undefined, cards: new Map(), thread: undefined, open: undefined, notices: [] });
    void knock();
  }

  function look(): void {
    clearTimeout(looking);
    looking = setTimeout(() => void read(), LOOK);
  }

  async function read(): Promise<void> {
    const { open } = state;
    if (open === undefined) return;
    const address = `${ROOT}/conversations/${encodeURIComponent(open)}?posts=${posts}`;
    const answer = await fetch(address).catch(() => undefined);
    if (!answer?.ok || state.open !== open) return;
    const thread = (await answer.json()) as Thread;
    if (state.open !== open) return;
    change({ thread, cards: new Map(state.cards).set(open, thread.card) });
    see(open, thread.card.last?.key);
  }

  function see(conversation: string, key: string | undefined): void {
    if (key === undefined || document.hidden || state.seen.get(conversation) === key) return;
    const seen = new Map(state.seen).set(conversation, key);
    change({ seen });
    localStorage.setItem(SEEN, JSON.stringify([...seen].slice(-500)));
  }

  // — What she wants ———————————————————————————————————————————————————————————————————————————————————————————

  /** The same command again until the house has taken it: it does nothing twice. */
  async function give(wanted: Wanted): Promise<Outcome | undefined> {
    for (const pause of [...RETRIES, undefined]) {
      const answer = await post('acts', wanted);
      if (answer?.ok) return (await answer.json()) as Outcome;
      if (answer?.status === 401) {
        leave();
        return undefined;
      }
      if (answer !== undefined && answer.status !== 503) return refusalIn(await problemOf(answer));
      if (pause !== undefined) await new Promise((done) => setTimeout(done, pause));
    }
    return undefined;
  }

  function notify(code: string, holder: string): void {
    count += 1;
    const id = count;
    change({ notices: [...state.notices.filter((one) => one.code !== code), { id, code, holder }].slice(-3) });
    setTimeout(() => dismiss(id), NOTICE);
  }

  function dismiss(id: number): void {
    change({ notices: state.notices.filter((one) => one.id !== id) });
  }

  async function signIn(proof: { readonly code: string } | { readonly demo: string }): Promise<void> {
    change({ refused: undefined });
    const answer = await post('session', proof);
    if (answer?.ok) return knock();
    const { message } = answer === undefined ? {} : await problemOf(answer);
    change({ refused: message ?? '' });
    await knock();
  }

  document.addEventListener('visibilitychange', () => {
    if (state.open !== undefined && !document.hidden) see(state.open, state.thread?.card.last?.key);
  });
  void begin();

  /** A link that lets her in has its code behind the `#`, which no server is told; it is taken away before anything else. */
  async function begin(): Promise<void> {
    const { code, conversation } = partsOf(location.hash);
    if (code !== undefined) {
      history.replaceState(null, '', location.pathname);
      return signIn({ code });
    }
    if (conversation !== undefined) change({ open: conversation });
    return knock();
  }

  return {
    get state() {
      return state;
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    signIn,
    async signOut() {
      await setPresence('offline');
      // Nothing more is asked for in the name of who goes.
      clearTimeout(looking);
      events?.close();
      await fetch(`${ROOT}/session`, { method: 'DELETE' }).catch(() => undefined);
      leave();
    },
    open(conversation) {
      posts = POSTS;
      change({ open: conversation, thread: undefined });
      const hash = conversation === undefined ? location.pathname : `#c=${encodeURIComponent(conversation)}`;
      history.replaceState(null, '', hash);
      void read();
    },
    earlier() {
      posts *= 3;
      void read();
    },
    async act(conversation, act, version) {
      const command = crypto.randomUUID();
      const outcome = await give({ conversation, command, act, ...(version === undefined ? {} : { version }) });
      if (outcome === undefined) notify('failed', '');
      else if (!outcome.ok) notify(outcome.code, outcome.holder ?? '');
      look();
      return outcome?.ok === true;
    },
    setPresence,
    async upload(conversation, file) {
      const answer = await fetch(`${ROOT}/files/${encodeURIComponent(conversation)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(file.name) },
        body: file,
      }).catch(() => undefined);
      if (answer?.ok) return (await answer.json()) as Uploaded;
      const { code, message } = answer === undefined ? {} : await problemOf(answer);
      notify(code ?? 'failed', message ?? '');
      return undefined;
    },
    async replies(conversation) {
      const answer = await fetch(`${ROOT}/replies/${encodeURIComponent(conversation)}`).catch(() => undefined);
      return answer?.ok ? ((await answer.json()) as readonly RenderedReply[]) : [];
    },
    async reveal(conversation, what) {
      const answer = await post(`reveal/${encodeURIComponent(conversation)}`, { what });
      if (answer === undefined) {
        notify('failed', '');
        return undefined;
      }
      const {
        value,
        code = 'failed',
        holder = '',
      } = (await answer.json()) as {
        readonly value?: string;
        readonly code?: string;
        readonly holder?: string;
      };
      if (value === undefined) notify(code, holder);
      return value;
    },
    async translate(conversation, text) {
      const answer = await post(`translate/${encodeURIComponent(conversation)}`, { text });
      if (answer === undefined) return undefined;
      return ((await answer.json()) as { readonly text?: string }).text;
    },
    async proposals() {
      const answer = await fetch(`${ROOT}/proposals`).catch(() => undefined);
      return answer?.ok ? ((await answer.json()) as readonly KnowledgeProposal[]) : [];
    },
    async decide(proposal, verdict) {
      const answer = await post(`proposals/${encodeURIComponent(proposal)}`, { verdict });
      if (answer?.ok) return;
      const { code, message } = answer === undefined ? {} : await problemOf(answer);
      notify(code ?? 'failed', message ?? '');
    },
    dismiss,
  };

  async function setPresence(presence: string): Promise<void> {
    const mine = (agent: Colleague) => agent.name === state.world?.me;
    const { world } = state;
    if (world !== undefined) {
      const agents = world.agents.map((agent) =>
        mine(agent) ? { ...agent, presence: presence as Colleague['presence'] } : agent,
      );
      change({ world: { ...world, agents } });
    }
    const answer = await post('presence', { presence });
    if (!answer?.ok) notify('failed', '');
  }
}

function post(name: string, body: unknown): Promise<Response | undefined> {
  return fetch(`${ROOT}/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
}

interface Problem {
  readonly code?: string;
  readonly message?: string;
}

async function problemOf(answer: Response): Promise<Problem> {
  return (await answer.json().catch(() => ({}))) as Problem;
}

function refusalIn({ code = 'failed', message = '' }: Problem): Outcome {
  return { ok: false, code, holder: message };
}

/** `#code=…` from a link that lets her in, `#c=…` from one to a conversation. */
function partsOf(hash: string): { readonly code?: string; readonly conversation?: string } {
  const parts = new URLSearchParams(hash.slice(1));
  const [code, conversation] = [parts.get('code'), parts.get('c')];
  return { ...(code === null ? {} : { code }), ...(conversation === null ? {} : { conversation }) };
}

function readSeen(): ReadonlyMap<string, string> {
  try {
    return new Map(JSON.parse(localStorage.getItem(SEEN) ?? '[]') as [string, string][]);
  } catch {
    // Somebody else's, or none: then everything is new once more.
    return new Map();
  }
}
