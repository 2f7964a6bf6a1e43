import { type Answered, type CallContext, request } from '#channel';
import { referenceOf } from './address.ts';
import { servicesOf } from './services.ts';
import type { TeamsSettings } from './settings.ts';
import { tokenOf } from './token.ts';

/** The connector has refused a call. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** The platform's own word for it, such as `BotNotInConversationRoster`. */
  readonly code: string;
  /** Milliseconds that it wants to be left alone. */
  readonly after: number | undefined;

  constructor(answer: Answered) {
    const { code, message } = wordsOf(answer.json());
    super(`The connector answers ${answer.status} ${code}: ${message}`);
    this.status = answer.status;
    this.code = code;
    this.after = afterOf(answer.header('retry-after'));
  }
}

/** One call to the connector of a conversation. A token that it no longer takes is replaced once: a refused call has done nothing. */
export async function callConnector(
  method: 'POST' | 'PUT' | 'DELETE',
  address: string,
  path: string,
  body: object | undefined,
  { settings, signal }: CallContext<TeamsSettings>,
): Promise<unknown> {
  const reference = referenceOf(address);
  const url = `${servicesOf(settings).of(reference)}v3/conversations/${encodeURIComponent(reference.conversation)}/${path}`;
  const written = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await withToken(settings, signal, (authorization) =>
    request({ url, method, headers: { authorization, 'content-type': 'application/json' }, ...written, signal }),
  );
  if (answer.status >= 300) throw new Refusal(answer);
  return answer.json();
}

export async function withToken(
  settings: TeamsSettings,
  signal: AbortSignal,
  call: (authorization: string) => Promise<Answered>,
): Promise<Answered> {
  const tokens = tokenOf(settings);
  const token = await tokens.get(signal);
  const answer = await call(`Bearer ${token}`);
  return answer.status === 401 ? await call(`Bearer ${await tokens.get(signal, token)}`) : answer;
}

/** `{"error": {"code": …, "message": …}}`, or nothing of the kind from a proxy on the way. */
function wordsOf(body: unknown): { code: string; message: string } {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown } };
  return { code: String(error?.code ?? ''), message: String(error?.message ?? '') };
}

/** Seconds; the connector sends no dates. */
function afterOf(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
