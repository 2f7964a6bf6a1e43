import type { Event } from '../event.ts';
import { answersInWords } from '../form.ts';
import type { Attachment, Message } from '../message.ts';
import type { Shown } from '../store/store.ts';

/** What the bot offered last. */
export type Offered = Pick<Message, 'choices' | 'form'>;

/** What the transcript shows of an event: the customer's words, the label of what she tapped, a form line by line. Other events are not shown. */
export function shownOf(
  id: string,
  event: Event,
  offered: Offered,
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
        .map((picked) => offered.choices?.find(({ token }) => token === picked)?.label ?? picked);
      return { id, from: 'customer', message: { text: event.label ?? labels.join(', ') } };
    }
    case 'form': {
      const { token, values } = event;
      if (values === undefined) return undefined;
      // Of a form that is not open any more nobody knows here which of its fields were secrets.
      const text = offered.form?.token === token ? answersInWords(offered.form, values) : '••••••';
      return { id, from: 'customer', message: { text } };
    }
    default:
      return undefined;
  }
}
