import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cassettes } from './model-server-cassettes.ts';
import { type Fault, spoil } from './model-server-faults.ts';
import { chunksOf, completionOf, refusalOf, vectorOf } from './model-server-replies.ts';

/** A question as it came over the wire. */
export interface Asked {
  /** `/chat/completions`, `/embeddings`, `/audio/transcriptions` */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** JSON, or of a transcription its form's fields and the file's size. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is answered: a text, an object (as JSON), a fault, or a status with a body. */
export type Answer = string | object | { readonly fault: Fault } | { readonly status: number; readonly error: object };

/**
 * An endpoint that speaks OpenAI's protocol on a real socket, and says what a test tells it to: completions with and without streaming,
 * vectors, transcripts; and everything that can go wrong on the way. Written from the protocol's public description.
 */
export class ModelServer {
  /** Every question, in order. */
  readonly asked: Asked[] = [];
  /** Answers in order; the last one stays. */
  script: Answer[] = ['Hello.'];
  /** In place of the script, where it has something to say to a question. */
  reads: ((asked: Asked) => Answer | undefined) | undefined;
  /** In place of the script: recorded answers. One that is missing fails the request, and is told in `missing`. */
  cassettes: Cassettes | undefined;
  readonly missing: string[] = [];
  /** Fields of a request that it does not know: it refuses them as other endpoints do. */
  refuses: ('json_schema' | 'json_object')[] = [];
  readonly #held = new Set<ServerResponse>();
  readonly #http = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  /** Its base: `http://127.0.0.1:…/v1` */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/v1`;
  }

  /** Ends it. Throws when a question came that no cassette was recorded for: whoever asked may have gone on without an answer. */
  async close(): Promise<void> {
    for (const response of this.#held) response.destroy();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
    if (this.missing.length > 0) throw new Error(`No cassette was recorded for ${this.missing.join(', ')}.`);
  }

  /** The words of the last question, all messages. */
  get lastWords(): string {
    return JSON.stringify(this.asked.at(-1)?.body.messages ?? '');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/v1/, '');
    const body = await bodyOf(request);
    const asked: Asked = { path, headers: request.headers, body };
    this.asked.push(asked);
    this.#held.add(response);
    response.on('close', () => this.#held.delete(response));
    const format = (body.response_format as { type?: string } | undefined)?.type;
    const unknown = this.refuses.find((type) => type === format);
    if (unknown !== undefined)
      return refusalOf(response, 400, { message: `response_format ${unknown} is not supported` });
    const answer = this.#next(asked);
    if (answer === undefined) return refusalOf(response, 404, { message: 'There is no cassette for this request.' });
    if (isFault(answer)) return spoil(response, answer.fault, asked);
    if (isRefusal(answer)) return refusalOf(response, answer.status, answer.error);
    if (path === '/embeddings') return json(response, vectorsOf(body));
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    if (path === '/audio/transcriptions') return json(response, { text });
    if (body.stream !== true) return json(response, completionOf(String(body.model), text));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunksOf(String(body.model), text)) response.write(chunk);
    response.end();
  }

  #next(asked: Asked): Answer | undefined {
    const read = this.reads?.(asked);
    if (read !== undefined) return read;
    if (this.cassettes === undefined) return this.script.length > 1 ? this.script.shift() : this.script[0];
    const { answer, key } = this.cassettes.find(asked);
    if (answer === undefined) this.missing.push(key);
    return answer;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/'))
    return bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as object as never);
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const fields = [...form].map(([name, value]) => [
    name,
    typeof value === 'string' ? value : { name: value.name, type: value.type, size: value.size },
  ]);
  return Object.fromEntries(fields) as Record<string, unknown>;
}

function vectorsOf({ input, model }: Readonly<Record<string, unknown>>) {
  const texts = [input].flat().map(String);
  const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
  return { object: 'list', data, model, usage: { prompt_tokens: texts.length * 4, total_tokens: texts.length * 4 } };
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function isFault(answer: Answer): answer is { readonly fault: Fault } {
  return typeof answer === 'object' && 'fault' in answer;
}

function isRefusal(answer: Answer): answer is { readonly status: number; readonly error: object } {
  return typeof answer === 'object' && 'status' in answer && 'error' in answer;
}
