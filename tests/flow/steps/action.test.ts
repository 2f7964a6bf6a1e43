import { describe, expect, test } from '@jest/globals';
import { refusal } from '../../support/flows.ts';
import { connectors, MORE, run } from './talk.ts';

const find = (more = '') =>
  run(
    `  - action: things.find\n    with: {id: T1}\n    as: thing${more}\n  - if: thing != null\n    then: [say: "{thing.name}"]\n    else: [say: None.]`,
    { connectors },
  );
const make = '  - action: things.make\n    with: {id: T1}\n    consent: implied\n    as: done\n';

describe('action', () => {
  test('calls with its arguments and timeout, waits, and keeps the result', () => {
    const talk = find();
    expect(talk.calls).toMatchObject([{ action: 'things.find', args: { id: 'T1' }, effect: 'read', timeout: 3_000 }]);
    expect(talk.say('hello?').said).toEqual(['Hello! How can I help?']);
    expect(talk.resolve({ id: 'T1', name: 'Chair', secret: 'x' }).said).toEqual(['Chair', MORE]);
    expect(find('\n    timeout: 9s').calls[0]?.timeout).toBe(9_000);
  });

  test('tells a missing thing from one that is there', () => {
    expect(find().resolve(null).said[0]).toBe('None.');
  });

  test('refuses a result of another shape', () => {
    const talk = find().resolve({ id: 7 });
    expect(talk.records('action.failed')).toEqual([{ action: 'things.find', error: 'invalid_result' }]);
    expect(talk.handoffs).toMatchObject([{ reason: 'invalid_result' }]);
  });

  test('takes the result of its own call only', () => {
    const talk = find();
    talk.take({ kind: 'result', call: 'other', outcome: { ok: true, value: null } });
    expect(talk.records('result.unclaimed')).toHaveLength(1);
    expect(talk.resolve(null).said[0]).toBe('None.');
  });

  test.each([
    ['continue', '\n    on_error: continue', ['None.']],
    ['steps', '\n    on_error: [say: Broken.]', ['Broken.']],
    ['a case of its own', '\n    on_error: {cases: {hidden: [say: Hidden.]}, then: [say: Broken.]}', ['Hidden.']],
    ['words and steps', '\n    on_error: {say: Wait., then: [say: Broken.]}', ['Wait.', 'Broken.']],
  ])('a failure is answered by %s', (_, more, said) => {
    expect(find(more).resolve(refusal('hidden')).said.slice(0, said.length)).toEqual(said);
  });

  test('a failure that nothing answers is told, and handed to a human', () => {
    const talk = find().resolve(refusal('unavailable'));
    expect(talk.said[0]).toBe('Sorry, something went wrong on our side.');
    expect(talk.handoffs).toMatchObject([{ priority: 'high', reason: 'unavailable' }]);
    expect(talk.ended).toEqual(['f: escalated']);
  });

  test('names the read that tells whether a write was done, and says when it may have been', () => {
    const talk = run(
      make.replace('consent: implied', 'consent: implied\n    check: things.made\n    retry: {times: 1, every: 1m}'),
      { connectors },
    );
    expect(talk.calls[0]).toMatchObject({ check: 'things.made' });
    expect(talk.calls[0]).not.toHaveProperty('again');
    const key = talk.calls[0]?.key;
    talk.resolve(refusal('timeout', true));
    expect(talk.calls[0]).toMatchObject({ check: 'things.made', again: true, key });
  });

  test('retries after a while under the same key, and says so once', () => {
    const talk = find('\n    on_error: {say: Slow today., retry: {times: 2, every: 2m}, then: [say: Broken.]}');
    const key = talk.calls[0]?.key;
    talk.resolve(refusal('timeout', true));
    expect(talk.said).toEqual(['Slow today.']);
    expect(talk.calls).toMatchObject([{ key, notBefore: talk.now + 120_000 }]);
    talk.resolve(refusal('timeout', true));
    expect(talk.said).toEqual([]);
    expect(talk.calls).toMatchObject([{ key }]);
    expect(talk.resolve(refusal('timeout', true)).said).toEqual(['Broken.']);
  });

  test('a refusal of the business is not retried', () => {
    const talk = find('\n    on_error: {retry: {times: 2, every: 2m}, then: [say: Broken.]}').resolve(
      refusal('hidden'),
    );
    expect(talk.calls).toEqual([]);
    expect(talk.said).toEqual(['Broken.']);
  });

  test('every visit of a write has a key of its own, every try of a visit the same', () => {
    const talk = run(
      `  - id: again\n    say: Now.\n${make}    retry: {times: 3, every: 1m}\n  - next: again\n    max: 1\n    on_fail: [end: resolved]`,
      { connectors },
    );
    const first = talk.calls[0]?.key;
    talk.resolve(refusal('unavailable', true));
    expect(talk.calls[0]?.key).toBe(first);
    talk.resolve({ made: 'M1' });
    expect(talk.calls[0]?.key).not.toBe(first);
    expect(talk.calls[0]?.effect).toBe('write');
  });

  test('waits while another flow is on top, and goes on from its result afterwards', () => {
    const talk = find();
    talk.command({ do: 'chitchat', topic: 'thanks' });
    expect(talk.said).toEqual(['You are welcome.']);
    expect(talk.resolve({ id: 'T1', name: 'Chair' }).said[0]).toBe('Chair');
  });
});
