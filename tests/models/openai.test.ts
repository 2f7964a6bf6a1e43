import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { modelOf } from '../../src/models/ask.ts';
import type { Prompt } from '../../src/models/model.ts';
import { type Endpoint, openai } from '../../src/models/openai.ts';
import { ModelServer } from '../support/model-server.ts';
import { Cassettes } from '../support/model-server-cassettes.ts';

const server = new ModelServer();
let base = '';
beforeAll(async () => {
  base = await server.listen();
});
beforeEach(() => {
  server.asked.length = 0;
  server.refuses = [];
  server.cassettes = undefined;
  server.script = ['Hello.'];
});
afterAll(() => server.close());

const PROMPT: Prompt = { name: 't@1', system: 'Be brief.', messages: [{ from: 'user', text: 'Hi' }] };
const MOOD = {
  name: 'mood',
  schema: z.object({ mood: z.enum(['calm', 'angry']), because: z.string().max(9).nullable(), default: z.int().min(1) }),
};
const model = (more: Partial<Endpoint> = {}) =>
  modelOf(
    openai({
      ...{ model: 'm', base, structured: 'auto' as const },
      can: { complete: true, embed: true, vision: false, transcribe: true },
      ...more,
    }),
    2_000,
  );

describe('an endpoint that speaks OpenAI’s protocol', () => {
  test('is asked with what strict endpoints hold, and no more', async () => {
    server.script = [{ mood: 'calm', because: null, default: 1 }];
    await model().structured(PROMPT, MOOD);
    expect(server.asked[0]?.body).toMatchObject({
      model: 'm',
      max_tokens: 512,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'mood',
          strict: true,
          schema: {
            type: 'object',
            properties: {
              mood: { type: 'string', enum: ['calm', 'angry'] },
              because: { anyOf: [{ type: 'string' }, { type: 'null' }] },
              default: { type: 'integer' },
            },
            required: ['mood', 'because', 'default'],
            additionalProperties: false,
          },
        },
      },
    });
  });

  test.each([
    [['json_schema'], ['json_schema', 'json_object', 'json_object']],
    [
      ['json_schema', 'json_object'],
      ['json_schema', 'json_object', undefined, undefined],
    ],
  ] as const)('that refuses %j is asked in a weaker way from then on', async (refuses, formats) => {
    server.refuses = [...refuses];
    server.script = [{ mood: 'calm', because: null, default: 1 }];
    const asked = model();
    expect((await asked.structured(PROMPT, MOOD)).value.mood).toBe('calm');
    expect((await asked.structured(PROMPT, MOOD)).value.mood).toBe('calm');
    const told = server.asked.map(({ body }) => (body.response_format as { type: string } | undefined)?.type);
    expect(told).toEqual(formats);
    // Then our words say what the endpoint does not hold.
    expect(server.lastWords).toContain('JSON Schema');
  });

  test('is weakened by one step only, though several questions are refused at once', async () => {
    server.refuses = ['json_schema'];
    server.script = [{ mood: 'calm', because: null, default: 1 }];
    const asked = model();
    await Promise.all([1, 2, 3].map(() => asked.structured(PROMPT, MOOD)));
    const told = server.asked.map(({ body }) => (body.response_format as { type: string } | undefined)?.type);
    expect(told.toSorted()).toEqual([...Array(3).fill('json_object'), ...Array(3).fill('json_schema')]);
  });

  test('is not weakened where parley.yaml says strict', async () => {
    server.refuses = ['json_schema'];
    await expect(model({ structured: 'strict' }).structured(PROMPT, MOOD)).rejects.toMatchObject({
      code: 'model.refused',
    });
  });

  test('may wrap its JSON as in a chat', async () => {
    server.script = ['```json\n{"mood": "calm", "because": null, "default": 1}\n```'];
    expect((await model({ structured: 'json' }).structured(PROMPT, MOOD)).value.mood).toBe('calm');
  });

  test('gives a vector for each text', async () => {
    const { vectors, usage } = await model().embed(['hello', 'hello', '你好']);
    expect(vectors).toHaveLength(3);
    expect(vectors[0]).toEqual(vectors[1]);
    expect(vectors[0]).not.toEqual(vectors[2]);
    expect(usage.input).toBe(12);
    expect((await model().embed([])).vectors).toEqual([]);
  });

  test('listens to a voice note', async () => {
    server.script = ['我的订单在哪里'];
    const recording = { name: 'voice.ogg', type: 'audio/ogg', bytes: new Uint8Array(2_000), locale: 'zh-CN' };
    expect((await model().transcribe(recording)).text).toBe('我的订单在哪里');
    expect(server.asked[0]).toMatchObject({
      path: '/audio/transcriptions',
      body: { model: 'm', language: 'zh', file: { name: 'voice.ogg', type: 'audio/ogg', size: 2_000 } },
    });
  });

  test('is given further fields, and no key where there is none', async () => {
    await model({ extra: { enable_thinking: false } }).complete(PROMPT);
    expect(server.asked[0]?.body).toMatchObject({ enable_thinking: false });
    expect(server.asked[0]?.headers.authorization).toBe('Bearer none');
  });

  test('cannot send us on to another host', async () => {
    const elsewhere = createServer((_, response) =>
      response.writeHead(307, { location: `${base}/chat/completions` }).end(),
    );
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    const there = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/v1`;
    await expect(model({ base: there }).complete(PROMPT)).rejects.toMatchObject({ code: 'model.unavailable' });
    expect(server.asked).toEqual([]);
    await new Promise((done) => elsewhere.close(done));
  });

  test('that is not there is unavailable', async () => {
    await expect(model({ base: 'http://127.0.0.1:9/v1' }).complete(PROMPT)).rejects.toMatchObject({
      code: 'model.unavailable',
      retryable: true,
    });
  });

  test('whose account has no credit is not asked again', async () => {
    server.script = [{ status: 429, error: { code: 'insufficient_quota' } }];
    await expect(model().complete(PROMPT)).rejects.toMatchObject({ code: 'model.refused', retryable: false });
  });
});

describe('cassettes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cassettes-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('answer the question they were recorded for, and fail every other', async () => {
    await model().complete(PROMPT);
    const cassettes = new Cassettes(folder);
    cassettes.record(server.asked[0]!, 'From the tape.');
    server.cassettes = cassettes;
    const spaced = { ...PROMPT, messages: [{ from: 'user' as const, text: ' Hi ' }], maxTokens: 9 };
    expect((await model().complete(spaced)).text).toBe('From the tape.');
    const other = { ...PROMPT, system: 'Be long.' };
    await expect(model().complete(other)).rejects.toMatchObject({ code: 'model.refused' });
    expect(server.missing.splice(0)).toHaveLength(1);
  });

  test('that are missing fail the test that needs them, even where the asker goes on without', async () => {
    const own = new ModelServer();
    own.cassettes = new Cassettes(folder);
    const lonely = model({ base: await own.listen() });
    await lonely.complete(PROMPT).catch(() => undefined);
    await lonely.complete({ ...PROMPT, system: 'Unheard of.' }).catch(() => undefined);
    await expect(own.close()).rejects.toThrow('No cassette');
  });
});
