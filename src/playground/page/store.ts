import type { Act, ChannelView, DeskView, PhoneView, Told, TracedTurn, Who, World } from '../protocol.ts';

/** Somebody to be, as the demo shop tells of her. */
export interface Person extends Who {
  /** What there is to see with her. */
  readonly shows: string;
  readonly orders: readonly { readonly id: string; readonly status: string }[];
}

export function whoIs({ name, email, locale }: Person): Who {
  return { name, email, locale };
}

export interface Letter {
  readonly subject?: string;
  readonly text?: string;
  readonly code?: string | null;
}

/** All that the page knows. A new object after every change. */
export interface State {
  readonly world: World | undefined;
  readonly phones: Readonly<Record<string, PhoneView>>;
  readonly traces: Readonly<Record<string, readonly TracedTurn[]>>;
  /** Which conversation each of them shows. */
  readonly conversations: Readonly<Record<string, string | undefined>>;
  /** The agents' workspace; absent: nobody works there. */
  readonly desk: DeskView | undefined;
  /** By their ids, in the order of the workspace. */
  readonly channels: Readonly<Record<string, ChannelView>>;
  readonly people: readonly Person[];
  /** Of whoever holds the phones, newest first. */
  readonly mail: readonly Letter[];
  readonly live: boolean;
  /** Why the last act was not done. */
  readonly refused: string | undefined;
}

export interface Store {
  readonly state: State;
  act(act: Act): void;
  watch(listener: () => void): () => void;
}

/** Milliseconds after something happened in which a letter may come. */
const MAIL_LOOKS = [150, 900];

export function openStore(): Store {
  const listeners = new Set<() => void>();
  let state: State = {
    world: undefined,
    phones: {},
    traces: {},
    conversations: {},
    desk: undefined,
    channels: {},
    people: [],
    mail: [],
    live: false,
    refused: undefined,
  };
  let looks: ReturnType<typeof setTimeout>[] = [];

  function change(changes: Partial<State>): void {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  }

  function take(told: Told): void {
    switch (told.tell) {
      case 'world':
        if (told.world.who.email !== state.world?.who.email) change({ mail: [] });
        change({ world: told.world, live: true });
        break;
      case 'phone':
        change({ phones: { ...state.phones, [told.phone.kind]: told.phone } });
        break;
      case 'trace':
        change({
          traces: { ...state.traces, [told.trace.kind]: told.trace.turns },
          conversations: { ...state.conversations, [told.trace.kind]: told.trace.conversation },
        });
        break;
      case 'desk':
        return change({ desk: told.desk });
      case 'channel':
        return change({ channels: { ...state.channels, [told.channel.id]: told.channel } });
    }
    lookForMail();
  }

  function lookForMail(): void {
    for (const look of looks) clearTimeout(look);
    looks = MAIL_LOOKS.map((after) => setTimeout(() => void readMail(), after));
  }

  async function readMail(): Promise<void> {
    const email = state.world?.who.email;
    if (email === undefined) return;
    const mail = await listOf<Letter>(`/demo/mailbox/${encodeURIComponent(email)}`);
    if (email === state.world?.who.email && JSON.stringify(mail) !== JSON.stringify(state.mail)) change({ mail });
  }

  async function act(wanted: Act): Promise<void> {
    const answer = await fetch('/playground/acts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wanted),
    }).catch(() => undefined);
    if (answer?.ok) return change({ refused: undefined });
    const problem: { message?: string } = (await answer?.json().catch(() => undefined)) ?? {};
    change({ refused: problem.message ?? '' });
  }

  const events = new EventSource('/playground/events');
  events.onmessage = ({ data }: MessageEvent<string>) => take(JSON.parse(data) as Told);
  events.onerror = () => change({ live: false });
  void listOf<Person>('/demo/people.json').then((people) => change({ people }));

  return {
    get state() {
      return state;
    },
    act: (wanted) => void act(wanted),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** What the shop tells; nothing where it is away. */
async function listOf<T>(address: string): Promise<readonly T[]> {
  const answer = await fetch(address).catch(() => undefined);
  const list: unknown = answer?.ok ? await answer.json() : [];
  return Array.isArray(list) ? (list as T[]) : [];
}
