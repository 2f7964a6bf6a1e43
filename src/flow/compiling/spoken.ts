import { z } from 'zod';
import type { Card, Image, Link, Message } from '../../message.ts';
import { type Json, required } from '../../type.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { Button, Text, Value } from '../reading/schema.ts';
import type { Path } from '../reading/yaml.ts';
import type { Offer, Run } from '../run.ts';
import type { Compiler } from './compiler.ts';
import type { Localized } from './localized.ts';
import type { Compiled } from './values.ts';

const ImageSource = z.strictObject({ url: Value, alt: Text.optional() });
const CardSource = z.strictObject({
  title: Text,
  text: Text.optional(),
  image: ImageSource.optional(),
  fields: z.array(z.strictObject({ name: Text, value: Value })).optional(),
  buttons: z.array(Button).optional(),
});

const parts = {
  buttons: z.array(Button).optional(),
  choices: z
    .array(z.union([Text, Button]))
    .optional()
    .meta({ description: 'Quick replies: tapping one says it.' }),
  card: CardSource.optional(),
  carousel: z.array(CardSource).optional(),
  carousel_from: z.string().optional().meta({
    description: 'A list, as an expression: one `card` for each `item` of it, side by side.',
  }),
  image: ImageSource.optional(),
  file: z.strictObject({ url: Value, name: Value }).optional(),
  variants: z.record(z.string(), Text).optional().meta({ description: 'Another text for a channel: {sms: …}.' }),
  template: z.string().optional().meta({ description: "The message template to use outside the channel's window." }),
};

/** What can be said: a text, or a map of languages with parts beside them. */
export const Spoken = z.union([z.string(), z.object(parts).catchall(z.string())]).meta({
  id: 'Spoken',
  description: 'A message: a text, {en: …, zh: …}, and optionally buttons, choices, card, carousel, image, file.',
});
export type SpokenSource = z.infer<typeof Spoken>;

/** A message that is ready to be filled in. */
export interface SpokenMessage {
  readonly reads: readonly string[];
  render(run: Run): { message: Message; offers: readonly Offer[] };
}

type Render<T> = (run: Run) => T;

export function compileSpoken(c: Compiler, key: string | Path, source: SpokenSource): SpokenMessage {
  const at: Path = typeof key === 'string' ? [key] : key;
  if (typeof source === 'string') return plain(c.text(at, source));
  const { buttons, choices, card, carousel, carousel_from: list, image, file, variants, template, ...texts } = source;
  const reads = new Set<string>();
  const note = <T extends { reads: readonly string[] }>(value: T): T => {
    for (const name of value.reads) reads.add(name);
    return value;
  };
  const text = Object.keys(texts).length > 0 ? note(c.text(at, texts)) : undefined;
  if (!buttons && !choices && !card && !carousel && !list && !image && !file && !variants && !template)
    return plain(text ?? silence);

  if (template !== undefined) c.templates = true;
  const context: Context = { c, note };
  const offers: Render<readonly Offer[]>[] = [];
  const links: Render<Link>[] = [];
  compileButtons(context, [...at, 'buttons'], buttons ?? [], links, offers);
  for (const [index, choice] of (choices ?? []).entries()) {
    const place = [...at, 'choices', index];
    if (typeof choice === 'object' && 'title' in choice && typeof choice.title !== 'undefined' && isButton(choice)) {
      compileButtons(context, [...at, 'choices'], [choice], links, offers, index);
    } else {
      const label = note(c.text(place, choice));
      c.checkLabel(place, choice);
      offers.push((run) => {
        const words = label.render(run);
        return [{ label: words, does: { says: words } }];
      });
    }
  }
  const compiledVariants = new Map(
    Object.entries(variants ?? {}).map(([channel, words]) => [
      channel,
      note(c.text([...at, 'variants', channel], words)),
    ]),
  );
  const cardOf = card && list === undefined ? compileCard(context, [...at, 'card'], card, offers) : undefined;
  const written = carousel?.map((each, index) => compileCard(context, [...at, 'carousel', index], each, offers));
  const cards =
    list === undefined
      ? written && ((run: Run) => written.map((each) => each(run)))
      : compileCards(context, at, list, card);
  const imageOf = image && compileImage(context, [...at, 'image'], image);
  const fileUrl = file && note(c.value([...at, 'file', 'url'], file.url));
  const fileName = file && note(c.value([...at, 'file', 'name'], file.name));

  return {
    reads: [...reads].filter((name) => name !== 'item'),
    render(run) {
      const words = compiledVariants.get(String(run.channel.kind)) ?? text;
      const message: Message = {
        text: words?.render(run) ?? '',
        ...(links.length > 0 && { links: links.map((link) => link(run)).filter((link) => link.url !== '') }),
        ...(cardOf && { card: cardOf(run) }),
        ...(cards && { carousel: cards(run) }),
        ...(imageOf && { image: imageOf(run) }),
        ...(fileUrl && fileName && { file: { url: asText(fileUrl, run), name: asText(fileName, run) } }),
        ...(template !== undefined && { template }),
      };
      return { message, offers: offers.flatMap((offer) => offer(run)) };
    },
  };
}

