import { z } from 'zod';
import type { Json } from '../type.ts';

/** The shape of connectors.yaml as an author writes it. */
const TypeText = z.string('a type, such as string, date? or list<Line>');
const Fields = z.record(z.string(), TypeText, 'fields and their types, such as {order_id: string}');
const Template = z.json() as z.ZodType<Json>;

const Http = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], 'one of GET, POST, PUT, PATCH, DELETE'),
  path: z.string().regex(/^\//, 'a path that begins with "/"'),
  query: z.record(z.string(), Template).optional(),
  body: Template.optional(),
  result: Template.optional(),
  not_found: Template.optional(),
  errors: z.record(z.string(), z.string()).optional(),
});
export type Http = z.infer<typeof Http>;

const SHORT = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/;

export const ActionSource = z.strictObject({
  effect: z.enum(['read', 'write'], '"read" or "write"'),
  in: Fields.optional(),
  out: z.union([TypeText, Fields], 'a type, or fields and their types'),
  timeout: z.string('a duration such as 5s').optional(),
  errors: z.array(z.string().regex(/^[a-z]\w*$/, 'a name: small letters, digits and _')).optional(),
  check: z.string().optional(),
  authenticates: z.strictObject({ when: z.string().optional(), customer: z.string() }).optional(),
  // Checked apart, so that a mistake inside it is told at its own place.
  http: z.unknown().optional(),
});
export type ActionSource = z.infer<typeof ActionSource>;

/** `http: GET /orders/{order_id}` is short for a map of method and path. */
export function readHttp(source: unknown): z.ZodSafeParseResult<Http> {
  const short = typeof source === 'string' ? SHORT.exec(source) : null;
  return Http.safeParse(short === null ? source : { method: short[1], path: short[2] });
}

export const Base = z.string(`an address such as \${SHOP_URL}`);
export const Headers = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'the name of a header'), z.string('a text'));
/** Keys of a connector that are no actions. */
export const RESERVED = ['base', 'headers'] as const;
export const Name = /^[a-z]\w*$/i;
