import type { Dispatcher } from 'undici';
import { type Action, type ActionContext, ActionError } from '../action.ts';
import { ParleyError } from '../errors.ts';
import type { Json, JsonObject } from '../type.ts';
import { BASE_HINT, type Binding, whatIsWrongWith } from './binding.ts';
import type { Connectors } from './connectors.ts';
import { type Environment, fillIn, refuseMissing } from './environment.ts';
import { Line } from './line.ts';
import { BODY_LIMIT, judge, parse } from './response.ts';
import { asText, fill, lookUp } from './template.ts';

/**
 * The actions of connectors.yaml that have `http`, ready to run. `environment` fills the `${NAME}`s in.
 *
 * Requests go to the configured bases and nowhere else: an argument is encoded into its place and cannot change the host or climb
 * the path, and redirects are not followed.
 * @throws ParleyError `connector.missing_environment`, `connector.base`
 */
export function httpActions(connectors: Connectors, environment: Environment): HttpActions {
  const missing = new Set<string>();
  const addressed = [...connectors.bindings.values()].map((binding) => ({
    binding,
    base: fillIn(binding.line.base, environment, missing),
    headers: Object.fromEntries(
      Object.entries(binding.line.headers).map(([name, text]) => [
        name.toLowerCase(),
        fillIn(text, environment, missing),
      ]),
    ),
  }));
  refuseMissing(missing);
  const lines = new Map<string, Line>();
  const actions = addressed.map(({ binding, base, headers }): Action => {
    const { origin, pathname } = usableBase(base);
    const line = lines.get(origin) ?? new Line(origin);
    lines.set(origin, line);
    const prefix = pathname.replace(/\/$/, '');
    return { ...binding.signature, run: (args, context) => run(binding, { line, prefix, headers }, args, context) };
  });
  return new HttpActions(actions, [...lines.values()]);
}

/** Actions by name. */
export class HttpActions extends Map<string, Action> implements ReadonlyMap<string, Action> {
  readonly #lines: readonly Line[];

  constructor(actions: readonly Action[], lines: readonly Line[]) {
    super(actions.map((action) => [action.name, action]));
    this.#lines = lines;
  }

  /** Ends the connections; what is under way is cut off, as a crash would. */
  async close(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.close()));
  }
}

function usableBase(base: string): URL {
  const wrong = whatIsWrongWith(base);
  if (wrong !== undefined) throw new ParleyError('connector.base', wrong, { hint: BASE_HINT });
  return new URL(base);
}

interface Destination {
  readonly line: Line;
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function run(
  binding: Binding,
  { line, prefix, headers }: Destination,
  args: JsonObject,
  context: ActionContext,
): Promise<Json> {
  const response = await send(line, {
    method: binding.method,
    path: prefix + pathOf(binding.path, args) + queryOf(binding.query, args),
    headers: {
      accept: 'application/json',
      ...headers,
      ...(binding.body === undefined ? {} : { 'content-type': 'application/json' }),
      // A read by POST (a quote, a one-time code) may leave something behind too: the key makes repeating it harmless.
      ...(binding.method === 'GET' ? {} : { 'idempotency-key': context.key }),
    },
    body: binding.body === undefined ? null : JSON.stringify(fill(binding.body, args)),
    signal: context.signal,
  });
  const verdict = judge(response, binding);
  if ('error' in verdict) throw verdict.error;
  return 'notFound' in verdict ? verdict.notFound : fill(binding.result, parse(response));
}

async function send(line: Line, request: Dispatcher.RequestOptions): Promise<{ status: number; text: string }> {
  try {
    const { statusCode: status, body } = await line.request(request);
    return { status, text: await body.text() };
  } catch (cause) {
    throw lineError(cause, request.signal as AbortSignal);
  }
}

/**
 * Nobody knows whether a request whose connection broke was done. It is retryable all the same: the retry goes under the same key,
 * and the system answers as it did, or would have done, the first time.
 */
function lineError(cause: unknown, signal: AbortSignal): ActionError {
  if (signal.aborted && signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError')
    return new ActionError('timeout', 'The system did not answer in time.', { retryable: true, cause });
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return new ActionError('invalid_result', `The answer is larger than ${BODY_LIMIT / 1024} KiB.`, { cause });
  return new ActionError('unavailable', `The connection failed (${code}).`, { retryable: true, cause });
}

function pathOf(template: string, args: JsonObject): string {
  return template.replace(/\{([\w.]+)\}/g, (_, name: string) => {
    const value = asText(lookUp(args, name));
    // Encoding leaves dots alone, and a server would take `/orders/..` for `/`.
    if (value === '' || value === '.' || value === '..')
      throw new ActionError('unavailable', `"${value}" cannot stand for {${name}} in a path.`);
    return encodeURIComponent(value);
  });
}

/** An unset argument leaves its parameter out. */
function queryOf(query: Binding['query'], args: JsonObject): string {
  const given = Object.entries(query)
    .map(([name, template]) => [name, fill(template, args)] as const)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(asText(value))}`);
  return given.length === 0 ? '' : `?${given.join('&')}`;
}
