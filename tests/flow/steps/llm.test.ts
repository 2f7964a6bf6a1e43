import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/type.ts';
import type { Stub } from '../../support/flows.ts';
import { run } from './talk.ts';

const STEP = `  - collect: note
    ask: What happened?
  - llm:
      task: TASK
      input: [note]
      out: OUT
      on_fail: FAIL
    as: it
  - say: "Heard: {it.x}"
  - end: resolved`;

interface Case {
  readonly task?: string;
  readonly out?: string;
  readonly fail?: string;
  readonly slots?: string;
  readonly note?: string;
  readonly stub?: Stub;
  readonly steps?: string;
}

const NOTE = 'Order AB123456 came on 2026-11-03, the vase (49.90 EUR) is broken. Call +49 30 901820.';

/** A talk that has told its note, with a model that answers so. */
function told({ task = 'extract', out = '{x: string}', fail = '{x: nothing}', slots = '', note = NOTE, stub }: Case) {
  const steps = STEP.replace('TASK', task).replace('OUT', out).replace('FAIL', fail);
  const header = `slots: {note: text${slots}}`;
  const talk = run(steps, { header, model: true, ...(stub !== undefined && { stubs: { 'model.ask': stub } }) });
  return talk.set({ note });
}

const gives = (values: object): Stub => ({ values }) as Stub;

