import { describe, expect, test } from '@jest/globals';
import { botOf, problemsOf, Talk } from '../support/flows.ts';

const flow = (type: string) => `flow: help
triggers: {examples: {en: [my lamp is broken, technical support, the kettle leaks]}}
slots:
  problem: {type: ${type}, prefill: words}
steps:
  - collect: problem
    ask: What is wrong?
  - say: "You said: {problem}"
  - end: resolved
`;

describe('a text that begins as her words', () => {
  test('holds what she started the flow by, whole', () => {
    const talk = new Talk(botOf(flow('text')));
    expect(talk.say('my lamp is broken since Tuesday').said[0]).toBe('You said: my lamp is broken since Tuesday');
  });

  test('is asked for when she tapped', () => {
    expect(new Talk(botOf(flow('text'))).start('help').said[0]).toBe('What is wrong?');
  });

  test('is a text and nothing else', () => {
    expect(problemsOf(flow('integer')).map(({ code }) => code)).toContain('flow.type');
    expect(problemsOf(flow('text')).filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
