import { type Api, Refusal } from './api.ts';
import type { Frame, Session, Signal } from './protocol.ts';

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
  /** Hang up. */
  readonly signal: AbortSignal;
  take(frame: Frame): void;
  /** Called with the way to signal back, where there is one. */
  opened(signal: (signal: Signal) => void): void;
}

export const TRANSPORTS: readonly [Transport, ...Transport[]] = [socket, eventStream, longPoll];

/** Seconds that the server may hold a poll. */
const POLL = 25;

/** The token goes in the first frame: browsers cannot set headers here, and addresses are logged. */
function socket({ api, session, after, signal, take, opened }: Line): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(api.socket);
    const tell = (frame: object) => socket.send(JSON.stringify(frame));
    signal.onabort = () => socket.close();
    socket.onopen = () => tell({ token: session.token, after });
    socket.onmessage = ({ data }) => {
      const frame: Frame = JSON.parse(data);
      if (frame.type === 'ready') opened(tell);
      if (frame.type === 'error' && frame.code === 'chat.unknown_token') {
        reject(new Refusal(401, frame));
        socket.close();
      } else take(frame);
    };
    socket.onclose = () => resolve();
  });
}

/** Server-sent events, read from `fetch` because `EventSource` cannot carry an Authorization header. */
async function eventStream({ api, session, after, signal, take }: Line): Promise<void> {
  const { body } = await api.events(session, after, signal);
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  // A stream that breaks has ended, for whatever reason: the next one goes on where it stopped.
  const next = () => reader?.read().catch(() => undefined);
  for (let part = await next(); part?.value !== undefined; part = await next()) {
    const lines = (text + part.value).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) take(JSON.parse(line.slice(5)));
  }
}

/** Works wherever a request does. */
async function longPoll({ api, session, after, signal, take }: Line): Promise<void> {
  for (let last = after, wait = 0; !signal.aborted; wait = POLL) {
    const asked = Date.now();
    const { messages } = await api.messages(session, last, wait, signal);
    for (const message of messages) {
      last = Math.max(last, message.seq);
      take({ type: 'message', message });
    }
    take({ type: 'ready', last });
    // A server that cannot hold a request must not be asked in a tight loop.
    if (wait && !messages[0] && Date.now() - asked < 1000) await new Promise((go) => setTimeout(go, 2000));
  }
}
