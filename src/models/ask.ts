import { deadline, heeding, heedingEach } from './deadline.ts';
import { ModelError } from './failure.ts';
import { type Abilities, type Asking, LONGEST, type Model, type Prompt } from './model.ts';
import type { Call, Provider } from './provider.ts';
import { structured } from './structured.ts';

/** Characters of a question: more is a story, and costs its length. */
const QUESTION_LIMIT = 64 * 1024;
/** Bytes of a picture or a voice note; texts at a time. */
const MEDIA_LIMIT = 20 * 1024 * 1024;
const TEXTS_LIMIT = 256;

/** A provider, with all its layers, as a {@link Model}: refuses what it cannot do before asking, and ends in time. */
export function modelOf(provider: Provider, longest = LONGEST): Model {
  const { can } = provider;
  async function within<T>(asking: Asking, work: (call: Call) => Promise<T>): Promise<T> {
    const { signal, done } = deadline(Math.min(asking.timeout ?? longest, longest), asking.signal);
    try {
      return await heeding(signal, work(callOf(asking, signal)));
    } finally {
      done();
    }
  }
  return {
    name: provider.name,
    can,
    async complete(prompt, asking = {}) {
      refuse(can, prompt);
      const { text, end, usage } = await within(asking, (call) => provider.ask({ kind: 'complete', prompt }, call));
      return { text, end, usage };
    },
    async *stream(prompt, asking = {}) {
      refuse(can, prompt, 'stream');
      const { signal, done } = deadline(Math.min(asking.timeout ?? longest, longest), asking.signal);
      try {
        yield* heedingEach(signal, provider.stream({ kind: 'complete', prompt }, callOf(asking, signal)));
      } finally {
        done();
      }
    },
    async structured(prompt, shape, asking = {}) {
      refuse(can, prompt, 'structured');
      return await within(asking, (call) => structured(provider, prompt, shape, call));
    },
    async embed(texts, asking = {}) {
      if (!can.embed) throw unsupported('It makes no embeddings.');
      const size = texts.reduce((sum, { length }) => sum + length, 0);
      if (texts.length > TEXTS_LIMIT || size > QUESTION_LIMIT * 4)
        throw new ModelError('model.too_large', { detail: `At most ${TEXTS_LIMIT} texts at a time.` });
      if (texts.length === 0)
        return { vectors: [], usage: { model: provider.name, input: 0, output: 0, cost: 0, cached: false } };
      const { vectors = [], usage } = await within(asking, (call) => provider.ask({ kind: 'embed', texts }, call));
      return { vectors, usage };
    },
    async transcribe(recording, asking = {}) {
      if (!can.transcribe) throw unsupported('It does not listen.');
      if (recording.bytes.byteLength > MEDIA_LIMIT) throw new ModelError('model.too_large');
      return await within(asking, async (call) => {
        const { text, usage } = await provider.ask({ kind: 'transcribe', recording }, call);
        return { text, usage };
      });
    },
  };
}

function callOf({ conversation, personal }: Asking, signal: AbortSignal): Call {
  return { signal, ...(conversation !== undefined && { conversation }), ...(personal !== undefined && { personal }) };
}

function refuse(
  can: Abilities,
  { system, messages }: Prompt,
  ability: 'complete' | 'stream' | 'structured' = 'complete',
) {
  if (!can[ability]) throw unsupported(`It does not ${ability === 'structured' ? 'fill a shape' : ability}.`);
  const pictures = messages.flatMap(({ pictures = [] }) => pictures);
  if (pictures.length > 0 && !can.vision) throw unsupported('It does not see.');
  const size = messages.reduce((sum, { text }) => sum + text.length, system.length);
  const bytes = pictures.reduce((sum, picture) => sum + picture.bytes.byteLength, 0);
  if (size > QUESTION_LIMIT || bytes > MEDIA_LIMIT)
    throw new ModelError('model.too_large', { detail: 'The question is.' });
}

function unsupported(detail: string): ModelError {
  return new ModelError('model.unsupported', {
    detail,
    hint: 'Name another model for this task under `models:` in parley.yaml.',
  });
}
