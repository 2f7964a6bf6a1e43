import type { DeliveryStatus } from './store.ts';

/**
 * How far a message has come. What is reported late changes nothing: a failure is heard after `sent`, an arrival is proof against
 * whatever was thought before, and what was read is read.
 */
const FAR: Readonly<Record<DeliveryStatus, number>> = {
  queued: 0,
  sending: 0,
  unknown: 0,
  sent: 1,
  failed: 2,
  delivered: 3,
  read: 4,
};

/** The status after a report. */
export function further(known: DeliveryStatus, reported: DeliveryStatus): DeliveryStatus {
  return FAR[reported] > FAR[known] ? reported : known;
}

/** A message of several parts has come as far as the last of them; it has failed when one of them has. */
export function ofAll(parts: readonly DeliveryStatus[]): DeliveryStatus {
  if (parts.includes('failed')) return 'failed';
  return parts.reduce((least, part) => (FAR[part] < FAR[least] ? part : least), 'read');
}
