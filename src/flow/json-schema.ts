import { z } from 'zod';
import type { JsonObject } from '../type.ts';
import { Flow } from './reading/schema.ts';
import { stepKinds } from './steps.ts';

/**
 * The JSON Schema (draft 7) of a flow file, for completion and checking in editors: made from the same definitions that the compiler
 * checks with, so the two cannot drift apart.
 */
export function flowSchema(): JsonObject {
  const definitions: Record<string, JsonObject> = {};
  const root = convert(Flow, definitions);
  for (const kind of stepKinds.values()) definitions[stepName(kind.word)] = convert(kind.schema, definitions);
  definitions.Step = { anyOf: [...stepKinds.keys()].map((word) => reference(stepName(word))) };
  definitions.Block = {
    description: 'Steps: a list, or one step.',
    anyOf: [{ type: 'array', items: reference('Step') }, reference('Step')],
  };
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'A Parley flow', ...root, definitions };
}

const stepName = (word: string): string => `step-${word}`;
const reference = (name: string): JsonObject => ({ $ref: `#/definitions/${name}` });

/** Converts one schema; the parts that carry an id of their own move into the shared definitions. */
function convert(schema: z.ZodType, definitions: Record<string, JsonObject>): JsonObject {
  const converted = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as JsonObject;
  const { $schema: _schema, definitions: own, ...rest } = converted;
  for (const [name, definition] of Object.entries((own ?? {}) as Record<string, JsonObject>))
    definitions[name] ??= definition;
  return rest;
}
