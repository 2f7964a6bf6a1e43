import { z } from 'zod';
import { type Answers, answersInWords, type Field, FieldKept } from '#channel';
import { answersIn } from '../microsoft/form-card.ts';

/**
 * What our cards' buttons carry, and bring back when one is tapped (Action.Submit's `data`, with the card's inputs beside it).
 * `said`, `image` and `links` are the card itself, since a tap brings nothing of the card it was on: with them it can be shown anew
 * with what was picked. They are left out where they are long.
 */
const Shown = z.object({
  said: z.string().optional(),
  image: z.object({ url: z.string(), alt: z.string() }).optional(),
  links: z.array(z.object({ title: z.string(), url: z.string() })).optional(),
});
export type Shown = z.infer<typeof Shown>;

const Offer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('choice'), token: z.string(), label: z.string(), ...Shown.shape }),
  /** A list; the input `pick` has the tokens. */
  z.object({ kind: z.literal('list'), options: z.array(z.tuple([z.string(), z.string()])), ...Shown.shape }),
  /** The input `date` has the day. */
  z.object({ kind: z.literal('date'), ...Shown.shape }),
  /** A form; its inputs are `channels/microsoft`'s. What they are called comes along, for what is shown afterwards. */
  z.object({
    kind: z.literal('form'),
    token: z.string(),
    fields: z.array(FieldKept.pick({ name: true, label: true, kind: true, options: true, secret: true })),
    /** The message with the button that opened it, where it stands in a dialog. */
    card: z.string().optional(),
    ...Shown.shape,
  }),
  /** Opens a form in a dialog: all of it, since nobody else keeps it until then. */
  z.object({
    kind: z.literal('dialog'),
    token: z.string(),
    title: z.string(),
    submit: z.string(),
    fields: z.array(FieldKept),
    locale: z.string(),
    ...Shown.shape,
  }),
]);
export type Offer = z.infer<typeof Offer>;

const Submitted = z.object({ parley: Offer, pick: z.string().optional(), date: z.string().optional() });

/** What a tap means. */
export interface Picked {
  readonly offer: Offer;
  /** Tokens of the choices; empty for a date. */
  readonly tokens: readonly string[];
  /** In words, as they stood on the card. */
  readonly words: string;
  /** Of a form. */
  readonly values?: Answers;
}

/** What a button of ours carries; `undefined`: it is none. */
export function offerIn(value: unknown): Offer | undefined {
  return Submitted.safeParse(value).data?.parley;
}

/** `undefined`: it is no card of ours, or nothing was picked. */
export function pickedOf(value: unknown): Picked | undefined {
  const read = Submitted.safeParse(value);
  if (!read.success) return undefined;
  const { parley: offer, pick = '', date = '' } = read.data;
  switch (offer.kind) {
    case 'choice':
      return { offer, tokens: [offer.token], words: offer.label };
    case 'list': {
      const tokens = pick.split(',').filter((token) => offer.options.some(([known]) => known === token));
      const labels = offer.options.filter(([token]) => tokens.includes(token)).map(([, label]) => label);
      return tokens.length === 0 ? undefined : { offer, tokens, words: labels.join(', ') };
    }
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(date) ? { offer, tokens: [], words: date } : undefined;
    case 'form': {
      const { fields } = offer as { readonly fields: readonly Field[] };
      const values = answersIn(
        value,
        fields.map(({ name }) => name),
      );
      const words = answersInWords({ fields }, values).replaceAll('\n', '\n▸ ');
      return { offer, tokens: [], words: words || '—', values };
    }
    case 'dialog':
      return undefined;
  }
}
