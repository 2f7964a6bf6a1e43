import type { OpenAI } from 'openai';
import type { ChatCompletionContentPart, ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { z } from 'zod';
import { boundedFetch, REPLY_LIMIT, VECTORS_LIMIT } from './bounded-fetch.ts';
import { failureOf } from './endpoint-failure.ts';
import { ModelError } from './failure.ts';
import type { Abilities, Picture, Said, Usage } from './model.ts';
import type { Call, CompleteRequest, EmbedRequest, Part, Provider, Reply, TranscribeRequest } from './provider.ts';
import { DEFAULT_TOKENS, systemOf, withoutThoughts } from './wording.ts';

/** An endpoint that speaks OpenAI's protocol: OpenAI, Qwen, DeepSeek, Ollama, vLLM and most others. */
export interface Endpoint {
  readonly model: string;
  /** `https://api.openai.com/v1` */
  readonly base: string;
  /** Absent: the endpoint asks for none. */
  readonly key?: string;
  /** How it is made to give JSON; `auto`: strictly, until it refuses that. */
  readonly structured: 'auto' | 'strict' | 'json';
  readonly can: Pick<Abilities, 'complete' | 'embed' | 'vision' | 'transcribe'>;
  /** Further fields of every request, such as `enable_thinking: false`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** How JSON is asked for; each is weaker than the one before, and taken when that was refused. */
const MODES = ['strict', 'json', 'plain'] as const;
type Mode = (typeof MODES)[number];

/** Asks by the `openai` package, whose own retries are off. It is loaded while nobody waits for it yet. */
export function openai(endpoint: Endpoint): Provider {
  const { model, can } = endpoint;
  let mode: Mode = endpoint.structured === 'json' ? 'json' : 'strict';
  const clients = new Map<number, Promise<OpenAI>>();
  // Should that fail, the first question says so.
  import('openai').catch(() => undefined);
  const client = (limit: number): Promise<OpenAI> => {
    const known = clients.get(limit) ?? connect(endpoint, limit);
    clients.set(limit, known);
    return known;
  };

  async function complete(request: CompleteRequest, { signal }: Call): Promise<Reply> {
    const chat = (await client(REPLY_LIMIT)).chat.completions;
    for (;;) {
      const tried = mode;
      const body: ChatCompletionCreateParams = { ...bodyOf(endpoint, request, tried), stream: false };
      try {
        return replyOf(await chat.create(body, { signal }), model);
      } catch (error) {
        const weaker = MODES[MODES.indexOf(tried) + 1];
        if (request.format === undefined || endpoint.structured === 'strict') throw error;
        if (weaker === undefined || !refusesFormat(error)) throw error;
        // Unless another question, refused in the same moment, has found that out already.
        if (mode === tried) mode = weaker;
      }
    }
  }

  async function embed({ texts }: EmbedRequest, { signal }: Call): Promise<Reply> {
    const { embeddings } = await client(VECTORS_LIMIT);
    // Asked for as numbers: not every endpoint knows the SDK's default, base64.
    const body = { model, input: [...texts], encoding_format: 'float' as const };
    const { data, usage } = readAs(Vectors, await embeddings.create(body, { signal }));
    const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
    const size = vectors[0]?.length ?? 0;
    if (vectors.length !== texts.length || size === 0 || vectors.some(({ length }) => length !== size))
      throw new ModelError('model.invalid_output', { detail: 'Not a vector of one length for each text.' });
    return { text: '', end: 'stop', vectors, usage: usageOf(model, usage) };
  }

  async function transcribe({ recording }: TranscribeRequest, { signal }: Call): Promise<Reply> {
    const { toFile } = await import('openai');
    const { audio } = await client(REPLY_LIMIT);
    const file = await toFile(recording.bytes, recording.name, { type: recording.type });
    const language = recording.locale?.split('-')[0];
    const body = { file, model, ...(language !== undefined && { language }) };
    const { text, usage } = readAs(Transcript, await audio.transcriptions.create(body, { signal }));
    if (text.trim() === '') throw new ModelError('model.empty');
    return { text: text.trim(), end: 'stop', usage: usageOf(model, usage) };
  }

  return {
    name: model,
    can: {
      ...can,
      stream: can.complete,
      structured: can.complete && (endpoint.structured === 'json' ? 'json' : 'strict'),
    },
    async ask(request, call) {
      try {
        if (request.kind === 'complete') return await complete(request, call);
        return await (request.kind === 'embed' ? embed(request, call) : transcribe(request, call));
      } catch (error) {
        throw failureOf(error, call.signal);
      }
    },
    async *stream(request, { signal }) {
      try {
        const chat = (await client(REPLY_LIMIT)).chat.completions;
        const body = {
          ...bodyOf(endpoint, request, mode),
          stream: true as const,
          stream_options: { include_usage: true },
        };
        yield* partsOf(await chat.create(body, { signal }), model);
      } catch (error) {
        throw failureOf(error, signal);
      }
    },
  };
}

async function connect({ base, key }: Endpoint, limit: number): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: base,
    // The SDK insists on one, and reads the environment for whatever else is left out.
    apiKey: key ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    fetch: boundedFetch(limit),
    logLevel: 'off',
  });
}

