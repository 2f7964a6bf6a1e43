import type { ServerResponse } from 'node:http';

/** Bodies of the protocol. */
const FACTS = { id: 'chatcmpl-1', created: 1_763_700_000 };
const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

export function completionOf(model: string, content: string, finish = 'stop'): object {
  const message = { role: 'assistant', content, refusal: null };
  const choices = [{ index: 0, message, finish_reason: finish, logprobs: null }];
  return { ...FACTS, object: 'chat.completion', model, choices, usage: USAGE };
}

/** The events of a stream: a few letters each (what is huge, at once), the reason of the end, the usage, and the last word. */
export function chunksOf(model: string, content: string): string[] {
  const pieces = content.length > 10_000 ? [content] : (content.match(/[\s\S]{1,7}/gu) ?? []);
  const chunk = (choices: object[], more: object = {}) =>
    `data: ${JSON.stringify({ ...FACTS, object: 'chat.completion.chunk', model, choices, ...more })}\n\n`;
  return [
    chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
    ...pieces.map((piece) => chunk([{ index: 0, delta: { content: piece }, finish_reason: null }])),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { usage: USAGE }),
    'data: [DONE]\n\n',
  ];
}

export function refusalOf(
  response: ServerResponse,
  status: number,
  error: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error: { type: 'invalid_request_error', code: null, message: 'No.', ...error } }));
}

/** The same text, the same vector; texts that share letters are near each other. */
export function vectorOf(text: string): number[] {
  const counts = Array.from({ length: 16 }, () => 0);
  for (const letter of text.toLowerCase()) {
    const place = (letter.codePointAt(0) ?? 0) % counts.length;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const length = Math.hypot(...counts) || 1;
  return counts.map((count) => count / length);
}
