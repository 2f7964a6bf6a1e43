import type { Event } from '../event.ts';
import type { Attachment, Choice } from '../message.ts';
import type { Shown } from '../store/store.ts';

/** What the transcript shows of an event: the customer's words, or the label of what she tapped. Other events are not shown. */
export function shownOf(
  id: string,
  event: Event,
  offered: readonly Choice[],
  attachments?: readonly Attachment[],
): Shown | undefined {
  switch (event.kind) {
    case 'message': {
      const files = event.attachments ?? attachments;
      const shown: Shown = { id, from: 'customer', message: { text: event.text } };
      return files === undefined || files.length === 0 ? shown : { ...shown, attachments: files };
    }
    case 'choice': {
      const label = event.label ?? offered.find(({ token }) => token === event.token)?.label;
      return { id, from: 'customer', message: { text: label ?? event.token } };
    }
    default:
      return undefined;
  }
}
