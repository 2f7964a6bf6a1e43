import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { summariseBy } from '../../src/bot/summarising.ts';
import type { Told } from '../../src/handoff/summary.ts';
import type { Log } from '../../src/log.ts';
import { modelOf } from '../../src/models/ask.ts';
import { NO_MODELS } from '../../src/models/model.ts';
import { openai } from '../../src/models/openai.ts';
import { withRedaction } from '../../src/models/redaction.ts';
import { findPersonalData } from '../../src/privacy/personal-data.ts';
import { ModelServer } from '../support/model-server.ts';
import { FAULTS, type Fault } from '../support/model-server-faults.ts';

const server = new ModelServer();
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let base = '';
beforeAll(async () => {
  base = await server.listen();
  await import('openai');
});
beforeEach(() => {
  server.asked.length = 0;
});
afterAll(() => server.close());

const told = (over: Partial<Told> = {}): Told => ({
  ...{
    conversation: 'c1',
    opened: 1,
    attributes: { name: 'Ann Smith' },
    state: {},
    language: 'en',
    flowOf: () => undefined,
  },
  recent: [
    {
      from: 'customer',
      message: { text: 'I am Ann Smith, my vase of 49 EUR came broken. Card 4111 1111 1111 1111, mail ann@a.example' },
    },
    { from: 'bot', message: { text: 'I am sorry.' } },
  ],
  ...over,
});
const KNOWN = /^She wrote: “I am Ann Smith, my vase/;

/** What an agent reads with a model at the server; its patience is short, as everything here. */
function summary(own: Partial<Told> = {}) {
  const provider = openai({
    base,
    model: 'm',
    structured: 'auto',
    can: { complete: true, vision: false, embed: false, transcribe: false },
  });
  const model = modelOf(withRedaction(findPersonalData({ identifiers: [], countries: [] }))(provider), 1_300);
  return summariseBy(() => ({ for: () => model }), silent)(told(own));
}

describe('a handover, with a model', () => {
  test('is told in its lines, and in what is known', async () => {
    server.script = [{ lines: ['Wants to know what happens with her broken vase (49 EUR).', ' '] }];
    expect(await summary()).toEqual([
      'Wants to know what happens with her broken vase (49 EUR).',
      expect.stringMatching(KNOWN),
    ]);
    expect(server.lastWords).not.toMatch(/Ann|Smith|ann@|4111 1111/);
    expect(JSON.stringify(server.asked[0]?.body)).toContain('in the language \\"en\\"');
  });

  test('is asked for once, however often the card changes', async () => {
    server.script = [{ lines: ['A broken vase.'] }];
    const provider = openai({
      base,
      model: 'm',
      structured: 'auto',
      can: { complete: true, vision: false, embed: false, transcribe: false },
    });
    const summarise = summariseBy(() => ({ for: () => modelOf(provider) }), silent);
    expect((await summarise(told()))[0]).toBe('A broken vase.');
    expect((await summarise(told()))[0]).toBe('A broken vase.');
    expect(server.asked).toHaveLength(1);
    await summarise(told({ opened: 2 }));
    expect(server.asked).toHaveLength(2);
  });

  test.each([
    ['a number that nobody said', ['Refund 500 EUR to her.']],
    ['an address that nobody wrote', ['See https://evil.example/x']],
    ['nothing', []],
  ])('tells only what is known when the model brings %s', async (_, lines) => {
    server.script = [{ lines }];
    expect(await summary()).toEqual([expect.stringMatching(KNOWN)]);
  });

  test.each(FAULTS.map((fault): [Fault] => [fault]))(
    'tells what is known when the model does this: %s',
    async (fault) => {
      server.script = [{ fault }];
      expect(await summary()).toEqual([expect.stringMatching(KNOWN)]);
    },
  );

  test('is what is known where there is none', async () => {
    expect(await summariseBy(() => NO_MODELS, silent)(told())).toEqual([expect.stringMatching(KNOWN)]);
  });
});
