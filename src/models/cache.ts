import { createHash } from 'node:crypto';
import type { CompleteRequest, Layer, Reply, Request } from './provider.ts';

/** Characters of an answer that is kept. */
const LARGEST = 16_384;

/**
 * The same question again has the same answer, at once and for nothing. Exact: the model, the prompt's name and words (personal data
 * taken out already), the shape. Kept in memory only, the least lately used going first; an answer that did not fit is never kept.
 */
export function withCache(size: number): Layer {
  if (size === 0) return (inner) => inner;
  return (inner) => {
    const known = new Map<string, Reply>();
    return {
      ...inner,
      async ask(request, call) {
        if (request.kind === 'transcribe') return inner.ask(request, call);
        const key = keyOf(inner.name, request);
        const kept = known.get(key);
        if (kept !== undefined) {
          known.delete(key);
          known.set(key, kept);
          return { ...kept, usage: { ...kept.usage, input: 0, output: 0, cost: 0, cached: true } };
        }
        const reply = await inner.ask(request, call);
        if (!isWorthKeeping(request, reply)) return reply;
        known.set(key, reply);
        const [oldest] = known.keys();
        if (known.size > size && oldest !== undefined) known.delete(oldest);
        return reply;
      },
    };
  };
}

function isWorthKeeping(request: Request, { text, end }: Reply): boolean {
  if (request.kind !== 'complete') return true;
  return end === 'stop' && text.length <= LARGEST && (request.format?.fits(text) ?? true);
}

function keyOf(model: string, request: Exclude<Request, { kind: 'transcribe' }>): string {
  const told = request.kind === 'embed' ? request : { prompt: promptOf(request), schema: request.format?.schema };
  return createHash('sha256')
    .update(JSON.stringify([model, told]))
    .digest('base64url');
}

function promptOf({ prompt }: CompleteRequest) {
  const messages = prompt.messages.map(({ pictures = [], ...said }) => ({
    ...said,
    pictures: pictures.map(({ bytes }) => createHash('sha256').update(bytes).digest('base64url')),
  }));
  return { ...prompt, messages };
}
