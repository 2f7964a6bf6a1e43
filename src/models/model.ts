import type { z } from 'zod';

/**
 * A language model, whoever runs it. It has no tools and decides nothing: words go in, words (or a checked value) come out, and what
 * those may do is for the flow to say.
 *
 * **Promised.** Every method settles within {@link Asking.timeout}, whatever the other side does. Personal data has been taken out of
 * what leaves the machine, and put back into what returns. Links in what returns lead to allowed hosts only. What it costs is counted
 * before and after, and the budget holds across restarts. The same question again may come from a cache, at no cost.
 *
 * **Not promised.** That the answer is true, or the same twice.
 *
 * **Rejects** with a `ParleyError` whose code is one of {@link MODEL_CODES}; `retryable` says whether asking later may help. Callers
 * always have something to do without: the embedded path, `on_fail`, a human.
 */
export interface Model {
  /** For logs and figures: `gpt-5-mini`. Never a key, never an address with one. */
  readonly name: string;
  readonly can: Abilities;
  complete(prompt: Prompt, asking?: Asking): Promise<Completion>;
  /** The same in pieces, as they come. Throws while it is read; what came before is not withdrawn. */
  stream(prompt: Prompt, asking?: Asking): AsyncIterable<Piece>;
  /** A value of this shape, checked against its schema. What does not fit is sent back once to be mended, then `model.invalid_output`. */
  structured<T>(prompt: Prompt, shape: Shape<T>, asking?: Asking): Promise<Structured<T>>;
  /** A vector for each text, in their order, all of one length. */
  embed(texts: readonly string[], asking?: Asking): Promise<Embedding>;
  /** What is said in a voice note. */
  transcribe(recording: Recording, asking?: Asking): Promise<Transcript>;
}

/** What a business has a model for. Each task may have another one; a task without one is done without. */
export const TASKS = ['understanding', 'answer', 'llm', 'vision', 'speech', 'embedding'] as const;
export type Task = (typeof TASKS)[number];

/** The models of a deployment. */
export interface Models {
  /** `undefined`: none is configured for this. */
  for(task: Task): Model | undefined;
}

/** A deployment without models. */
export const NO_MODELS: Models = { for: () => undefined };

/** What a model can do, as data: looked at before asking, never found out by an exception. */
export interface Abilities {
  readonly complete: boolean;
  readonly stream: boolean;
  /** `strict`: the endpoint itself holds the schema; `json`: it gives JSON, and we check. */
  readonly structured: 'strict' | 'json' | false;
  readonly embed: boolean;
  /** Does it take pictures in a {@link Said}? */
  readonly vision: boolean;
  readonly transcribe: boolean;
}

export interface Prompt {
  /** What it is for, and which wording of ours: `llm.classify@1`. Part of the cache's key, and shown in figures. */
  readonly name: string;
  /** Our words. Nothing secret, and nothing that somebody else wrote: that belongs into `messages`, by `quote`. */
  readonly system: string;
  readonly messages: readonly Said[];
  /** Tokens of the answer; default 512. */
  readonly maxTokens?: number;
}

export interface Said {
  readonly from: 'user' | 'assistant';
  readonly text: string;
  /** Only where {@link Abilities.vision}. */
  readonly pictures?: readonly Picture[];
}

/** A picture's own bytes: an address would make the model's provider a visitor of our file store. */
export interface Picture {
  readonly type: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';
  readonly bytes: Uint8Array;
}

export interface Recording {
  /** Its extension tells the format: `voice.ogg`. */
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** The language that is likely spoken: `zh`. */
  readonly locale?: string;
}

/** Circumstances of asking, which are no part of the question. */
export interface Asking {
  /** Public id of the conversation whose budget it is taken from. */
  readonly conversation?: string;
  /** Milliseconds for all of it, tries and repair included; at most and by default {@link LONGEST}. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** What is known of the customer and must not leave: her name, her street. Masked wherever it stands. */
  readonly personal?: readonly string[];
}

/** Milliseconds. A customer waits no longer for anything. */
export const LONGEST = 20_000;

/** A JSON object of this zod schema. Use plain shapes: `object`, `array`, `enum`, `string`, `number`, `boolean`, `nullable`. */
export interface Shape<T> {
  /** Letters, digits, `_`: endpoints show it to the model. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
}

export interface Completion {
  readonly text: string;
  /** `length`: cut off by `maxTokens`. */
  readonly end: 'stop' | 'length';
  readonly usage: Usage;
}

export type Piece =
  | { readonly text: string }
  /** The last one. */
  | { readonly end: Completion['end']; readonly usage: Usage };

export interface Structured<T> {
  readonly value: T;
  /** Of both tries together, where it had to be mended. */
  readonly usage: Usage;
}

export interface Embedding {
  readonly vectors: readonly (readonly number[])[];
  readonly usage: Usage;
}

export interface Transcript {
  readonly text: string;
  readonly usage: Usage;
}

/** What was used up. */
export interface Usage {
  readonly model: string;
  /** Tokens; 0 where the endpoint does not tell. */
  readonly input: number;
  readonly output: number;
  /** In the currency of `prices` in parley.yaml; 0 where no price is given, or from the cache. */
  readonly cost: number;
  readonly cached: boolean;
}

/** Every way in which asking a model fails. */
export const MODEL_CODES = {
  'model.timeout': 'It did not answer in time.',
  'model.unavailable': 'It cannot be reached, broke off, or fails on its side.',
  'model.rate_limited': 'It is asked too often for now.',
  'model.refused': 'Its endpoint does not take the key, the model or the request.',
  'model.filtered': 'It declines to answer this.',
  'model.empty': 'It answered nothing.',
  'model.invalid_output': 'Its answer has not the shape that was asked for, not even when asked to mend it.',
  'model.too_large': 'Its answer, or the question, is larger than allowed.',
  'model.budget': 'The budget of the conversation or of the day is used up.',
  'model.shut': 'It failed too often just now and is left alone for a while.',
  'model.unsupported': 'It cannot do this: no pictures, no voice, no embeddings.',
  'model.missing_package': 'A package that it needs is not installed.',
} as const;
export type ModelCode = keyof typeof MODEL_CODES;
