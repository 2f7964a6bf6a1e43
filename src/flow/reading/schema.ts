import { z } from 'zod';
import { REVIEW_MODES, RISKS } from '../../draft.ts';

/**
 * The shapes that steps are made of. One zod definition checks an author's YAML, types the compiler and becomes the JSON Schema for
 * editors (see `json-schema.ts`, which fills in {@link Block} and {@link Text} by their ids).
 */

/** Steps inside a step: a list, or a single step. Read one by one, so that each mistake is told at its own place. */
export const Block = z.unknown().meta({ id: 'Block', description: 'Steps: a list, or one step.' });

/** What is said: one text for all languages, or one a language. */
export const Text = z.union([z.string(), z.record(z.string(), z.string())]).meta({
  id: 'Text',
  description: 'A text, or one a language: {en: …, zh: …}. {name} and {order.total} insert values.',
});

/** Always an expression: `order.status == "shipped"`. */
export const Condition = z
  .union([z.string(), z.boolean()])
  .meta({ id: 'Condition', description: 'A condition in CEL syntax, such as order.total.amount > 100.' });

/** A literal, or an expression after `=`. */
export const Value = z.unknown().meta({ id: 'Value', description: 'A literal, or an expression that begins with =.' });

export const Duration = z
  .string()
  .regex(/^(\d+(ms|[smhdw]))+$|^P[\dTYMWDHS.]+$/, 'a duration such as 30s, 10m, 2h or 7d')
  .meta({ id: 'Duration', description: 'A duration such as 30s, 10m, 2h or 7d.' });

export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/i, 'a name: letters, digits and _')
  .meta({ description: 'A name: letters, digits and _.' });

export const Values = z.record(z.string(), Value);

/** `{reason: …}` with values that may be expressions. */
export const Priority = z.union([z.enum(['low', 'normal', 'high', 'urgent']), z.string().regex(/^=/)]);

/** Keys every step may have. */
export const common = {
  id: Name.optional().meta({
    description: 'Names the step: for `next`, for tests, and to find it again after an update.',
  }),
  was: Name.optional().meta({ description: 'The id this step had in earlier versions of the flow.' }),
};

export const Button = z.strictObject({
  title: Text.optional().meta({ description: 'Its label. Flows have titles of their own.' }),
  url: Value.optional(),
  start: z
    .union([Name, z.string().regex(/^=/, 'a flow, or =flows')])
    .optional()
    .meta({ description: 'Starts this flow when tapped; =flows makes one button for each flow of a list.' }),
  human: z.literal(true).optional().meta({ description: 'Asks for a human when tapped.' }),
});

const slotAttributes = {
  type: z.string().meta({ description: 'string, integer, money, date, enum(a,b), list<Line>, Order?, …' }),
  pattern: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  currency: z.string().optional().meta({
    description: 'Of money, what an amount without a currency is in: EUR. Default: the `currency` of parley.yaml.',
  }),
  description: z.string().optional(),
  examples: z.array(z.string()).optional(),
  sensitive: z.enum(['pii', 'secret', 'payment']).optional(),
  scope: z.enum(['flow', 'conversation', 'customer']).optional(),
  prefill: z.enum(['never', 'words']).optional().meta({
    description:
      'never: only its own question fills it. words: of a text, it begins as what she said to start the flow.',
  }),
};

export const Slot = z.union([z.string(), z.strictObject(slotAttributes)]);
export type SlotSource = z.infer<z.ZodObject<typeof slotAttributes>>;

export const UPDATES = ['pin', 'migrate', 'restart', 'handoff'] as const;

/** A whole flow file. */
export const Flow = z.strictObject({
  flow: Name,
  title: Text.optional().meta({ description: 'What customers call it, on the button that starts it.' }),
  description: z.string().optional(),
  callable_only: z.boolean().optional().meta({ description: 'Runs only when another flow calls it.' }),
  triggers: z
    .strictObject({
      examples: z.record(z.string(), z.array(z.string())).optional(),
      events: z.array(z.string()).optional().meta({ description: "Events of the business's systems that start it." }),
      schedule: z.string().optional().meta({
        description: 'When it starts by itself: minute hour day month weekday, as "0 9 * * 1" for Mondays at nine.',
      }),
    })
    .optional(),
  guard: Condition.optional(),
  inputs: z.record(Name, z.string()).optional(),
  outputs: z.record(Name, z.string()).optional(),
  slots: z.record(Name, Slot).optional(),
  remember: z
    .union([z.literal(true), z.string()])
    .optional()
    .meta({
      description: 'That it was done is remembered, and with an expression what it was about: order_id.',
    }),
  policy: z.record(Name, z.unknown()).optional(),
  outcomes: z.array(Name).optional().meta({ description: "This business's own outcomes, beside the usual ones." }),
  on_update: z.enum(UPDATES).optional(),
  urgent: z.boolean().optional().meta({ description: 'Moves even pinned conversations to this version.' }),
  risk: z.enum(RISKS).optional().meta({
    description:
      'How much harm a wrong answer does here. high: a human approves it. Default: high where the flow writes, otherwise normal.',
  }),
  review: z.enum(REVIEW_MODES).optional().meta({
    description: 'Who has a say in what the bot answers here; default: as `review` of parley.yaml says.',
  }),
  on: z.record(Name, Block).optional(),
  steps: Block,
});
export type FlowSource = z.infer<typeof Flow>;
