import { z } from 'zod';
import { ModelError } from './failure.ts';
import type { Prompt, Shape, Structured, Usage } from './model.ts';
import type { Call, Format, Provider } from './provider.ts';

/**
 * Asks for a value of a shape. What comes is checked by the shape's own schema, whatever the endpoint promises; what does not fit is sent
 * back once, with what is wrong with it. After that it is dropped: a third answer would cost more than doing without.
 * @throws `model.invalid_output`, and what the provider throws
 */
export async function structured<T>(
  provider: Provider,
  prompt: Prompt,
  shape: Shape<T>,
  call: Call,
): Promise<Structured<T>> {
  const format = formatOf(shape);
  const first = await provider.ask({ kind: 'complete', prompt, format }, call);
  const read = readAs(first.text, shape.schema);
  if ('value' in read) return { value: read.value, usage: first.usage };
  const mending: Prompt = {
    ...prompt,
    messages: [
      ...prompt.messages,
      { from: 'assistant', text: first.text.slice(0, SHOWN) },
      { from: 'user', text: `This does not fit:\n${read.mistakes}\nAnswer again, with the JSON object only.` },
    ],
  };
  const second = await provider.ask({ kind: 'complete', prompt: mending, format }, call);
  const mended = readAs(second.text, shape.schema);
  if ('value' in mended) return { value: mended.value, usage: sum(first.usage, second.usage) };
  throw new ModelError('model.invalid_output');
}

/** Characters of a wrong answer that are shown to who gave it. */
const SHOWN = 4_000;
const MISTAKES = 5;

type Read<T> = { readonly value: T } | { readonly mistakes: string };

function readAs<T>(text: string, schema: z.ZodType<T>): Read<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(unfenced(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { mistakes: 'It is not JSON.' };
  }
  const { success, data, error } = schema.safeParse(raw);
  if (success) return { value: data };
  const told = error.issues.slice(0, MISTAKES).map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  return { mistakes: told.join('\n') };
}

/** JSON mode does not keep models from wrapping it as they do in a chat. */
function unfenced(text: string): string {
  return /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/i.exec(text)?.[1] ?? text;
}

function formatOf<T>({ name, schema }: Shape<T>): Format {
  const written = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return {
    name,
    schema: plain(written) as Format['schema'],
    fits: (text) => 'value' in readAs(text, schema),
  };
}

/** What strict endpoints refuse to hold: checked by us all the same. */
const UNHELD = new Set(
  'default examples format maxItems maxLength maximum minItems minLength minimum exclusiveMaximum exclusiveMinimum multipleOf pattern propertyNames $schema'.split(
    ' ',
  ),
);

function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  const isObject = 'properties' in schema;
  const kept = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'properties') return [[key, mapped(value as object)]];
    return UNHELD.has(key) ? [] : [[key, plain(value)]];
  });
  // Strict endpoints want every property, and none beside.
  return Object.fromEntries(
    isObject
      ? [...kept, ['required', Object.keys(schema.properties as object)], ['additionalProperties', false]]
      : kept,
  );
}

/** The names of properties are the author's, `format` and `default` among them. */
function mapped(properties: object): object {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, plain(value)]));
}

function sum(one: Usage, other: Usage): Usage {
  return {
    ...other,
    input: one.input + other.input,
    output: one.output + other.output,
    cost: one.cost + other.cost,
    cached: one.cached && other.cached,
  };
}
