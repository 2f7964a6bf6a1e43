import type { Channel, Inbound, Media, SendContext } from '../channel.ts';
import type { Accepted, Engine } from '../engine/engine.ts';
import { ParleyError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Attachment } from '../message.ts';
import { cleanText, cleanValues } from './clean-text.ts';
import type { FileStore } from './file-store.ts';
import type { FileLimits } from './settings.ts';
import { sniffMedia } from './sniff.ts';

/** An account of `parley.yaml` whose customers write to us through a platform. */
export interface PlatformAccount {
  readonly channel: Channel;
  /** As the channel's own `settings` read them. */
  readonly settings: unknown;
}

export interface IntakeParts {
  readonly engine: Engine;
  readonly files: FileStore;
  readonly limits: FileLimits;
  readonly log: Log;
}

/**
 * Takes an event of a platform in: its words cleaned, its files first, then the event itself. Resolves when all is on disk.
 * @param passive answers the call that brought it, while that waits
 */
export type Intake = (
  account: PlatformAccount,
  inbound: Inbound,
  passive?: SendContext<unknown>['passive'],
) => Promise<Accepted>;

/** A customer's events one after the other, different customers' side by side: a file must not let what comes after it go first. */
export async function takeInOrder(
  events: readonly Inbound[],
  take: (inbound: Inbound) => Promise<Accepted>,
): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  await Promise.all(
    [...Map.groupBy(events, ({ address }) => address).values()].map(async (own) => {
      for (const inbound of own) accepted.push(await take(inbound));
    }),
  );
  return accepted;
}

/** Milliseconds for a file, and for telling the platform that an event is there. */
const FETCH_TIMEOUT = 20_000;
const ACKNOWLEDGE_TIMEOUT = 10_000;

export function createIntake({ engine, files, limits, log }: IntakeParts): Intake {
  return async (account, inbound, passive) => {
    const accepted = await engine.accept(await withFiles(account, inbound), passive);
    acknowledge(account, inbound);
    return accepted;
  };

  async function withFiles(account: PlatformAccount, inbound: Inbound): Promise<Inbound> {
    const { media = [], event } = inbound;
    if (event.kind === 'form' && event.values !== undefined)
      return { ...inbound, event: { ...event, values: cleanValues(event.values) } };
    if (event.kind !== 'message') return inbound;
    const words = cleanText(event.text);
    if (media.length === 0) return { ...inbound, event: { ...event, text: words } };
    const kept: Attachment[] = [];
    const missed: string[] = [];
    for (const one of media) {
      const attachment = await keep(account, inbound, one);
      if (attachment === undefined) missed.push(`[${one.name}]`);
      else kept.push(attachment);
    }
    const text = [words, ...missed].filter((line) => line !== '').join('\n');
    return { ...inbound, event: { ...event, text, attachments: [...(event.attachments ?? []), ...kept] } };
  }

  /** `undefined`: it cannot be had or is not taken, today or ever; the customer's words are not to be lost over it. */
  async function keep(
    { channel, settings }: PlatformAccount,
    inbound: Inbound,
    media: Media,
  ): Promise<Attachment | undefined> {
    // The conversation may not have begun, so its files are shelved by what it will be known by.
    const shelf = `${inbound.account}\n${inbound.address}`;
    try {
      if ((media.size ?? 0) > limits.size) throw refused('channel.media_too_large');
      const bytes = await channel.fetch?.(media, { settings, signal: AbortSignal.timeout(FETCH_TIMEOUT) });
      if (bytes === undefined) throw refused('channel.media_unfetched');
      if (bytes.byteLength > limits.size) throw refused('channel.media_too_large');
      const type = sniffMedia(bytes);
      if (type === undefined) throw refused('channel.media_type');
      if ((await files.used(shelf)) + bytes.byteLength > limits.total) throw refused('channel.media_full');
      return await files.keep(shelf, { name: media.name, type, bytes });
    } catch (error) {
      if (!(error instanceof ParleyError) || error.retryable) throw error;
      log.warn('channel.media_refused', { error, account: inbound.account });
      return undefined;
    }
  }

  /** Not waited for: the event is safe, and the platform's call is to be answered soon. */
  function acknowledge({ channel, settings }: PlatformAccount, { receipt, account }: Inbound): void {
    if (receipt === undefined || channel.acknowledge === undefined) return;
    channel
      .acknowledge(receipt, { settings, signal: AbortSignal.timeout(ACKNOWLEDGE_TIMEOUT) })
      .catch((error: unknown) => log.warn('channel.acknowledge_failed', { error, account }));
  }
}

function refused(code: string): ParleyError {
  return new ParleyError(code, 'A file that a customer sent was not taken.', {
    hint: 'The limits are `files` in parley.yaml; pictures, PDF, text and voice are taken.',
  });
}
