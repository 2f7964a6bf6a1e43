import type { Field, Form } from '#channel';
import { inputsOf } from '../microsoft/form-card.ts';
import { type Action, adaptiveCard, type Card, type Element, opensDialog, submit } from './card.ts';
import { literal, toBlocks } from './markup.ts';
import type { Offer, Shown } from './offer.ts';

/** Questions that are answered in the chat itself; more would push the conversation off her screen, and stand in a dialog over it. */
const MOST_IN_CHAT = 4;

/** What a card of the chat has of a form: its fields and the button that sends them, or the button that opens it. */
export function formOf(
  form: Form,
  locale: string,
  shown: Shown,
): { readonly inputs: readonly Element[]; readonly actions: readonly Action[] } {
  const { token, title, fields, submit: send } = form;
  if (fields.length <= MOST_IN_CHAT) return filledIn({ token, fields, send, locale }, shown);
  const open = locale.startsWith('zh') ? '填写' : 'Fill in';
  const offer = { kind: 'dialog', token, title, submit: send, fields, locale, ...shown };
  return { inputs: [], actions: [opensDialog(open, offer as Offer)] };
}

/**
 * What Teams shows over the chat when that button is tapped in the message `card`
 * (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots). `undefined`: it opens none.
 */
export function dialogOf(offer: Offer | undefined, card: string | undefined): object | undefined {
  if (offer?.kind !== 'dialog') return undefined;
  const { token, title, submit: send, locale, kind: _kind, fields, ...shown } = offer;
  const form = { token, fields: fields as readonly Field[], send, locale };
  const { inputs, actions } = filledIn(form, card === undefined ? shown : { ...shown, card });
  const content: Card = adaptiveCard(inputs, actions);
  return { title, height: 'medium', width: 'medium', card: { contentType: CARD, content } };
}

const CARD = 'application/vnd.microsoft.card.adaptive';

/** What the fields are called comes back with the answers, for what is shown afterwards. */
function filledIn(
  form: Pick<Form, 'token' | 'fields'> & { readonly send: string; readonly locale: string },
  shown: Shown & { readonly card?: string },
): { readonly inputs: readonly Element[]; readonly actions: readonly Action[] } {
  const { token, fields, send, locale } = form;
  const called = fields.map(({ name, label, kind, options, secret }) => ({
    name,
    label,
    kind,
    ...(options && { options: [...options] }),
    ...(secret && { secret }),
  }));
  const offer: Offer = { kind: 'form', token, fields: called, ...shown };
  return { inputs: inputsOf(fields, locale, literally), actions: [submit(send, offer)] };
}

/** In a card's text. */
function literally(text: string): string {
  return toBlocks(literal(text))
    .map((block) => block.text)
    .join('\n');
}
