import { type Inbound, ParleyError, type PullContext, type Pulled } from '#channel';
import { eventsOf } from './receive.ts';
import type { SlackSettings } from './settings.ts';
import { Socket } from './socket.ts';

const sockets = new WeakMap<SlackSettings, Socket>();

/**
 * Socket Mode. The cursor is the last envelope of what was handed out: asking with it acknowledges all of them, because only then are
 * they on disk. It need not outlive the process: Slack sends again what was not acknowledged, and its keys are known.
 */
export async function pull({ settings, account, cursor, signal }: PullContext<SlackSettings>): Promise<Pulled> {
  const socket = await openSocket(settings, signal);
  await socket.confirm(cursor);
  const envelopes = await socket.next(signal);
  const events: Inbound[] = [];
  const unreadable: ParleyError[] = [];
  for (const { body } of envelopes) {
    try {
      events.push(...eventsOf(body, account, settings));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      unreadable.push(error);
    }
  }
  return { events, unreadable, cursor: envelopes.at(-1)?.envelope_id ?? cursor ?? '' };
}

async function openSocket(settings: SlackSettings, signal: AbortSignal): Promise<Socket> {
  const known = sockets.get(settings);
  if (known !== undefined && !known.isClosed) return known;
  const socket = await Socket.open(settings, signal);
  sockets.set(settings, socket);
  signal.addEventListener('abort', () => socket.close(), { once: true });
  return socket;
}
