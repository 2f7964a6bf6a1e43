import type { Bubble, Button, Run, ScreenCard } from '#channel';
import type { Activity, Attachment, CardAction, FormCard, HeroCard } from './activity.ts';
import { readMarkdown } from './read-markdown.ts';

const HERO = 'application/vnd.microsoft.card.hero';
const ADAPTIVE = 'application/vnd.microsoft.card.adaptive';

/** A message as Web Chat draws it. Suggested actions stand below the last message only, and not once she has answered. */
export function bubbleOf(activity: Activity, isLast: boolean): Bubble {
  const { id, from, text = '', textFormat, timestamp, attachments = [] } = activity;
  const picture = attachments.find(({ contentType }) => contentType.startsWith('image/'));
  const file = attachments.find((each) => each.content === undefined && each !== picture);
  const cards = attachments.flatMap((each, index) => cardsOf(each, index));
  const rows = [...attachments.flatMap(rowsOf), ...(isLast ? suggested(activity) : [])];
  return {
    id,
    from: from.role === 'user' ? 'customer' : from.id === 'system' ? 'system' : 'bot',
    text: words(text, textFormat),
    ...(picture?.contentUrl === undefined ? {} : { image: { url: picture.contentUrl, alt: picture.name ?? '' } }),
    ...(file?.contentUrl === undefined ? {} : { file: { url: file.contentUrl, name: file.name ?? '' } }),
    ...(cards.length === 0 ? {} : { cards }),
    ...(rows.length === 0 ? {} : { buttons: rows }),
    at: Date.parse(timestamp),
  };
}

/** What is under a button, by its id; `undefined`: there is none, or it opens an address. */
export function actionOf(
  { suggestedActions, attachments = [] }: Activity,
  button: string,
): CardAction | { readonly submits: object } | undefined {
  const [, kind, at] = /^([sp])(\d+)$/.exec(button) ?? [];
  if (kind === 's') return suggestedActions?.actions[Number(at)];
  const card = attachments[Number(at)];
  if (kind !== 'p' || card?.contentType !== ADAPTIVE) return undefined;
  return { submits: (card.content as FormCard).actions[0]?.data ?? {} };
}

function words(text: string, format: string | undefined): readonly Run[] {
  if (text === '') return [];
  return format === 'markdown' ? readMarkdown(text) : [{ text }];
}

function cardsOf({ contentType, content }: Attachment, at: number): ScreenCard[] {
  if (contentType !== HERO) return [];
  const { title, text = '', images = [], buttons = [] } = content as HeroCard;
  if (title === undefined) return [];
  const [image] = images;
  return [
    {
      title: [{ text: title }],
      ...(text === '' ? {} : { text: readMarkdown(text) }),
      ...(image === undefined ? {} : { image: { url: image.url, alt: image.alt ?? '' } }),
      ...(buttons.length === 0 ? {} : { buttons: buttons.map((each, index) => link(each, `h${at}.${index}`)) }),
    },
  ];
}

/** A card that is nothing but buttons, and one that asks to pick. */
function rowsOf({ contentType, content }: Attachment, at: number): Button[][] {
  if (contentType === HERO) {
    const { title, buttons = [] } = content as HeroCard;
    return title === undefined ? buttons.map((each, index) => [link(each, `h${at}.${index}`)]) : [];
  }
  if (contentType !== ADAPTIVE) return [];
  const { body, actions } = content as FormCard;
  const inputs = body.filter(({ type }) => type.startsWith('Input.'));
  return actions.map(({ title }) => [{ id: `p${at}`, label: title, fields: inputs.map(fieldOf) }]);
}

type Field = NonNullable<Button['fields']>[number];

function fieldOf(input: FormCard['body'][number]): Field {
  const { type, id, placeholder = '', label = placeholder, isRequired, isMultiSelect, choices = [] } = input;
  const own = { name: id, label, ...(isRequired ? {} : { optional: true }) };
  if (type === 'Input.Date') return { ...own, kind: 'date' };
  if (type !== 'Input.ChoiceSet') return { ...own, kind: 'text' };
  const options = choices.map(({ title, value }) => ({ value, label: title }));
  return { ...own, kind: isMultiSelect ? 'choices' : 'choice', options };
}

function suggested({ suggestedActions }: Activity): Button[][] {
  const buttons = (suggestedActions?.actions ?? []).map(({ title }, index) => ({ id: `s${index}`, label: title }));
  return buttons.length === 0 ? [] : [buttons];
}

function link({ title, value }: CardAction, id: string): Button {
  return { id, label: title, url: String(value) };
}
