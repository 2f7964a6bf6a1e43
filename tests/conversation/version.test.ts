import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../support/flows.ts';
import { back, connectors, flows, sent, shopBot } from './shop.ts';

const flow = (update: string, steps: string) =>
  `flow: f\ntriggers: {examples: {en: [f]}}\n${update}\nslots: {a: string, b: string}\nsteps:\n${steps}`;
const A = '  - collect: a\n    ask: A?\n';
const B = '  - collect: b\n    ask: B?\n';
const old = flow('', `${A}${B}  - say: "old {a} {b}"`);

/** Someone stands at the second question; then the flow is updated. */
function updated(text: string, keep = true): Talk {
  const before = botOf(old);
  const talk = new Talk(before).start('f', { a: 'x' });
  talk.bot = botOf(text, { kept: keep ? before.versions : new Map() });
  return talk.set({ b: 'y' });
}

describe('a running flow whose file has changed', () => {
  test('ends in the version it began in', () => {
    const talk = updated(flow('', `${A}${B}  - say: "new {a} {b}"`));
    expect(talk.said[0]).toBe('old x y');
    expect(talk.start('f', { a: '1', b: '2' }).said[0]).toBe('new 1 2');
  });

  test('migrates: the same step, unchanged, in the new version', () => {
    const talk = updated(flow('on_update: migrate', `  - say: Welcome.\n${A}${B}  - say: "new {a} {b}"`));
    expect(talk.said[0]).toBe('new x y');
    expect(talk.records('flow.updated')).toEqual([{ flow: 'f', fate: 'migrate' }]);
  });

  test('migrates to a step that was renamed, but is the same', () => {
    const steps = (ask: string) =>
      `${A}  - id: second\n    was: b\n    collect: b\n    ask: ${ask}\n  - say: "new {a} {b}"`;
    expect(updated(flow('on_update: migrate', steps('B?'))).said[0]).toBe('new x y');
    expect(updated(flow('on_update: migrate', steps('Another question?'))).said[0]).toBe('old x y');
  });

  test('a correction after a migration still knows the way back', () => {
    const before = botOf(old);
    const talk = new Talk(before).start('f', { a: 'x' });
    talk.bot = botOf(flow('on_update: migrate', `  - say: Welcome.\n${A}${B}  - say: "new {a} {b}"`));
    expect(talk.correct('a').said).toEqual(['A?']);
  });

  test.each([
    ['a changed step', `${A}  - collect: b\n    ask: Another question?\n  - say: "new {a} {b}"`],
    ['a step that is gone', `${A}  - say: "new {a}"\n  - set: {b: q}`],
  ])('does not migrate over %s, but is pinned', (_, steps) => {
    expect(updated(flow('on_update: migrate', steps)).said[0]).toBe('old x y');
  });

  test('does not migrate where a slot has another type', () => {
    const text = flow('on_update: migrate', `${A}${B}  - say: "new {a} {b}"`).replace('a: string', 'a: text');
    expect(updated(text).said[0]).toBe('old x y');
  });

  test('starts again where the business wants that, with what was said so far', () => {
    const talk = updated(flow('on_update: restart', `${B}${A}  - say: "new {a} {b}"`));
    expect(talk.said).toEqual([
      'This has been updated since you last wrote, so let us start it again.',
      'B?',
      'new x y',
      'Is there anything else I can do for you?',
    ]);
    expect(talk.records('flow.updated')).toEqual([{ flow: 'f', fate: 'restart' }]);
  });

  test('goes to a human where the business wants that', () => {
    const talk = updated(flow('on_update: handoff', `${A}${B}  - say: "new {a} {b}"`));
    expect(talk.handoffs).toMatchObject([{ reason: 'version_changed' }]);
    expect(talk.flows).toEqual([]);
  });

  test('an urgent fix reaches pinned conversations too', () => {
    expect(updated(flow('urgent: true', `${A}${B}  - say: "new {a} {b}"`)).said[0]).toBe('new x y');
  });

  test('is never lost: where its version is gone and nothing fits, it starts again', () => {
    const talk = updated(flow('', `  - collect: b\n    ask: Another question?\n${A}  - say: "new {a} {b}"`), false);
    expect(talk.said).toContain('new x y');
    const removed = new Talk(botOf(old)).start('f');
    removed.bot = botOf('flow: g\ntriggers: {examples: {en: [g]}}\nsteps: [end: resolved]');
    expect(removed.say('x').handoffs).toMatchObject([{ reason: 'version_changed' }]);
  });
});

describe('a flow that has done something and waits', () => {
  const changed = (header: string) => [back.replace('flow: back', `flow: back\n${header}`), ...flows.slice(1)];
  const moved = (text: string[], keep = true) => {
    const talk = sent();
    talk.bot = botOf(text, { connectors, locales: ['en', 'zh'], ...(keep && { kept: shopBot().versions }) });
    return talk;
  };

  test('migrates with the knowledge of it: a correction still goes to a human', () => {
    const talk = moved(changed('on_update: migrate'));
    talk.correct('reason', 'broken');
    expect(talk.records('flow.updated')).toEqual([{ flow: 'back', fate: 'migrate' }]);
    expect(talk.calls).toEqual([]);
    expect(talk.handoffs).toMatchObject([{ reason: 'correction_after_write' }]);
    expect(talk.signal('parcel.received', { rma: 'R1' }).said[0]).toBe('We have R1.');
  });

  test('does not start again, which would do it twice: a human looks at it', () => {
    const talk = moved(changed('on_update: restart')).say('hello');
    expect(talk.handoffs).toMatchObject([{ reason: 'version_changed' }]);
    expect(talk.parked).toEqual([]);
    expect(talk.calls).toEqual([]);
  });

  test('keeps still as long as its version is there', () => {
    const talk = moved(changed('callable_only: false'));
    expect(talk.signal('parcel.received', { rma: 'R1' }).said[0]).toBe('We have R1.');
  });
});