function bodyOf(endpoint: Endpoint, request: CompleteRequest, mode: Mode) {
  const { prompt, format } = request;
  const most = prompt.maxTokens ?? DEFAULT_TOKENS;
  return {
    model: endpoint.model,
    messages: [
      { role: 'system' as const, content: systemOf(request, mode === 'strict') },
      ...prompt.messages.map(messageOf),
    ],
    // OpenAI's own newer models refuse the old name, other endpoints do not know the new one.
    ...(isOpenAi(endpoint.base) ? { max_completion_tokens: most } : { max_tokens: most }),
    ...(format !== undefined && mode !== 'plain' && { response_format: formatOf(format, mode) }),
    ...endpoint.extra,
  };
}

function isOpenAi(base: string): boolean {
  return URL.canParse(base) && /(^|\.)openai\.(com|azure\.com)$/.test(new URL(base).hostname);
}

function formatOf({ name, schema }: NonNullable<CompleteRequest['format']>, mode: 'strict' | 'json') {
  return mode === 'strict'
    ? { type: 'json_schema' as const, json_schema: { name, schema: { ...schema }, strict: true } }
    : { type: 'json_object' as const };
}

function messageOf({ from, text, pictures = [] }: Said): Message {
  if (from === 'assistant') return { role: 'assistant', content: text };
  if (pictures.length === 0) return { role: 'user', content: text };
  return { role: 'user', content: [{ type: 'text', text }, ...pictures.map(pictureOf)] };
}

type Message = { role: 'assistant'; content: string } | { role: 'user'; content: string | ChatCompletionContentPart[] };

function pictureOf({ type, bytes }: Picture): ChatCompletionContentPart {
  return { type: 'image_url', image_url: { url: `data:${type};base64,${Buffer.from(bytes).toString('base64')}` } };
}

/** Endpoints say in many ways that they do not know `json_schema` or `response_format`; all of them name it. */
function refusesFormat(error: unknown): boolean {
  const { status, message } = error as { status?: unknown; message?: unknown };
  return (
    (status === 400 || status === 404 || status === 422 || status === 501) &&
    typeof message === 'string' &&
    /response_?format|json_?schema|json_?object|structured|grammar|guided/i.test(message)
  );
}

const Tokens = z
  .looseObject({ prompt_tokens: z.number().catch(0), completion_tokens: z.number().catch(0) })
  .nullish()
  .catch(null);
const Chat = z.object({
  choices: z.array(
    z.object({
      message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: Tokens,
});
const Chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: Tokens,
});
const Vectors = z.object({
  data: z.array(z.object({ index: z.number(), embedding: z.array(z.number()) })),
  usage: Tokens,
});
const Transcript = z.object({ text: z.string(), usage: Tokens });

/** An endpoint that is not quite OpenAI's may answer anything with status 200. */
function readAs<T>(schema: z.ZodType<T>, answer: unknown): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new ModelError('model.unavailable', { detail: 'What it answers is not the protocol that was expected.' });
}

function replyOf(answer: unknown, model: string): Reply {
  const { choices, usage } = readAs(Chat, answer);
  const [choice] = choices;
  if (choice?.finish_reason === 'content_filter' || choice?.message.refusal) throw new ModelError('model.filtered');
  const text = withoutThoughts(choice?.message.content ?? '');
  if (text.trim() === '') throw new ModelError('model.empty');
  return { text, end: choice?.finish_reason === 'length' ? 'length' : 'stop', usage: usageOf(model, usage) };
}

async function* partsOf(chunks: AsyncIterable<unknown>, model: string): AsyncGenerator<Part> {
  let tokens: z.infer<typeof Tokens>;
  let end: string | undefined;
  let said = false;
  for await (const chunk of chunks) {
    const { choices, usage } = readAs(Chunk, chunk);
    const [choice] = choices;
    if (choice?.delta?.refusal || choice?.finish_reason === 'content_filter') throw new ModelError('model.filtered');
    const text = choice?.delta?.content ?? '';
    if (text !== '') {
      said = true;
      yield { text };
    }
    end = choice?.finish_reason ?? end;
    tokens = usage ?? tokens;
  }
  // A connection that is cut neatly looks like an end; only the model's own word for it is one.
  if (end === undefined) throw new ModelError('model.unavailable', { detail: 'It broke off.' });
  if (!said) throw new ModelError('model.empty');
  yield { end: end === 'length' ? 'length' : 'stop', usage: usageOf(model, tokens) };
}

function usageOf(model: string, tokens: z.infer<typeof Tokens>): Usage {
  return { model, input: tokens?.prompt_tokens ?? 0, output: tokens?.completion_tokens ?? 0, cost: 0, cached: false };
}
