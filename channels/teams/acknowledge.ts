import type { CallContext, Part } from '#channel';
import { attach } from './card.ts';
import { callConnector } from './client.ts';
import { marked } from './mark.ts';
import type { Offer } from './offer.ts';
import type { TeamsSettings } from './settings.ts';
import { deliverFile, type FileReceipt } from './upload.ts';

/** What is needed to mark a card that was answered. */
export interface MarkReceipt {
  readonly address: string;
  /** Of the message that the card is in. */
  readonly id: string;
  readonly offer: Offer;
  readonly picked: string;
}

/**
 * Brings the file that she has agreed to; or writes what was picked onto the card, in place of its buttons, because a tap leaves no
 * words of its own in the chat.
 */
export async function acknowledge(receipt: Part, context: CallContext<TeamsSettings>): Promise<void> {
  if ('consented' in receipt) await deliverFile(receipt as unknown as FileReceipt, context);
  else await mark(receipt, context);
}

async function mark(receipt: Part, context: CallContext<TeamsSettings>): Promise<void> {
  const { address, id, offer, picked } = receipt as unknown as MarkReceipt;
  const message = { type: 'message', id, ...attach([marked(offer, picked)]) };
  await callConnector('PUT', address, `activities/${encodeURIComponent(id)}`, message, context);
}
