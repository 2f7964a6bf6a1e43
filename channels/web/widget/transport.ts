import { type Api, Refusal } from './api.ts';
import type { ChatMessage, Frame, Session, Signal } from './protocol.ts';

/**
 * One way of hearing from the server. Settles when the connection is over: resolved when it merely ended, rejected with a
 * {@link Refusal} when the server said no. Three are tried in turn, because each passes a network that the one before it does not.
 */
export type Transport = (line: Line) => Promise<void>;

export interface Line {
  readonly api: Api;
  readonly session: Session;
  /** Wanted: every message with a greater `seq`. */
  readonly after: number;
  readonly signal: AbortSignal;
  take(frame: Frame): void;
  /** Called with the way to signal back, where there is one. */
  opened(signal: (signal: Signal) => void): void;
}

export const TRANSPORTS: readonly Transport[] = [socket, eventStream, longPoll];

/** A connection that has said nothing at all by then is taken for swallowed by a proxy. Milliseconds. */
const PATIENCE = 10_000;
/** Seconds that the server may hold a poll. */
const POLL = 25;

/** The token goes in the first frame: browsers cannot set headers here, and addresses are logged. */
function socket({ api, session, after, signal, take, opened }: Line): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${api.server.replace(/^http/, 'ws')}chat/socket`);
    const patience = setTimeout(() => socket.close(), PATIENCE);
    const abort = () => socket.close();
    signal.addEventListener('abort', abort);
    socket.onopen = () => socket.send(JSON.stringify({ token: session.token, after }));
    socket.onmessage = ({ data }) => {
      clearTimeout(patience);
      const frame: Frame = JSON.parse(data);
      if (frame.type === 'error' && frame.code === 'chat.unknown_token') {
        reject(new Refusal(401, frame));
        socket.close();
      }
      if (frame.type === 'ready') opened((said) => socket.readyState === 1 && socket.send(JSON.stringify(said)));
      take(frame);
    };
    socket.onclose = () => {
      clearTimeout(patience);
      signal.removeEventListener('abort', abort);
      resolve();
    };
  });
}

/** Server-sent events, read from `fetch` because `EventSource` cannot carry an Authorization header. */
async function eventStream({ api, session, after, signal, take }: Line): Promise<void> {
  const quiet = new AbortController();
  const patience = setTimeout(() => quiet.abort(), PATIENCE);
  const either = AbortSignal.any([signal, quiet.signal]);
  const response = await api.request(`events?after=${after}`, { signal: either }, session.token);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      const lines = (text + part.value).split(/\r?\n/);
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data:')) continue;
        clearTimeout(patience);
        take(JSON.parse(line.slice(5)));
      }
    }
  } catch (cause) {
    throw new Refusal(0, { message: String(cause) });
  } finally {
    clearTimeout(patience);
  }
}

/** Works wherever a request does. */
async function longPoll({ api, session, after, signal, take }: Line): Promise<void> {
  let last = after;
  for (let wait = 0; !signal.aborted; wait = POLL) {
    const asked = Date.now();
    const { messages }: { messages: ChatMessage[] } = await api.messages(session, last, wait, signal);
    for (const message of messages) {
      last = Math.max(last, message.seq);
      take({ type: 'message', message });
    }
    take({ type: 'ready', last });
    // A server that cannot hold a request must not be asked in a tight loop.
    if (wait > 0 && messages.length === 0 && Date.now() - asked < 1000) await new Promise((go) => setTimeout(go, 2000));
  }
}