describe('llm, with a model', () => {
  test('asks it by a read that says what is wanted, and goes on with its answer', () => {
    const talk = told({});
    expect(talk.calls).toMatchObject([
      {
        action: 'model.ask',
        effect: 'read',
        timeout: 8_000,
        args: { task: 'extract', input: { note: NOTE }, locale: 'en', out: { kind: 'object', fields: { x: {} } } },
      },
    ]);
    expect(talk.said).toEqual([]);
    talk.resolve({ values: { x: 'ab 123456' }, usage: { model: 'm', input: 10, output: 2, cost: 0, cached: false } });
    expect(talk.said[0]).toBe('Heard: ab 123456');
    expect(talk.records('model.used')).toMatchObject([{ step: 'it', task: 'extract', input: 10, output: 2 }]);
  });

  test('listens while it thinks: a human is one sentence away', () => {
    const talk = told({});
    talk.say('agent, please');
    expect(talk.handoffs).toHaveLength(1);
  });

  test('keeps no customer waiting longer than it says, whatever became of the question', () => {
    const talk = told({});
    talk.advance(8_499);
    expect(talk.said).toEqual([]);
    talk.advance(1);
    expect(talk.said[0]).toBe('Heard: nothing');
    expect(talk.records('model.failed')).toEqual([{ step: 'it', task: 'extract', code: 'timeout' }]);
    // What comes after all changes nothing.
    talk.resolve({ values: { x: 'vase' } });
    expect(talk.said).toEqual([]);
  });

  test('waits at most 20 s, whatever its author allows', () => {
    const steps = STEP.replace('TASK', 'classify')
      .replace('OUT', '{x: string}')
      .replace('FAIL', '{x: none}')
      .replace('input: [note]', 'input: [note]\n      limits: {timeout: 5m}');
    const talk = run(steps, { header: 'slots: {note: text}', model: true }).set({ note: 'Hi' });
    expect(talk.calls[0]).toMatchObject({ timeout: 20_000 });
  });

  test.each<[string, Stub]>([
    ['fails', { ok: false, error: 'model.timeout', message: '', retryable: true } as unknown as Stub],
    ['is over its budget', { ok: false, error: 'model.budget', message: '', retryable: false } as unknown as Stub],
    ['answers nothing', null],
    ['answers something else', { action: 'refunds.create' }],
    ['answers another type', gives({ x: ['a'] })],
    ['leaves a field out', gives({})],
    ['answers a novel', gives({ x: 'vase '.repeat(200) })],
    ['makes something up', gives({ x: 'a lamp' })],
  ])('takes on_fail when the model %s', (_, stub) => {
    const talk = told({ stub });
    expect(talk.said[0]).toBe('Heard: nothing');
    expect(talk.records('model.failed')).toHaveLength(1);
  });

  test('takes the steps of on_fail, and its result is unset', () => {
    const talk = run(
      '  - llm: {task: classify, input: [n], out: {kind: string}, on_fail: [say: By hand.]}\n    as: digest\n  - if: digest == null\n    then: [say: Unset.]',
      { header: 'policy: {n: A story}', model: true, stubs: { 'model.ask': null } },
    );
    expect(talk.said.slice(0, 2)).toEqual(['By hand.', 'Unset.']);
  });

  test.each([
    ['an enum it has not', 'classify', '{x: "enum(calm,angry)"}', '{x: calm}', { x: 'furious' }, 'calm'],
    ['a value of an enum', 'classify', '{x: "enum(calm,angry)"}', '{x: calm}', { x: 'angry' }, 'angry'],
    ['an amount', 'extract', '{x: integer}', '{x: 0}', { x: 3 }, '3'],
    [
      'a phone number as it is written elsewhere',
      'extract',
      '{x: phone}',
      '{x: "+4930901821"}',
      { x: '+49 30 901820' },
      '+4930901820',
    ],
    ['a phone number of nobody', 'extract', '{x: phone}', '{x: "+4930901821"}', { x: '+49 30 5550000' }, '+4930901821'],
    [
      'a summary with its numbers',
      'summarize',
      '{x: text}',
      '{x: none}',
      { x: 'Order AB123456 of 3 November 2026: broken vase, EUR 49.90.' },
      'Order AB123456 of 3 November 2026: broken vase, EUR 49.90.',
    ],
    ['a summary with another number', 'summarize', '{x: text}', '{x: none}', { x: 'She wants 500 EUR.' }, 'none'],
    [
      'a rephrasing that brings an address',
      'rephrase',
      '{x: text}',
      '{x: none}',
      { x: 'See https://evil.example now' },
      'none',
    ],
  ] as const)('%s', (_, task, out, fail, values, heard) => {
    expect(told({ task, out, fail, stub: gives(values) }).said[0]).toBe(`Heard: ${heard}`);
  });

  test('what has the name of a slot passes what that slot asks of its value', () => {
    const slots = ', x: {type: string, pattern: "^[A-Z]{2}[0-9]{6}$"}';
    const step = STEP.replace('TASK', 'extract')
      .replace('OUT', '{x: string}')
      .replace('FAIL', '{x: none}')
      .replace('  - end: resolved', '  - collect: x\n    ask: "Number?"\n  - end: resolved');
    const talk = (x: string) =>
      run(step, { header: `slots: {note: text${slots}}`, model: true, stubs: { 'model.ask': gives({ x }) } }).set({
        note: NOTE,
      }).said[0];
    expect(talk('AB123456')).toBe('Heard: AB123456');
    expect(talk('vase')).toBe('Heard: none');
  });

  test('whatever a model says, nothing but its value comes of it', () => {
    const steps = STEP.replace('TASK', 'classify')
      .replace('OUT', '{x: "enum(calm,angry)"}')
      .replace('FAIL', '{x: calm}');
    const json = fc.jsonValue({ maxDepth: 3 });
    const outcome = fc.oneof(
      json.map((value) => ({ ok: true as const, value: value as Json })),
      json.map((values) => ({ ok: true as const, value: { values: values as Json } })),
      fc
        .constantFrom('angry', 'furious', 'yes')
        .map((x) => ({ ok: true as const, value: { values: { x, do: 'confirm' } } })),
      fc.string().map((error) => ({ ok: false as const, error, message: '', retryable: true })),
    );
    fc.assert(
      fc.property(outcome, (given) => {
        const talk = run(steps, { header: 'slots: {note: text}', model: true }).set({ note: 'Hi' });
        talk.resolve(given);
        expect(talk.said[0]).toMatch(/^Heard: (calm|angry)$/);
        expect(talk.calls).toEqual([]);
        expect(talk.ended).toEqual(['f: resolved']);
      }),
      { numRuns: 200 },
    );
  });

  test('tells what is hers, so that it can be masked', () => {
    const steps = STEP.replace('TASK', 'classify').replace('OUT', '{x: string}').replace('FAIL', '{x: none}');
    const talk = run(steps, {
      header: 'slots: {note: text}',
      model: true,
      customer: { name: 'Anna Schmidt', tier: 'gold' },
    }).set({ note: 'I am Anna Schmidt' });
    expect(talk.calls[0]?.args).toMatchObject({ personal: ['Anna Schmidt'] });
  });
});
