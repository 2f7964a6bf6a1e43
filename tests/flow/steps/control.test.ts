import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../../support/flows.ts';
import { flowOf, MORE, run } from './talk.ts';

describe('set', () => {
  test('gives values and takes them away', () => {
    const talk = run('  - set: {a: =1 + 2, b: red}\n  - set: {b: null}\n  - say: "{a}"\n  - collect: b\n    ask: B?', {
      header: 'slots: {a: integer, b: string}',
    });
    expect(talk.said).toEqual(['3', 'B?']);
  });

  test('of a wider scope outlives the flow', () => {
    const bot = botOf(
      flowOf('  - collect: name\n    ask: Name?\n  - say: "{name}"', 'slots: {name: {type: string, scope: customer}}'),
    );
    const talk = new Talk(bot).start('f').set({ name: 'Ann' });
    expect(talk.customer).toEqual({ name: 'Ann' });
    expect(talk.start('f').said[0]).toBe('Ann');
  });
});

describe('if', () => {
  test.each([
    [5, 'big'],
    [1, 'small'],
  ])('%i is %s', (n, said) => {
    const talk = run('  - collect: n\n    ask: N?\n  - if: n > 3\n    then: [say: big]\n    else: [say: small]', {
      header: 'slots: {n: integer}',
    });
    expect(talk.set({ n }).said[0]).toBe(said);
  });
});

describe('switch', () => {
  const steps =
    '  - collect: k\n    ask: K?\n  - switch: k\n    cases: {a: [say: First], "b,c": [say: Second]}\n    else: [say: Other]';
  test.each([
    ['a', 'First'],
    ['b', 'Second'],
    ['c', 'Second'],
    ['d', 'Other'],
  ])('%s: %s', (k, said) => {
    expect(run(steps, { header: 'slots: {k: "enum(a,b,c,d)"}' }).set({ k }).said[0]).toBe(said);
  });
});

describe('next', () => {
  test('goes back as often as it may, then takes its own way out', () => {
    const talk = run(
      '  - id: top\n    say: Round.\n  - next: top\n    max: 2\n    on_fail: [say: Enough., end: refused]',
    );
    expect(talk.said.slice(0, 4)).toEqual(['Round.', 'Round.', 'Round.', 'Enough.']);
    expect(talk.ended).toEqual(['f: refused']);
  });

  test('without a way out the flow fails visibly', () => {
    const talk = run('  - id: top\n    say: Round.\n  - next: top\n    max: 1');
    expect(talk.handoffs).toMatchObject([{ reason: 'too_often' }]);
  });

  test('goes forward freely', () => {
    expect(
      run('  - if: 1 < 2\n    then: [next: there]\n  - say: Skipped.\n  - id: there\n    say: Here.').said,
    ).toEqual(['Here.', MORE]);
  });

  test('a loop that its bounds allow but no customer could want ends with a visible error', () => {
    const talk = run('  - id: top\n    set: {n: 1}\n  - next: top\n    max: 1000\n  - say: "{n}"', {
      header: 'slots: {n: integer}',
    });
    expect(talk.records('flow.error')).toEqual([{ flow: 'f', code: 'flow.loop' }]);
    expect(talk.said).toEqual(['Sorry, something went wrong on our side. I have told a colleague.']);
    expect(talk.flows).toEqual([]);
    expect(talk.ended).toEqual(['f: escalated']);
  });
});

describe('call, return and link', () => {
  const inner = `
flow: inner
callable_only: true
inputs: {n: integer}
outputs: {twice: integer}
slots: {ok: boolean}
steps:
  - collect: ok
    ask: "{n}?"
  - if: ok == false
    then: [end: refused]
  - return: {twice: =n * 2}
`;
  const bot = botOf([flowOf('  - call: inner\n    with: {n: 4}\n    as: got\n  - say: "{got.twice}"'), inner]);

  test('a sub-flow gets its inputs and gives its outputs', () => {
    const talk = new Talk(bot).start('f');
    expect(talk.said).toEqual(['4?']);
    expect(talk.set({ ok: true }).said[0]).toBe('8');
  });

  test('a sub-flow that ends, ends its caller with the same outcome', () => {
    expect(new Talk(bot).start('f').set({ ok: false }).ended).toEqual(['inner: refused', 'f: refused']);
  });

  test('flows that call each other without an end fail visibly', () => {
    const loop = 'flow: loop\ntriggers: {examples: {en: [loop]}}\nsteps: [call: loop]';
    const talk = new Talk(botOf(loop)).start('loop');
    expect(talk.records('flow.error').map(({ code }) => code)).toContain('flow.too_deep');
    expect(talk.flows).toEqual([]);
  });

  test('a link leaves for another flow, with all callers', () => {
    const linking = 'flow: linking\ncallable_only: true\nsteps: [link: there]';
    const there =
      'flow: there\ntriggers: {examples: {en: [there]}}\nslots: {x: string}\nsteps:\n  - collect: x\n    ask: X?';
    const other =
      'flow: other\ntriggers: {examples: {en: [other]}}\nslots: {y: string}\nsteps:\n  - collect: y\n    ask: Y?';
    const linked = botOf([flowOf('  - call: linking\n  - say: Never.'), linking, there, other]);
    const talk = new Talk(linked).start('other').start('f');
    expect(talk.flows).toEqual(['other', 'there']);
    expect(talk.said).toEqual(['X?']);
    expect(talk.set({ x: 'a' }).said).toEqual(['Back to where we were.', 'Y?']);
  });
});

describe('end', () => {
  test.each(['resolved', 'refused', 'not_found', 'our_own'])('as %s', (outcome) => {
    const talk = run(`  - end: ${outcome}`, { header: 'outcomes: [our_own]' });
    expect(talk.ended).toEqual([`f: ${outcome}`]);
    expect(talk.said).toEqual(outcome === 'resolved' ? [MORE] : []);
  });

  test('has the flow’s own last word, where it has one', () => {
    const talk = run('  - end: refused', { header: 'on: {completed: [say: "It was {outcome}."]}' });
    expect(talk.said).toEqual(['It was refused.']);
    expect(talk.ended).toEqual(['f: refused']);
  });
});
