import type { ActionSignature } from '../action.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Path } from '../flow/reading/yaml.ts';
import type { Json } from '../type.ts';
import type { Complaints } from './complaints.ts';
import { isPlain, isWellFormed } from './environment.ts';
import { Base, Headers, type Http, readHttp } from './source.ts';
import { placeholders, type Template } from './template.ts';

/** How one action is done over HTTP. */
export interface Binding {
  readonly signature: ActionSignature;
  readonly line: Line;
  readonly method: Http['method'];
  /** `/orders/{order_id}` */
  readonly path: string;
  readonly query: Readonly<Record<string, Template>>;
  /** `undefined`: the request has none. */
  readonly body: Template | undefined;
  /** Of the response's body; `{.}` is the whole. */
  readonly result: Template;
  /** The result when the answer is 404; absent: a 404 is an error like others. */
  readonly notFound: { readonly value: Json } | undefined;
  /** `409 out_of_stock` or `409` → an error that the action declares. */
  readonly errors: ReadonlyMap<string, string>;
}

/** A connector's address and the headers of every request, still with their `${NAME}`s. */
export interface Line {
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function readLine(at: Path, base: unknown, headers: unknown, complaints: Complaints): Line | undefined {
  const readHeaders = Headers.safeParse(headers ?? {}, { reportInput: true });
  if (!readHeaders.success) complaints.addIssues([...at, 'headers'], readHeaders.error, []);
  const given = readHeaders.success ? readHeaders.data : {};
  for (const [name, text] of Object.entries(given))
    complainAboutEnvironment(text, [...at, 'headers', name], complaints);
  if (base === undefined) return undefined;
  const readBase = Base.safeParse(base);
  if (!readBase.success) {
    complaints.addIssues([...at, 'base'], readBase.error, []);
    return undefined;
  }
  complainAboutEnvironment(readBase.data, [...at, 'base'], complaints);
  const wrong = isPlain(readBase.data) ? whatIsWrongWith(readBase.data) : undefined;
  if (wrong !== undefined) complaints.add([...at, 'base'], 'connector.base', wrong, BASE_HINT);
  return { base: readBase.data, headers: given };
}

export const BASE_HINT = `Write one such as https://shop.example/api, or \${SHOP_URL}.`;

/** Why a filled-in base cannot be used, if it cannot. */
export function whatIsWrongWith(base: string): string | undefined {
  if (!URL.canParse(base)) return `"${base}" is no address.`;
  const { protocol, username, password, search, hash } = new URL(base);
  if (protocol !== 'http:' && protocol !== 'https:')
    return `The address must begin with https:// or http://, not ${protocol}`;
  if (username !== '' || password !== '') return 'A password does not belong into an address: send it as a header.';
  if (search !== '' || hash !== '') return 'The address must end before any "?" or "#".';
  return undefined;
}

export function readBinding(
  signature: ActionSignature,
  source: unknown,
  line: Line | undefined,
  at: Path,
  complaints: Complaints,
): Binding | undefined {
  const read = readHttp(source);
  if (!read.success) {
    if (typeof source === 'string')
      complaints.add(at, 'connector.shape', `"${source}" is no request.`, 'Write one such as GET /orders/{order_id}.');
    else complaints.addIssues(at, read.error, ['method', 'path', 'query', 'body', 'result', 'not_found', 'errors']);
    return undefined;
  }
  const http = read.data;
  complainAboutPlaceholders(http, signature, at, complaints);
  complainAboutErrors(http, signature, at, complaints);
  if (line === undefined) {
    complaints.addAtKey(
      at.slice(0, -1),
      'http',
      'connector.no_base',
      'The connector has no "base", so there is nothing to send this to.',
      BASE_HINT,
    );
    return undefined;
  }
  return { signature, line, ...bind(http, signature) };
}

/** What stands nowhere else goes into the body of a request that has one, and into the query of one that has not. */
function bind(http: Http, signature: ActionSignature): Omit<Binding, 'signature' | 'line'> {
  const takesBody = http.method === 'POST' || http.method === 'PUT' || http.method === 'PATCH';
  const placed = new Set(
    [...placeholders(http.path), ...placeholders(http.query ?? {}), ...placeholders(http.body ?? null)].map(head),
  );
  const rest = Object.fromEntries(
    Object.keys(signature.in)
      .filter((name) => !placed.has(name))
      .map((name) => [name, `{${name}}`]),
  );
  return {
    method: http.method,
    path: http.path,
    query: http.query ?? (takesBody ? {} : rest),
    body: http.body ?? (takesBody ? rest : undefined),
    result: http.result ?? '{.}',
    notFound: http.not_found === undefined ? undefined : { value: http.not_found },
    errors: new Map(Object.entries(http.errors ?? {})),
  };
}

function complainAboutPlaceholders(
  { path, query, body }: Http,
  signature: ActionSignature,
  at: Path,
  complaints: Complaints,
): void {
  const names = Object.keys(signature.in);
  const look = (key: string, template: Template | undefined) => {
    for (const name of placeholders(template ?? null)) {
      if (name === '.' ? key !== 'body' : !Object.hasOwn(signature.in, head(name)))
        complaints.add(
          [...at, key],
          'connector.placeholder',
          `"{${name}}" is no argument of ${signature.name}.`,
          didYouMean(name, names) ?? `It takes ${names.join(', ') || 'none'}.`,
        );
    }
  };
  look('path', path);
  look('query', query);
  look('body', body);
  if (/[{}?#\s]/.test(path.replace(/\{[\w.]+\}/g, '')) || path.split('/').some((part) => part === '.' || part === '..'))
    complaints.add(
      [...at, 'path'],
      'connector.path',
      `"${path}" is no path.`,
      'Write one such as /orders/{order_id}; what follows a "?" goes under "query".',
    );
}

function complainAboutErrors({ errors }: Http, signature: ActionSignature, at: Path, complaints: Complaints): void {
  for (const [answer, error] of Object.entries(errors ?? {})) {
    if (!/^[45]\d\d( \S+)?$/.test(answer))
      complaints.addAtKey(
        [...at, 'errors'],
        answer,
        'connector.answer',
        `"${answer}" is no answer of an HTTP server that refuses.`,
        'Write a status from 400 to 599, or a status and a code: "409 out_of_stock".',
      );
    if (!signature.errors.includes(error))
      complaints.add(
        [...at, 'errors', answer],
        'connector.unknown_error',
        `"${error}" is no error of ${signature.name}.`,
        didYouMean(error, signature.errors) ?? 'Declare it: errors: [..].',
      );
  }
}

function complainAboutEnvironment(text: string, at: Path, complaints: Complaints): void {
  if (!isWellFormed(text))
    complaints.add(
      at,
      'connector.environment',
      `"${text}" has a "\${" that names nothing.`,
      `Write \${NAME} or \${NAME:-default}.`,
    );
  // What fetch and Node refuse in a header; found here, it has a line and a column.
  if (/[\r\n\0]/.test(text)) complaints.add(at, 'connector.environment', 'The text must be one line.');
}

function head(path: string): string {
  return path.split('.')[0]!;
}
