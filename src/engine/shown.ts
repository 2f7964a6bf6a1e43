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
      // Several picked at once are one answer, their tokens joined by commas.
      const labels = event.token
        .split(',')
        .map((picked) => offered.find(({ token }) => token === picked)?.label ?? picked);
      return { id, from: 'customer', message: { text: event.label ?? labels.join(', ') } };
    }
    default:
      return undefined;
  }
}
