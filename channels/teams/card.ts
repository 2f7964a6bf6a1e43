import type { Part } from '#channel';
import { type Line, linesOf, literal, toBlocks } from './markup.ts';
import type { Offer } from './offer.ts';

/** An Adaptive Card of the version that Teams shows everywhere (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference). */
export interface Card {
  readonly type: 'AdaptiveCard';
  readonly $schema: string;
  readonly version: '1.5';
  readonly body: readonly Element[];
  readonly actions?: readonly Action[];
}

export type Element = { readonly type: string; readonly [key: string]: unknown };
export type Action =
  | { readonly type: 'Action.OpenUrl'; readonly title: string; readonly url: string }
  | {
      readonly type: 'Action.Submit';
      readonly title: string;
      readonly data: { readonly parley: Offer; readonly msteams?: { readonly type: 'task/fetch' } };
      readonly associatedInputs?: 'none';
    };

/** Actions of one card that Teams shows; more are refused. */
export const MOST_ACTIONS = 6;

export function adaptiveCard(body: readonly Element[], actions: readonly Action[] = []): Card {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body,
    ...(actions.length === 0 ? {} : { actions }),
  };
}

/** Cards as a message's attachments; several stand side by side. */
export function attach(cards: readonly Card[]): Part {
  const attachments = cards.map((content) => ({ contentType: 'application/vnd.microsoft.card.adaptive', content }));
  return { ...(cards.length > 1 ? { attachmentLayout: 'carousel' } : {}), attachments };
}

interface Look {
  readonly weight?: 'Bolder';
  readonly size?: 'Medium';
  /** It is no markdown. */
  readonly literal?: true;
}

export function words(text: string, look: Look = {}): readonly Element[] {
  return blocks(look.literal ? literal(text) : linesOf(text), look);
}

export function blocks(lines: readonly Line[], { weight, size }: Look = {}): readonly Element[] {
  return toBlocks(lines).map(({ text, gap }, index) => ({
    type: 'TextBlock',
    text,
    wrap: true,
    ...(weight === undefined ? {} : { weight }),
    ...(size === undefined ? {} : { size }),
    ...(index === 0 || gap ? {} : { spacing: 'None' }),
  }));
}

export function image({ url, alt }: { readonly url: string; readonly alt: string }): Element {
  return { type: 'Image', url, altText: alt, size: 'Stretch' };
}

export function facts(fields: readonly { readonly name: string; readonly value: string }[]): readonly Element[] {
  if (fields.length === 0) return [];
  return [{ type: 'FactSet', facts: fields.map(({ name, value }) => ({ title: name, value })) }];
}

export function openUrl({ title, url }: { readonly title: string; readonly url: string }): Action {
  return { type: 'Action.OpenUrl', title, url };
}

export function submit(title: string, offer: Offer): Action {
  return { type: 'Action.Submit', title, data: { parley: offer } };
}

/** Teams asks for the dialog when it is tapped. */
export function opensDialog(title: string, offer: Offer): Action {
  return { type: 'Action.Submit', title, data: { parley: offer, msteams: { type: 'task/fetch' } } };
}

/** Of a card that has inputs: this button needs none of them, and brings none. */
export function withoutInputs(action: Action): Action {
  return action.type === 'Action.Submit' ? { ...action, associatedInputs: 'none' } : action;
}

interface Field {
  readonly id: string;
  /** What a screen reader calls it. */
  readonly label: string;
  /** Said when it was left empty. */
  readonly missing: string;
}

/** A list to pick from: folded up for one, open for several. */
export function choiceSet(
  { id, label, missing }: Field,
  options: readonly { readonly title: string; readonly value: string }[],
  several: boolean,
): Element {
  const style = several ? { style: 'expanded', isMultiSelect: true } : { style: 'compact' };
  return {
    type: 'Input.ChoiceSet',
    id,
    label,
    ...style,
    wrap: true,
    choices: options,
    isRequired: true,
    errorMessage: missing,
  };
}

export function day({ id, label, missing }: Field): Element {
  return { type: 'Input.Date', id, label, isRequired: true, errorMessage: missing };
}