interface Context {
  readonly c: Compiler;
  note<T extends { reads: readonly string[] }>(value: T): T;
}

type ButtonSource = z.infer<typeof Button>;

function isButton(choice: object): choice is ButtonSource {
  return 'start' in choice || 'url' in choice || 'human' in choice;
}

function compileButtons(
  context: Context,
  at: Path,
  buttons: readonly ButtonSource[],
  links: Render<Link>[],
  offers: Render<readonly Offer[]>[],
  first = 0,
): void {
  const { c, note } = context;
  for (const [offset, button] of buttons.entries()) {
    const place = [...at, first + offset];
    if (button.title === undefined) {
      offers.push(compileMenu(context, place, button));
      continue;
    }
    const title = note(c.text([...place, 'title'], button.title));
    c.checkLabel([...place, 'title'], button.title);
    if (button.url !== undefined) {
      const url = note(c.value([...place, 'url'], button.url));
      links.push((run) => ({ title: title.render(run), url: linkAddress(asText(url, run)) }));
    } else if (button.start !== undefined) {
      const flow = button.start;
      checkStart(c, flow, [...place, 'start']);
      offers.push((run) => [{ label: title.render(run), does: { do: 'start', flow, confidence: 1 } }]);
    } else if (button.human) {
      offers.push((run) => [{ label: title.render(run), does: { do: 'human' } }]);
    } else {
      c.error('flow.button', 'This button does nothing.', place, 'Give it `url`, `start` or `human: true`.');
    }
  }
}

/** `start: =flows`: a button for each flow of a list, with the flow's own title. */
function compileMenu({ c, note }: Context, place: Path, { start }: ButtonSource): Render<readonly Offer[]> {
  if (start === undefined) {
    c.error(
      'flow.missing_key',
      'This button has no `title`.',
      place,
      'Add `title:`, or `start: =flows` for one button a flow.',
    );
    return () => none;
  }
  if (!start.startsWith('=')) checkStart(c, start, [...place, 'start']);
  const flows = note(c.value([...place, 'start'], start));
  return (run) =>
    [flows.evaluate(run)].flat().flatMap((flow): Offer[] => {
      const label = typeof flow === 'string' ? run.titleOf(flow) : undefined;
      return typeof flow === 'string' && label !== undefined
        ? [{ label, does: { do: 'start', flow, confidence: 1 } }]
        : [];
    });
}

function checkStart(c: Compiler, flow: string, place: Path): void {
  const header = c.library.flows.get(flow);
  if (header && !header.callableOnly) return;
  const guess = nearest(
    flow,
    [...c.library.flows.values()].filter((one) => !one.callableOnly).map((one) => one.flow),
  );
  c.error(
    'flow.unknown_flow',
    header ? `\`${flow}\` runs only when another flow calls it.` : `No flow is called \`${flow}\`.`,
    place,
    guess ? `Did you mean \`${guess}\`?` : undefined,
  );
}

