import { boundedFetch, REPLY_LIMIT } from './bounded-fetch.ts';
import { failureOf } from './endpoint-failure.ts';
import { ModelError } from './failure.ts';
import type { Picture, Said, Usage } from './model.ts';
import type { CompleteRequest, Part, Provider, Reply } from './provider.ts';
import { DEFAULT_TOKENS, systemOf, withoutThoughts } from './wording.ts';

/** A chat model by the name that `langchain` knows it under, for providers that do not speak OpenAI's protocol. */
export interface LangchainModel {
  /** `anthropic:claude-sonnet-4-5`, `openai:gpt-5-mini`: the provider's package is installed beside `langchain`. */
  readonly model: string;
  /** Of providers whose address may be chosen. */
  readonly base?: string;
  /** Absent: the provider's package reads its own variable. */
  readonly key?: string;
  /** `auto` and `strict`: by langchain's own way for the provider; `json`: by our words alone. */
  readonly structured: 'auto' | 'strict' | 'json';
  readonly can: { readonly vision: boolean };
  readonly extra?: Readonly<Record<string, unknown>>;
}

/**
 * Asks by `langchain`, an optional package; whether it is there is told at the first question. Its chat models complete, stream, see and give JSON;
 * vectors and voice are for `openai`.
 */
export function langchain(chosen: LangchainModel): Provider {
  const models = new Map<number, Promise<Chat>>();
  // Should that fail, the first question says so.
  import('langchain/chat_models/universal').catch(() => undefined);
  const chat = ({ prompt: { maxTokens = DEFAULT_TOKENS } }: CompleteRequest): Promise<Chat> => {
    // How much it may say is set where a model is made.
    const known = models.get(maxTokens) ?? load(chosen, maxTokens);
    models.set(maxTokens, known);
    return known;
  };
  const byWords = chosen.structured === 'json';
  return {
    name: chosen.model,
    can: {
      complete: true,
      stream: true,
      structured: byWords ? 'json' : 'strict',
      embed: false,
      vision: chosen.can.vision,
      transcribe: false,
    },
    async ask(request, { signal }) {
      if (request.kind !== 'complete') throw new ModelError('model.unsupported');
      const { format } = request;
      try {
        const model = await chat(request);
        if (format === undefined || byWords)
          return replyOf(await model.invoke(messagesOf(request, false), { signal }), chosen.model);
        const settings = { name: format.name, includeRaw: true, strict: true };
        const told = await model
          .withStructuredOutput({ title: format.name, ...format.schema }, settings)
          .invoke(messagesOf(request, true), { signal });
        return replyOf(told.raw, chosen.model, told.parsed);
      } catch (error) {
        throw failureOf(error, signal);
      }
    },
    async *stream(request, { signal }) {
      try {
        const model = await chat(request);
        yield* partsOf(await model.stream(messagesOf(request, false), { signal }), chosen.model);
      } catch (error) {
        throw failureOf(error, signal);
      }
    },
  };
}

/** What we use of it. Its own types need the package, which may not be there. */
interface Chat {
  invoke(messages: readonly unknown[], options: object): Promise<Answer>;
  stream(messages: readonly unknown[], options: object): Promise<AsyncIterable<Answer>>;
  withStructuredOutput(
    schema: object,
    options: object,
  ): { invoke(messages: readonly unknown[], options: object): Promise<{ raw: Answer; parsed: unknown }> };
}

interface Answer {
  readonly content?: unknown;
  readonly tool_calls?: readonly { readonly args?: unknown }[];
  readonly usage_metadata?: { readonly input_tokens?: number; readonly output_tokens?: number };
  readonly response_metadata?: Readonly<Record<string, unknown>>;
  readonly additional_kwargs?: Readonly<Record<string, unknown>>;
}

async function load({ model, base, key, extra }: LangchainModel, maxTokens: number): Promise<Chat> {
  const { initChatModel } = await import('langchain/chat_models/universal');
  const bounded = { ...(base !== undefined && { baseURL: base }), fetch: boundedFetch(REPLY_LIMIT), logLevel: 'off' };
  const settings: Record<string, unknown> = {
    maxTokens,
    maxRetries: 0,
    ...(key !== undefined && { apiKey: key }),
    ...(model.startsWith('openai:') && { configuration: bounded, useResponsesApi: false }),
    ...extra,
  };
  return (await initChatModel(model, settings)) as unknown as Chat;
}

function messagesOf(request: CompleteRequest, holdsSchema: boolean): object[] {
  return [
    { role: 'system', content: systemOf(request, holdsSchema) },
    ...request.prompt.messages.map((said) => ({ role: said.from, content: contentOf(said) })),
  ];
}

function contentOf({ text, pictures = [] }: Said): string | object[] {
  return pictures.length === 0 ? text : [{ type: 'text', text }, ...pictures.map(pictureOf)];
}

function pictureOf({ type, bytes }: Picture): object {
  return { type: 'image_url', image_url: { url: `data:${type};base64,${Buffer.from(bytes).toString('base64')}` } };
}

function replyOf(answer: Answer, model: string, parsed?: unknown): Reply {
  if (endOf(answer) === 'content_filter' || answer.additional_kwargs?.refusal) throw new ModelError('model.filtered');
  // Where its parser gave up, the words themselves are judged by us: they may be mended.
  const [call] = answer.tool_calls ?? [];
  const given = parsed ?? call?.args;
  const text = given === undefined || given === null ? withoutThoughts(textOf(answer)) : JSON.stringify(given);
  if (text.trim() === '') throw new ModelError('model.empty');
  // Clients of other providers than OpenAI read as much as comes.
  if (text.length > REPLY_LIMIT) throw new ModelError('model.too_large');
  return { text, end: endOf(answer) === 'length' ? 'length' : 'stop', usage: usageOf(model, answer) };
}

async function* partsOf(answers: AsyncIterable<Answer>, model: string): AsyncGenerator<Part> {
  let end: string | undefined;
  let usage = usageOf(model, {});
  let size = 0;
  for await (const answer of answers) {
    const text = textOf(answer);
    size += text.length;
    if (size > REPLY_LIMIT) throw new ModelError('model.too_large');
    if (text !== '') yield { text };
    end = endOf(answer) ?? end;
    if (answer.usage_metadata !== undefined) usage = usageOf(model, answer);
  }
  if (end === undefined) throw new ModelError('model.unavailable', { detail: 'It broke off.' });
  if (size === 0) throw new ModelError('model.empty');
  yield { end: end === 'length' ? 'length' : 'stop', usage };
}

/** Why it stopped, under the names that providers give it. */
function endOf({ response_metadata: facts = {} }: Answer): string | undefined {
  const told = facts.finish_reason ?? facts.stop_reason ?? facts.finishReason ?? facts.done_reason;
  if (typeof told !== 'string' || told === '') return undefined;
  return /^(length|max_tokens)$/i.test(told) ? 'length' : told;
}

/** A text, or a list of blocks of which the texts are the answer. */
function textOf({ content }: Answer): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((block) => (typeof block?.text === 'string' ? block.text : '')).join('');
}

function usageOf(model: string, { usage_metadata: tokens }: Answer): Usage {
  return { model, input: tokens?.input_tokens ?? 0, output: tokens?.output_tokens ?? 0, cost: 0, cached: false };
}
