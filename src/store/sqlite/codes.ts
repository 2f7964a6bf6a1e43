import type { DeliveryStatus, StoredEntry } from '../store.ts';

/** Words that stand in many rows, as one byte each. Their order is on disk: only ever add to the end. */
const STATUSES: readonly DeliveryStatus[] = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown'];
const AUTHORS: readonly StoredEntry['from'][] = ['customer', 'bot', 'agent', 'system'];

export function statusCode(status: DeliveryStatus): number {
  return STATUSES.indexOf(status);
}

export function statusOf(code: number): DeliveryStatus {
  return STATUSES[code]!;
}

export function authorCode(author: StoredEntry['from']): number {
  return AUTHORS.indexOf(author);
}

export function authorOf(code: number): StoredEntry['from'] {
  return AUTHORS[code]!;
}
