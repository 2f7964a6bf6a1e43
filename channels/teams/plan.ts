import { isWeb, type Message, type Part, type PlanContext } from '#channel';
import { headOf } from '../microsoft/form-card.ts';
import {
  type Action,
  type Card as AdaptiveCard,
  adaptiveCard,
  attach,
  blocks,
  choiceSet,
  day,
  type Element,
  facts,
  image,
  MOST_ACTIONS,
  openUrl,
  submit,
  withoutInputs,
  words,
} from './card.ts';
import { fileOf } from './file.ts';
import { formOf } from './form.ts';
import { type Line, linesOf, plain, toMessage } from './markup.ts';
import type { Offer, Shown } from './offer.ts';
import { pieces } from './split.ts';

/** UTF-16 units of one message's text. */
export const TEXT_LIMIT = 16_000;
/** Of the text of a card. */
const CARD_LIMIT = 4_000;
/** Of the question that every button of a card carries along. */
const SAID_LIMIT = 1_500;
/** Columns of a button that is still read as one; a longer label stands in a list. */
export const LABEL_LIMIT = 60;
/** Cards side by side (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference). */
const CAROUSEL = 10;
/** Bytes of one message: Teams takes about 100 KB and asks for 80 at most (…/bots/how-to/format-your-bot-messages). */
const SIZE_LIMIT = 80 * 1024;

/** UTF-16 units of a notification: the card itself says all. */
const SUMMARY = 200;

type Card = NonNullable<Message['card']>;
type Link = NonNullable<Message['links']>[number];
type Choice = NonNullable<Message['choices']>[number];
type Image = NonNullable<Message['image']>;

/** Cards first, then what is asked: it stands where she looks last. */
export function plan(messages: readonly Message[], context: PlanContext): readonly Part[] {
  return messages.flatMap((message) => partsOf(message, context));
}

/** A form stands in place of the question that it begins with, unless it is more than a message takes. */
function partsOf(message: Message, context: PlanContext): readonly Part[] {
  const { form, choices: _choices, multiple: _multiple, input: _input, ...rest } = message;
  if (form !== undefined) {
    const parts = planned({ ...rest, text: headOf(form), form }, context);
    if (parts.every((part) => sizeOf(part) <= SIZE_LIMIT)) return parts;
  }
  const { form: _form, ...asked } = message;
  return planned(asked, context);
}

function planned(message: Message, context: PlanContext): readonly Part[] {
  const cards = [...(message.card === undefined ? [] : [message.card]), ...(message.carousel ?? [])];
  const shown = carousels(
    cards.map((card) => cardOf(card, context)),
    cards.map(({ title }) => title).join(', '),
  );
  const paper = message.file === undefined ? undefined : fileOf(message.file, context);
  const papers = paper === undefined ? [] : [paper];
  const offer = offerOf(message, context);
  const text = linesOf(message.text);
  if (offer === undefined) return [...texts(text), ...shown, ...papers];
  const [last = [], ...before] = [...pieces([...text, ...offer.words], CARD_LIMIT)].reverse();
  const body = [...offer.above, ...blocks(last), ...offer.inputs];
  const summary = plain(last).slice(0, SUMMARY);
  const question = {
    type: 'message',
    ...attach([adaptiveCard(body, offer.actions)]),
    ...(summary === '' ? {} : { summary }),
  };
  return [...shown, ...papers, ...before.reverse().flatMap(texts), question];
}

/** Too long for one message: cut where a reader would. */
function texts(lines: readonly Line[]): Part[] {
  return pieces(lines, TEXT_LIMIT).map((piece) => ({
    type: 'message',
    text: toMessage(piece),
    textFormat: 'markdown',
  }));
}

/** What there is beside words. `undefined`: nothing, and the words are an ordinary message. */
interface Offered {
  readonly above: readonly Element[];
  /** What cannot be a button. */
  readonly words: readonly Line[];
  readonly inputs: readonly Element[];
  readonly actions: readonly Action[];
}

function offerOf(message: Message, context: PlanContext): Offered | undefined {
  const picture = message.image === undefined ? undefined : pictureOf(message.image, context);
  const links = linksOf(message, context);
  const way = wayOf(message);
  const { form } = message;
  const own = form ? [] : (message.choices ?? []);
  const sends = form !== undefined || way === 'list' || way === 'date' ? 1 : 0;
  const room = sends + (way === 'list' ? 0 : own.length);
  const buttons = links.filter(isButton).slice(0, MOST_ACTIONS - room);
  const rest = links.filter((link) => !buttons.includes(link)).map(inWords);
  const besides = [...(typeof picture === 'string' ? [picture] : []), ...rest].join('\n');
  const shown = {
    said: [message.text, besides].filter((each) => each !== '').join('\n'),
    ...(picture === undefined || typeof picture === 'string' ? {} : { image: picture }),
    ...(buttons.length === 0 ? {} : { links: buttons }),
  };
  const carried = shown.said.length > SAID_LIMIT ? {} : shown;
  const asked = form ? formOf(form, context.locale, carried) : questionOf(message, way, context.locale, carried);
  const offer = {
    above: shown.image === undefined ? [] : [image(shown.image)],
    words: linesOf(besides),
    inputs: asked.inputs,
    actions: [...asked.actions, ...buttons.map(openUrl)],
  };
  return Object.values(offer).every((each) => each.length === 0) ? undefined : offer;
}