/** A card's buttons that are moves stand below the message with the others: there is one set of offers. */
function compileCard(
  context: Context,
  at: Path,
  source: z.infer<typeof CardSource>,
  offers: Render<readonly Offer[]>[],
): Render<Card> {
  const { c, note } = context;
  const title = note(c.text([...at, 'title'], source.title));
  const text = source.text === undefined ? undefined : note(c.text([...at, 'text'], source.text));
  const image = source.image && compileImage(context, [...at, 'image'], source.image);
  const fields = (source.fields ?? []).map((field, index) => ({
    name: note(c.text([...at, 'fields', index, 'name'], field.name)),
    value: note(c.text([...at, 'fields', index, 'value'], fieldText(field.value))),
  }));
  const links: Render<Link>[] = [];
  compileButtons(context, [...at, 'buttons'], source.buttons ?? [], links, offers);
  return (run) => ({
    title: title.render(run),
    ...(text && { text: text.render(run) }),
    ...(image && { image: image(run) }),
    ...(fields.length > 0 && {
      fields: fields.map(({ name, value }) => ({ name: name.render(run), value: value.render(run) })),
    }),
    ...(links.length > 0 && { links: links.map((link) => link(run)).filter((link) => link.url !== '') }),
  });
}

/** `carousel_from`: the one card that is written, for each `item` of the list. Ten at most: no app shows more side by side. */
function compileCards(
  context: Context,
  at: Path,
  source: string,
  card: z.infer<typeof CardSource> | undefined,
): Render<readonly Card[]> {
  const { c, note } = context;
  const place = [...at, 'carousel_from'];
  const list = c.expression(place, source, 0);
  note({ reads: [...list.reads] });
  const type = required(list.type);
  if (type.kind !== 'list' && type.kind !== 'any') c.error('flow.type', 'This is not a list.', place);
  if (card === undefined) {
    c.error('flow.missing_key', 'A carousel of a list needs `card`.', place, 'Add `card: {title: "{item.name}"}`.');
    return () => [];
  }
  let current: Json = null;
  const before = c.names.get('item');
  c.names.set('item', { type: type.kind === 'list' ? type.of : { kind: 'any' }, origin: 'item', read: () => current });
  const moves: Render<readonly Offer[]>[] = [];
  const cardOf = compileCard(context, [...at, 'card'], card, moves);
  if (before === undefined) c.names.delete('item');
  else c.names.set('item', before);
  if (moves.length > 0)
    c.error(
      'flow.button',
      'Buttons of a carousel of a list can only lead to addresses.',
      [...at, 'card', 'buttons'],
      'Ask with `collect` and `choices_from` instead, which item she means.',
    );
  return (run) => {
    const items = list.evaluate(run);
    return (Array.isArray(items) ? items : []).slice(0, CARDS).map((item) => {
      current = item as Json;
      return cardOf(run);
    });
  };
}

const CARDS = 10;

/** A card's field prints like a message: `=order.total` is the same as `{order.total}`. */
function fieldText(value: unknown): string | Record<string, string> {
  if (typeof value === 'string') return /^=\s*[\w.]+$/.test(value) ? `{${value.slice(1).trim()}}` : value;
  return typeof value === 'object' && value !== null ? (value as Record<string, string>) : String(value);
}

function compileImage({ c, note }: Context, at: Path, source: z.infer<typeof ImageSource>): Render<Image> {
  const url = note(c.value([...at, 'url'], source.url));
  const alt = source.alt === undefined ? undefined : note(c.text([...at, 'alt'], source.alt));
  return (run) => ({ url: webAddress(asText(url, run)), alt: alt?.render(run) ?? '' });
}

function asText(value: Compiled, run: Run): string {
  const raw = value.evaluate(run);
  return raw === null ? '' : String(raw);
}

/** Beside the web's, what writes a text message: apps that know no such links say its words. */
function linkAddress(url: string): string {
  return /^sms:\+\d/.test(url) ? url : webAddress(url);
}

/** Only the web's own addresses are ever shown: a `javascript:` one from an order record is dropped. */
function webAddress(url: string): string {
  return /^https?:\/\//i.test(url) ? url : '';
}

const silence: Localized = { reads: [], render: () => '', renderAll: () => [] };
const none: readonly Offer[] = [];

function plain(text: Localized): SpokenMessage {
  return { reads: text.reads, render: (run) => ({ message: { text: text.render(run) }, offers: none }) };
}
