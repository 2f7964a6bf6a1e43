import type { Usage } from './model.ts';
import type { Layer } from './provider.ts';

/** What a million tokens cost, in whatever currency the business counts. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Puts a price on what was used. Without one it costs nothing, as far as we know. */
export function withPrice(price: Price | undefined): Layer {
  if (price === undefined) return (inner) => inner;
  const priced = (usage: Usage): Usage => ({
    ...usage,
    cost: (usage.input * price.input + usage.output * price.output) / 1_000_000,
  });
  return (inner) => ({
    ...inner,
    async ask(request, call) {
      const reply = await inner.ask(request, call);
      return { ...reply, usage: priced(reply.usage) };
    },
    async *stream(request, call) {
      for await (const part of inner.stream(request, call))
        yield 'usage' in part ? { ...part, usage: priced(part.usage) } : part;
    },
  });
}
