import { z } from 'zod';
import { type Endpoint, pathNames } from './endpoint.ts';
import { Problem } from './refusal.ts';

type Schema = Record<string, unknown>;

/** The OpenAPI 3.1 description of the same table that the routes are made from. */
export function describeApi(endpoints: readonly Endpoint[]): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  const schemas: Record<string, Schema> = {};
  for (const endpoint of endpoints) {
    const methods = paths[endpoint.path] ?? {};
    methods[endpoint.method.toLowerCase()] = describe(endpoint, (type, io) => schemaOf(type, io, schemas));
    paths[endpoint.path] = methods;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'The demo shop',
      version: '1.0.0',
      description: 'Orders, returns and bills of a made-up business, for a bot to work with.',
    },
    paths,
    components: { schemas, securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  };
}

type SchemaOf = (type: z.ZodType, io: 'input' | 'output') => Schema;

function describe(endpoint: Endpoint, schemaOf: SchemaOf): Schema {
  const {
    properties = {},
    required = [],
    ...rest
  } = schemaOf(endpoint.takes, 'input') as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  const inPath = pathNames(endpoint.path);
  const others = Object.keys(properties).filter((name) => !inPath.includes(name));
  const hasBody = endpoint.method === 'POST' && others.length > 0;
  const parameter = (name: string, where: 'path' | 'query') => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: properties[name],
  });
  const onlyOthers = <T>(of: Record<string, T>) =>
    Object.fromEntries(Object.entries(of).filter(([name]) => others.includes(name)));
  const body = {
    ...rest,
    properties: onlyOthers(properties),
    required: required.filter((name) => others.includes(name)),
  };
  return {
    summary: endpoint.summary,
    tags: [endpoint.audience],
    security: endpoint.audience === 'api' ? [{ key: [] }] : [],
    parameters: [
      ...inPath.map((name) => parameter(name, 'path')),
      ...(endpoint.method === 'POST' ? [] : others.map((name) => parameter(name, 'query'))),
      ...(endpoint.write ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(hasBody ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: schemaOf(endpoint.answer, 'output') } } },
      default: {
        description: `A refusal${endpoint.refuses.length > 0 ? `; its own codes: ${endpoint.refuses.join(', ')}` : ''}`,
        content: { 'application/problem+json': { schema: schemaOf(Problem, 'output') } },
      },
    },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'The same for every try of the same write: it is done once, and every try gets the same answer.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** Named shapes move to the document's components, where a reference reaches them from everywhere. */
function schemaOf(type: z.ZodType, io: 'input' | 'output', shared: Record<string, Schema>): Schema {
  const made = z.toJSONSchema(type, { io, target: 'draft-2020-12' });
  const rewritten = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _, $defs = {}, ...schema } = JSON.parse(rewritten) as Schema & { $defs?: Record<string, Schema> };
  for (const [name, { id: _id, ...shape }] of Object.entries($defs)) shared[name] = shape;
  return schema;
}
