import type { z } from 'zod';
import type { Shop } from './counter.ts';

/**
 * One thing the shop can be asked. Routes, request validation and the OpenAPI description are all derived from the same table of
 * endpoints, so they cannot disagree.
 */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `/orders/{order_id}` */
  readonly path: string;
  readonly summary: string;
  /**
   * `api` needs the shop's API key. `demo` stands in for the world around a shop (the customer's mailbox, the warehouse, trouble on
   * the line): it needs none and is served to this machine only.
   */
  readonly audience: 'api' | 'demo';
  /** A write happens once per Idempotency-Key, in one transaction with its remembered answer. */
  readonly write: boolean;
  /** Named in the path, else in the query (GET) or the body. */
  readonly takes: z.ZodObject;
  readonly answer: z.ZodType;
  /** Codes of the refusals that are its own. */
  readonly refuses: readonly string[];
  /** `input` has passed `takes`. */
  handle(shop: Shop, input: unknown): unknown;
}

interface Description<In extends z.ZodObject, Out extends z.ZodType> {
  readonly summary: string;
  readonly takes: In;
  readonly answer: Out;
  readonly refuses?: readonly string[];
  handle(shop: Shop, input: z.output<In>): z.input<Out>;
}

export function read<In extends z.ZodObject, Out extends z.ZodType>(path: string, of: Description<In, Out>): Endpoint {
  return build('GET', path, 'api', false, of);
}

export function write<In extends z.ZodObject, Out extends z.ZodType>(path: string, of: Description<In, Out>): Endpoint {
  return build('POST', path, 'api', true, of);
}

export function demo<In extends z.ZodObject, Out extends z.ZodType>(
  route: `${Endpoint['method']} /${string}`,
  of: Description<In, Out> & { readonly write?: boolean },
): Endpoint {
  const [method, path] = route.split(' ') as [Endpoint['method'], string];
  return build(method, path, 'demo', of.write ?? false, of);
}

/** The names in braces of a path. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
}

function build<In extends z.ZodObject, Out extends z.ZodType>(
  method: Endpoint['method'],
  path: string,
  audience: Endpoint['audience'],
  isWrite: boolean,
  of: Description<In, Out>,
): Endpoint {
  return {
    method,
    path,
    audience,
    write: isWrite,
    summary: of.summary,
    takes: of.takes,
    answer: of.answer,
    refuses: of.refuses ?? [],
    handle: of.handle,
  };
}
