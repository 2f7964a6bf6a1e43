import type { Abilities, Completion, Prompt, Recording, Usage } from './model.ts';

/**
 * One way to a model: what `openai.ts` and `langchain.ts` implement, and what every layer around them (retries, budget, cache …) takes
 * and gives. Smaller than {@link Model}, so that a layer is a page: one question, one reply.
 *
 * Rejects with a `ParleyError` of `MODEL_CODES`. Heeds `call.signal`, tries once and waits for nothing else: patience is a layer's.
 */
export interface Provider {
  readonly name: string;
  readonly can: Abilities;
  ask(request: Request, call: Call): Promise<Reply>;
  stream(request: CompleteRequest, call: Call): AsyncIterable<Part>;
}

/** Goes around a provider and is one. */
export type Layer = (inner: Provider) => Provider;

export type Request = CompleteRequest | EmbedRequest | TranscribeRequest;

export interface CompleteRequest {
  readonly kind: 'complete';
  readonly prompt: Prompt;
  /** The answer is to be JSON of this schema. */
  readonly format?: Format;
}

export interface Format {
  readonly name: string;
  /** JSON Schema: objects closed, every property required. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Is this text such an object? */
  readonly fits: (text: string) => boolean;
}

export interface EmbedRequest {
  readonly kind: 'embed';
  readonly texts: readonly string[];
}

export interface TranscribeRequest {
  readonly kind: 'transcribe';
  readonly recording: Recording;
}

export interface Call {
  readonly signal: AbortSignal;
  readonly conversation?: string;
  readonly personal?: readonly string[];
}

export interface Reply {
  /** Of embeddings `''`. */
  readonly text: string;
  readonly end: Completion['end'];
  /** Of embeddings only. */
  readonly vectors?: readonly (readonly number[])[];
  readonly usage: Usage;
}

export type Part = { readonly text: string } | Pick<Reply, 'end' | 'usage'>;
