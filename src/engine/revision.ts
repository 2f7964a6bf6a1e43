import type { Channel } from '../channel.ts';
import { ParleyError } from '../errors.ts';
import type { Message } from '../message.ts';
import type { Conversation, StoredEntry } from '../store/store.ts';
import type { Shared } from './parts.ts';
import { SEND_TIMEOUT } from './send.ts';
import type { Watchers } from './watchers.ts';

/**
 * Changes or takes back what was said: at the platform first, part by part, then in the transcript. Neither is durable before it is
 * done: who asked is told of a failure, and asks again.
 */
export class Revision {
  readonly #shared: Shared;
  readonly #watchers: Watchers;

  constructor(shared: Shared, watchers: Watchers) {
    this.#shared = shared;
    this.#watchers = watchers;
  }

  async edit(conversation: string, seq: number, message: Message): Promise<void> {
    const said = await this.#find(conversation, seq);
    const { channel, settings, ids, stored, entry } = said;
    if (channel.send !== undefined) {
      const { publicUrl } = this.#shared;
      const context = { locale: stored.locale, settings, ...(publicUrl === undefined ? {} : { publicUrl }) };
      const parts = channel.plan([message], context);
      if (channel.edit === undefined || ids.length !== parts.length) throw fixed();
      for (const [index, part] of parts.entries()) await channel.edit(part, this.#contextOf(said, index));
    }
    await this.#shared.store.revise(conversation, seq, message);
    this.#watchers.tell(conversation, { kind: 'entries', entries: [{ ...entry, message }] });
  }

  async remove(conversation: string, seq: number): Promise<void> {
    const said = await this.#find(conversation, seq);
    if (said.channel.remove === undefined) throw fixed();
    for (const index of said.ids.keys()) await said.channel.remove(this.#contextOf(said, index));
  }

  async #find(conversation: string, seq: number): Promise<Said> {
    const { store, channels } = this.#shared;
    const stored = await store.find(conversation);
    const account = stored === undefined ? undefined : channels.get(stored.account);
    const [entry] = stored === undefined ? [] : await store.transcript(conversation, seq - 1, 1);
    if (stored === undefined || account === undefined || entry?.seq !== seq || entry.from === 'customer') {
      throw new ParleyError('engine.not_said', 'Nothing of ours has this number in this conversation.');
    }
    const ids = await store.receipts(conversation, seq);
    const known = ids.filter((id) => id !== undefined);
    if (account.channel.send !== undefined && (known.length === 0 || known.length !== ids.length)) throw fixed();
    return { ...account, stored, entry, ids: known };
  }

  #contextOf({ settings, stored, entry, ids }: Said, index: number) {
    const signal = AbortSignal.any([this.#shared.abort.signal, AbortSignal.timeout(SEND_TIMEOUT)]);
    return { settings, address: stored.address, key: `${stored.id}.${entry.seq}.${index}`, signal, id: ids[index]! };
  }
}

interface Said {
  readonly channel: Channel;
  readonly settings: unknown;
  readonly stored: Conversation;
  readonly entry: StoredEntry;
  /** By part. */
  readonly ids: readonly string[];
}

function fixed(): ParleyError {
  return new ParleyError('engine.cannot_revise', 'What was said there cannot be changed any more.', {
    hint: 'It has not been sent yet, its app does not allow it, or it would take another number of messages.',
  });
}
