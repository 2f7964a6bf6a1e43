import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import type { Log } from '../log.ts';
import type { Attachment } from '../message.ts';
import type { Connections } from './connections.ts';
import type { FileStore } from './file-store.ts';
import type { Identify, Identity } from './identity.ts';
import type { Metrics } from './metrics.ts';
import type { RateLimit } from './rate-limit.ts';
import { Refusal } from './refusal.ts';
import type { ChatSettings } from './settings.ts';
import { addressOf, heldBy, isToken, newToken, raisedToken, unknownToken } from './token.ts';
import { readSendRequest, toEvent } from './wire.ts';

/** The web chat's door, whichever way a client comes in: over HTTP, a socket or an event stream. */
export interface Chat {
  readonly engine: Engine;
  readonly settings: ChatSettings;
  readonly files: FileStore;
  readonly connections: Connections;
  readonly limits: Readonly<Record<'visitor' | 'network' | 'sessions', RateLimit>>;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Begins a conversation. */
  open(request: OpenRequest): Promise<Session>;
  /** Proves who the visitor of a running conversation is. */
  raise(token: string, identity: string): Promise<Session>;
  /** Whose token is this? @throws `chat.unknown_token` */
  visit(token: string): Promise<Visit>;
  /** Takes what the customer wrote, tapped or attached. The same id again changes nothing. */
  send(visit: Visit, request: unknown): Promise<Sent>;
  /** The customer has seen everything up to `seq`. */
  read(visit: Visit, seq: number): Promise<void>;
}

export interface OpenRequest {
  readonly locale?: string | undefined;
  readonly identity?: string | undefined;
}

export interface Session {
  readonly token: string;
  readonly conversation: string;
  /** Was something begun or proven, or was everything so already? */
  readonly fresh: boolean;
}

export interface Visit {
  readonly conversation: string;
  readonly address: string;
}

export interface Sent {
  readonly id: string;
  readonly seq: number;
  readonly duplicate: boolean;
}

export type ChatParts = Omit<Chat, 'open' | 'raise' | 'visit' | 'send' | 'read'> & {
  /** The web chat's account in `parley.yaml`. */
  readonly account: string;
  readonly identify: Identify;
};

export function createChat(parts: ChatParts): Chat {
  const { engine, account, identify, connections, limits, files, metrics } = parts;

  async function open({ locale, identity }: OpenRequest): Promise<Session> {
    // Verified before anything is created.
    const proven = identity === undefined ? undefined : await identify(identity);
    const token = newToken(proven?.customer);
    const address = addressOf(token);
    const inbound = { account, address, key: 'session:opened', ...(locale === undefined ? {} : { locale }) };
    const { conversation } = await engine.accept({
      ...inbound,
      event: locale === undefined ? { kind: 'opened' } : { kind: 'opened', locale },
    });
    if (proven !== undefined) await identified({ address, conversation }, identity ?? '', proven);
    metrics.count('parley_sessions_total');
    return { token, conversation, fresh: true };
  }

  async function raise(token: string, identity: string): Promise<Session> {
    const proven = await identify(identity);
    // The old token is gone after a first, unheard answer: then the derived one already opens the conversation.
    const raised = raisedToken(token, identity, proven.customer);
    const done = await find(raised);
    if (done !== undefined) return { token: raised, conversation: done.conversation, fresh: false };

    const visitor = await visit(token);
    switch (heldBy(token, proven.customer)) {
      case 'same':
        await identified(visitor, identity, proven);
        return { token, conversation: visitor.conversation, fresh: false };
      case 'other':
        // Somebody else at the same screen: her conversation begins anew and shows nothing of the one before.
        return open({ identity });
      case 'nobody': {
        await identified(visitor, identity, proven);
        await engine.readdress(account, visitor.address, addressOf(raised));
        connections.withdraw(visitor.address);
        return { token: raised, conversation: visitor.conversation, fresh: true };
      }
    }
  }

  async function identified({ address }: Visit, identity: string, proven: Identity): Promise<void> {
    const { customer, attributes } = proven;
    await engine.accept({
      account,
      address,
      key: `session:identified:${createHash('sha256').update(identity).digest('base64url')}`,
      event: { kind: 'identified', customer, attributes },
    });
  }

  async function visit(token: string): Promise<Visit> {
    const found = isToken(token) ? await find(token) : undefined;
    if (found === undefined) throw unknownToken();
    return found;
  }

  async function find(token: string): Promise<Visit | undefined> {
    const address = addressOf(token);
    const conversation = await engine.find(account, address);
    return conversation === undefined ? undefined : { conversation, address };
  }

  async function send(visitor: Visit, body: unknown): Promise<Sent> {
    limits.visitor.take(visitor.conversation);
    const request = readSendRequest(body);
    const attachments = 'files' in request ? await attached(visitor, request.files) : [];
    const accepted = await engine.accept({
      account,
      address: visitor.address,
      // Keys are unique to their conversation, and those of the door itself have a colon, which a client's id cannot have.
      key: request.id,
      event: toEvent(request, attachments),
      ...(attachments.length === 0 ? {} : { attachments }),
    });
    metrics.count(accepted.duplicate ? 'parley_duplicate_total' : 'parley_accepted_total', { door: 'chat' });
    return { id: request.id, seq: accepted.seq, duplicate: accepted.duplicate };
  }

  async function attached({ conversation }: Visit, ids: readonly string[]): Promise<readonly Attachment[]> {
    return Promise.all(
      ids.map(async (id) => {
        const attachment = await files.describe(id, conversation);
        if (attachment !== undefined) return attachment;
        throw new Refusal(422, 'chat.unknown_file', 'A file of this message was not uploaded here.', {
          hint: 'Upload it with POST /chat/files first, with the same token.',
        });
      }),
    );
  }

  async function read({ conversation }: Visit, seq: number): Promise<void> {
    await engine.seen(conversation, seq);
  }

  return { ...parts, open, raise, visit, send, read };
}
