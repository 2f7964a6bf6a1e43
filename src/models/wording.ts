import type { CompleteRequest, Format } from './provider.ts';

/** Our words before a conversation: with the schema in them, where the endpoint does not hold it itself. */
export function systemOf({ prompt, format }: CompleteRequest, holdsSchema: boolean): string {
  return format === undefined || holdsSchema ? prompt.system : `${prompt.system}\n\n${inWords(format)}`;
}

function inWords({ schema }: Format): string {
  return `Answer with one JSON object and nothing else. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;
}

/** Models that think aloud (DeepSeek, Qwen) put it before their answer where their server does not take it out. */
export function withoutThoughts(text: string): string {
  return text.replace(/^\s*<think>[\s\S]*?(?:<\/think>|$)\s*/i, '');
}

export const DEFAULT_TOKENS = 512;