type Way = 'buttons' | 'list' | 'date';

/**
 * Buttons where they are few and short, a list else; several at once, and a day, are filled in and sent off. Beside a day stand buttons
 * for what may be answered instead, such as to skip the question.
 */
function wayOf({ choices = [], multiple, input }: Message): Way | undefined {
  const isDate = input === 'date' && !multiple;
  if (choices.length === 0) return isDate ? 'date' : undefined;
  const most = isDate ? MOST_ACTIONS - 1 : MOST_ACTIONS;
  const areButtons = choices.length <= most && choices.every(({ label }) => label.length <= LABEL_LIMIT);
  if (areButtons && isDate) return 'date';
  return areButtons && !multiple ? 'buttons' : 'list';
}

function questionOf(
  { choices = [], multiple }: Message,
  way: Way | undefined,
  locale: string,
  shown: Shown,
): Pick<Offered, 'inputs' | 'actions'> {
  const { ok, label, missing } = locale.startsWith('zh') ? ZH : EN;
  const button = ({ token, label: title }: Choice) => submit(title, { kind: 'choice', token, label: title, ...shown });
  switch (way) {
    case undefined:
      return { inputs: [], actions: [] };
    case 'buttons':
      return { inputs: [], actions: choices.map(button) };
    case 'list': {
      const options = choices.map((each) => ({ title: each.label, value: each.token }));
      const field = { id: 'pick', label: multiple ? label.several : label.one, missing };
      const offer: Offer = { kind: 'list', options: choices.map((each) => [each.token, each.label]), ...shown };
      return { inputs: [choiceSet(field, options, multiple === true)], actions: [submit(ok, offer)] };
    }
    case 'date':
      return {
        inputs: [day({ id: 'date', label: label.date, missing })],
        // Without its inputs: a day that is missing must not keep her from answering something else.
        actions: [submit(ok, { kind: 'date', ...shown }), ...choices.map(button).map(withoutInputs)],
      };
  }
}

const EN = {
  ok: 'OK',
  label: { one: 'Your choice', several: 'Your choices', date: 'Date' },
  missing: 'Please pick something first.',
};
const ZH = {
  ok: '确定',
  label: { one: '请选择一项', several: '可选择多项', date: '日期' },
  missing: '请先选择一项。',
};

function cardOf(
  { title, text = '', image: picture, fields = [], links = [] }: Card,
  context: PlanContext,
): AdaptiveCard {
  const shown = picture === undefined ? undefined : pictureOf(picture, context);
  const own = links.map((link) => ({ ...link, url: absolute(link.url, context) }));
  const buttons = own.filter(isButton).slice(0, MOST_ACTIONS);
  const rest = own.filter((link) => !buttons.includes(link)).map(inWords);
  const body = [
    ...(shown === undefined || typeof shown === 'string' ? [] : [image(shown)]),
    ...words(title, { weight: 'Bolder', size: 'Medium', literal: true }),
    ...words([text, ...(typeof shown === 'string' ? [shown] : []), ...rest].join('\n')),
    ...facts(fields),
  ];
  return adaptiveCard(body, buttons.map(openUrl));
}

/**
 * As many side by side as Teams takes, by number and by size.
 * @param titles what a notification says of them
 */
function carousels(cards: readonly AdaptiveCard[], titles: string): Part[] {
  const batches: AdaptiveCard[][] = [];
  for (const card of cards) {
    const last = batches.at(-1);
    if (last === undefined || last.length === CAROUSEL || sizeOf(attach([...last, card])) > SIZE_LIMIT)
      batches.push([card]);
    else last.push(card);
  }
  return batches.map((batch) => ({ type: 'message', ...attach(batch), summary: titles.slice(0, SUMMARY) }));
}

/** As Teams may count it: in UTF-16 or in UTF-8, whichever is more. */
export function sizeOf(part: object): number {
  const text = JSON.stringify(part);
  return Math.max(text.length * 2, Buffer.byteLength(text));
}

/** Teams fetches pictures itself, by https only; one that it cannot is linked, or named, in words. */
function pictureOf({ url, alt }: Image, context: PlanContext): Image | string {
  const address = absolute(url, context);
  if (address.startsWith('https:')) return { url: address, alt };
  return isWeb(address) ? inWords({ title: alt, url: address }) : `\\[${alt}\\]`;
}

function linksOf({ links = [], file }: Message, context: PlanContext): readonly Link[] {
  // A file that nobody can reach is named at least.
  const named = file !== undefined && fileOf(file, context) === undefined;
  const all = [...links, ...(named ? [{ title: `📎 ${file.name}`, url: file.url }] : [])];
  return all.map(({ title, url }) => ({ title, url: absolute(url, context) }));
}

function isButton({ title, url }: Link): boolean {
  return isWeb(url) && title.length <= LABEL_LIMIT;
}

function inWords({ title, url }: Link): string {
  return isWeb(url) ? `[${title.replaceAll(/[[\]]/g, '')}](${url})` : `${title}: ${url}`;
}

/** What is relative is ours. */
function absolute(url: string, { publicUrl }: PlanContext): string {
  return publicUrl !== undefined && !URL.canParse(url) ? new URL(url, publicUrl).href : url;
}
