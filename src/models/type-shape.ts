import { z } from 'zod';
import type { Type } from '../type.ts';

/** What a model is shown of a type of the flow language. What it gives is checked again by the flow, with the type's own rules. */
export function schemaOf(type: Type): z.ZodType {
  switch (type.kind) {
    case 'optional':
      return schemaOf(type.of).nullable();
    case 'object':
      return z.object(Object.fromEntries(Object.entries(type.fields).map(([name, field]) => [name, schemaOf(field)])));
    case 'list':
      return z.array(schemaOf(type.of)).max(MOST);
    case 'enum':
      return z.enum(type.values as [string, ...string[]]);
    case 'boolean':
      return z.boolean();
    case 'integer':
      return z.int();
    case 'number':
      return z.number();
    case 'money':
      return z.object({ amount: z.number(), currency: z.string().length(3).describe('ISO 4217, such as EUR') });
    case 'null':
      return z.null();
    default:
      return z
        .string()
        .max(LONGEST)
        .describe(WRITTEN[type.kind] ?? 'plain text');
  }
}

const MOST = 50;
/** Characters. */
const LONGEST = 4_000;

/** How kinds are written that are strings on the wire. */
const WRITTEN: Readonly<Record<string, string>> = {
  string: 'a few words',
  text: 'one or more sentences',
  date: 'a date such as 2026-11-21',
  datetime: 'an instant such as 2026-11-21T10:00:00Z',
  duration: 'a duration such as 2h30m or 3d',
  email: 'an e-mail address',
  phone: 'a phone number with its country code, such as +4930123456',
  url: 'a web address',
};
