import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { modelOf } from '../../src/models/ask.ts';
import type { Prompt } from '../../src/models/model.ts';
import type { Provider } from '../../src/models/provider.ts';
import { withTries } from '../../src/models/tries.ts';
import { ModelServer } from '../support/model-server.ts';
import type { Fault } from '../support/model-server-faults.ts';

const PROMPT: Prompt = {
  name: 'test@1',
  system: 'You classify what customers write.',
  messages: [{ from: 'user', text: 'The vase came broken, and nobody answers!' }],
};
const MOOD = { name: 'mood', schema: z.object({ mood: z.enum(['calm', 'angry']), because: z.string().max(80) }) };

/** What every way to a model must do, on a real socket and through its vendor's own client. */
export function describeModel(name: string, open: (base: string) => Provider): void {
  describe(`a model by ${name}`, () => {
    const server = new ModelServer();
    let provider: Provider;
    let base: string;
    /** Tries of 150 ms, once again; everything within a second. */
    const model = () => modelOf(withTries({ each: 150, retries: 1, random: () => 0 })(provider), 1_000);

    beforeAll(async () => {
      base = await server.listen();
    });
    beforeEach(() => {
      provider = open(base);
      server.asked.length = 0;
      server.refuses = [];
    });
    afterAll(() => server.close());

    test('completes, and tells what it used', async () => {
      server.script = ['I am sorry about the vase.'];
      const { text, end, usage } = await model().complete(PROMPT);
      expect({ text, end, usage }).toMatchObject({
        text: 'I am sorry about the vase.',
        end: 'stop',
        usage: { input: 100, output: 20, cached: false },
      });
      expect(server.asked[0]).toMatchObject({
        path: '/chat/completions',
        headers: { authorization: 'Bearer key' },
        body: {
          messages: [
            { role: 'system', content: PROMPT.system },
            { role: 'user', content: PROMPT.messages[0]!.text },
          ],
        },
      });
    });

    test('leaves out what it thought aloud', async () => {
      server.script = ['<think>She is angry.</think>\nSorry.'];
      expect((await model().complete(PROMPT)).text).toBe('Sorry.');
    });

    test('streams the same words in pieces, and then the usage', async () => {
      server.script = ['I am sorry about the vase.'];
      let text = '';
      let last: unknown;
      let pieces = 0;
      for await (const piece of model().stream(PROMPT)) {
        if ('text' in piece) {
          text += piece.text;
          pieces += 1;
        } else last = piece;
      }
      expect(text).toBe('I am sorry about the vase.');
      expect(pieces).toBeGreaterThan(2);
      expect(last).toMatchObject({ end: 'stop', usage: { input: 100, output: 20 } });
    });

    test('gives a value of the shape that was asked for', async () => {
      server.script = [{ mood: 'angry', because: 'broken' }];
      const { value } = await model().structured(PROMPT, MOOD);
      expect(value).toEqual({ mood: 'angry', because: 'broken' });
    });

    test('has a wrong value mended once', async () => {
      server.script = [
        { mood: 'furious', because: 'broken' },
        { mood: 'angry', because: 'broken' },
      ];
      const { value, usage } = await model().structured(PROMPT, MOOD);
      expect(value.mood).toBe('angry');
      expect(usage).toMatchObject({ input: 200, output: 40 });
      expect(server.asked).toHaveLength(2);
      expect(server.lastWords).toContain('furious');
    });

    test('drops a value that is wrong twice', async () => {
      server.script = [{ fault: 'wrong_schema' }];
      await expect(model().structured(PROMPT, MOOD)).rejects.toMatchObject({ code: 'model.invalid_output' });
      expect(server.asked).toHaveLength(2);
    });

    test('checks by itself what the endpoint promised to hold', async () => {
      server.script = [{ mood: 'angry', because: 'x'.repeat(81) }];
      await expect(model().structured(PROMPT, MOOD)).rejects.toMatchObject({ code: 'model.invalid_output' });
    });

    test('shows a picture by its bytes', async () => {
      server.script = ['A broken vase.'];
      const picture = { type: 'image/png' as const, bytes: new Uint8Array([1, 2, 3]) };
      const { text } = await model().complete({
        ...PROMPT,
        messages: [{ from: 'user', text: 'What is this?', pictures: [picture] }],
      });
      expect(text).toBe('A broken vase.');
      expect(server.lastWords).toContain('data:image/png;base64,AQID');
    });

    test('refuses what it cannot do before anything is asked', async () => {
      const blind = modelOf({ ...provider, can: { ...provider.can, vision: false, embed: false, transcribe: false } });
      const picture = { type: 'image/png' as const, bytes: new Uint8Array([1]) };
      const seen = blind.complete({ ...PROMPT, messages: [{ from: 'user', text: '?', pictures: [picture] }] });
      await expect(seen).rejects.toMatchObject({ code: 'model.unsupported' });
      await expect(blind.embed(['a'])).rejects.toMatchObject({ code: 'model.unsupported' });
      const heard = blind.transcribe({ name: 'a.ogg', type: 'audio/ogg', bytes: new Uint8Array([1]) });
      await expect(heard).rejects.toMatchObject({ code: 'model.unsupported' });
      const long = { ...PROMPT, system: 'x'.repeat(100_000) };
      await expect(blind.complete(long)).rejects.toMatchObject({ code: 'model.too_large' });
      expect(server.asked).toEqual([]);
    });

    test.each<[Fault, string | RegExp]>([
      ['stall', 'model.timeout'],
      ['slow_drip', 'model.timeout'],
      ['cut', 'model.unavailable'],
      ['rate_limited', 'model.rate_limited'],
      ['server_error', 'model.unavailable'],
      ['html', 'model.unavailable'],
      ['empty', 'model.empty'],
      // A client may stumble over it before we see it.
      ['no_choices', /^model\.(empty|unavailable)$/],
    ])('after %s it tries once more, and then fails as %s', async (fault, code) => {
      server.script = [{ fault }];
      await expect(model().complete(PROMPT)).rejects.toMatchObject({
        code: expect.stringMatching(code),
        retryable: true,
      });
      expect(server.asked).toHaveLength(2);
      server.asked.length = 0;
      server.script = [{ fault }, 'Well again.'];
      expect((await model().complete(PROMPT)).text).toBe('Well again.');
    });

    test.each<[Fault, string]>([
      ['rate_limited_long', 'model.rate_limited'],
      ['huge', 'model.too_large'],
      ['refusal', 'model.filtered'],
      ['too_long', 'model.too_large'],
      ['bad_key', 'model.refused'],
    ])('after %s it does not try again: %s', async (fault, code) => {
      server.script = [{ fault }];
      await expect(model().complete(PROMPT)).rejects.toMatchObject({ code });
      expect(server.asked).toHaveLength(1);
    });

    test.each<[Fault, string]>([
      ['stall', 'model.timeout'],
      ['cut', 'model.unavailable'],
      ['server_error', 'model.unavailable'],
      ['huge', 'model.too_large'],
      ['empty', 'model.empty'],
      ['slow_drip', 'model.timeout'],
    ])('a stream that meets %s ends as %s', async (fault, code) => {
      server.script = [{ fault }];
      const read = async () => {
        for await (const piece of model().stream(PROMPT)) void piece;
      };
      await expect(read()).rejects.toMatchObject({ code });
    });

    test('tells nothing of the question or the key in a failure', async () => {
      server.script = [{ status: 400, error: { message: `Bad: ${PROMPT.messages[0]!.text}` } }];
      const failure = await model()
        .complete(PROMPT)
        .catch((error: Error & { hint?: string }) => `${error.message} ${error.hint ?? ''}`);
      expect(failure).not.toMatch(/vase|key\b.*Bearer/);
    });

    test('ends when its caller does', async () => {
      server.script = [{ fault: 'stall' }];
      const caller = new AbortController();
      const asked = model().complete(PROMPT, { signal: caller.signal });
      caller.abort();
      await expect(asked).rejects.toMatchObject({ code: 'model.timeout' });
    });
  });
}
