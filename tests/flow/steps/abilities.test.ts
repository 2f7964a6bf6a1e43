import { describe, expect, test } from '@jest/globals';
import { botOf, Talk } from '../../support/flows.ts';
import { flowOf, MORE, run } from './talk.ts';

describe('answer, without a knowledge source', () => {
  test('takes on_none, never a guess', () => {
    expect(run('  - answer: {query: Why?, on_none: [say: I do not know.]}').said).toEqual(['I do not know.', MORE]);
    const talk = run('  - answer: {query: Why?, must_cite: true, from: [faq], on_none: continue}\n  - say: On.');
    expect(talk.said[0]).toBe('On.');
    expect(talk.records('knowledge.none')).toEqual([{ query: 'Why?' }]);
  });
});

describe('llm, without a model', () => {
  test('has the values of on_fail', () => {
    const talk = run(
      '  - llm:\n      task: summarize\n      input: [n]\n      out: {short: text, angry: boolean}\n      on_fail: {short: =n, angry: false}\n    as: digest\n  - if: digest.angry == false\n    then: [say: "{digest.short}"]',
      { header: 'policy: {n: A story}' },
    );
    expect(talk.said[0]).toBe('A story');
  });

  test('takes the steps of on_fail, and its result may be unset', () => {
    const talk = run(
      '  - llm: {task: classify, input: [n], out: {kind: string}, on_fail: [say: By hand.]}\n    as: digest\n  - if: digest == null\n    then: [say: Unset.]',
      { header: 'policy: {n: A story}' },
    );
    expect(talk.said.slice(0, 2)).toEqual(['By hand.', 'Unset.']);
  });
});

describe('handoff', () => {
  const transfer = '  - handoff: {queue: support, priority: high, reason: why, attach: [n]}\n  - say: After.';
  const header = 'policy: {n: 7}';

  test('to a desk that is not there files the task, says so, and goes on', () => {
    const talk = run(transfer, { header });
    expect(talk.handoffs).toMatchObject([
      { mode: 'transfer', queue: 'support', priority: 'high', reason: 'why', attach: { n: 7 } },
    ]);
    expect(talk.said).toEqual(['I have passed this on. A colleague will get back to you here.', 'After.', MORE]);
  });

  test('to a desk silences the bot until the conversation is given back', () => {
    const talk = run(transfer, { header, desk: true });
    expect(talk.said).toEqual(['I am passing you to a colleague, who will write to you here.']);
    expect(talk.say('hello?').messages).toEqual([]);
    expect(talk.say('cancel').messages).toEqual([]);
    talk.take({ kind: 'agent', text: 'Hi, Bob here.', agent: 'bob' });
    expect(talk.effects).toEqual([{ kind: 'send', message: { text: 'Hi, Bob here.' }, from: 'agent' }]);
    talk.take({ kind: 'returned', outcome: 'resolved' });
    expect(talk.said).toEqual(['This is the automated assistant again (a bot, not a person).', 'After.', MORE]);
  });

  test('in the background files a task and goes on without a word', () => {
    const talk = run('  - handoff: {mode: background, queue: trace, reason: late}\n  - say: After.', { desk: true });
    expect(talk.handoffs).toMatchObject([{ mode: 'background' }]);
    expect(talk.said[0]).toBe('After.');
  });

  test('says the flow’s own words', () => {
    expect(run('  - handoff: {queue: support, reason: why, say: "One moment."}').said[0]).toBe('One moment.');
  });

  describe('for approval', () => {
    const approval =
      '  - handoff: {mode: approval, queue: sales, reason: why, declined: [say: No., end: refused], timeout: 2d, on_timeout: [say: Too late.]}\n  - say: Granted.';
    const decided = (talk: Talk, outcome: string) =>
      talk.signal('handoff.decided', { handoff: talk.conversation.parked?.[0]?.[0]?.pending?.id ?? '', outcome });

    test('waits beside the conversation, and goes on with the decision', () => {
      const talk = run(approval);
      expect(talk.parked).toEqual(['f']);
      expect(decided(talk, 'approved').said[0]).toBe('Granted.');
      expect(decided(run(approval), 'declined').said).toEqual(['No.']);
    });

    test('hears only its own decision', () => {
      expect(run(approval).signal('handoff.decided', { handoff: 'other', outcome: 'approved' }).said).toEqual([]);
    });

    test('is not decided by a conversation that is given back', () => {
      const talk = run(approval, { desk: true })
        .command({ do: 'human' })
        .take({ kind: 'returned', outcome: 'resolved' });
      expect(talk.parked).toEqual(['f']);
      expect(decided(talk, 'approved').said[0]).toBe('Granted.');
    });

    test('ends its waiting in time', () => {
      const talk = run(approval).advance(2 * 86_400_000);
      expect(talk.said).toEqual(['Too late.']);
      expect(talk.effects).toContainEqual({ kind: 'unlisten', id: '1' });
    });
  });
});

describe('wait', () => {
  const steps =
    '  - wait: {event: parcel, match: {id: P1}, timeout: 3d}\n    as: got\n    reminders: [{after: 1d, say: Still waiting.}]\n    on_timeout: [say: Never came., end: expired]\n  - say: "It came: {got.place}"';

  test('listens for its event, leaves the customer free, and goes on with what came', () => {
    const talk = run(steps);
    expect(talk.effects).toContainEqual({ kind: 'listen', id: '1', event: 'parcel', match: { id: 'P1' } });
    expect(talk.flows).toEqual([]);
    expect(talk.signal('parcel', { id: 'P2' }).said).toEqual([]);
    talk.signal('parcel', { id: 'P1', place: 'Bonn' });
    expect(talk.said[0]).toBe('It came: Bonn');
    expect(talk.effects).toContainEqual({ kind: 'unlisten', id: '1' });
    expect(talk.conversation.timers).toBeUndefined();
  });

  test('reminds once and gives up in time, never early', () => {
    const talk = run(steps).advance(86_400_000 - 1);
    expect(talk.said).toEqual([]);
    expect(talk.advance(1).said).toEqual(['Still waiting.']);
    expect(talk.parked).toEqual(['f']);
    expect(talk.advance(2 * 86_400_000 - 1).said).toEqual([]);
    expect(talk.advance(1).said).toEqual(['Never came.']);
    expect(talk.effects).toContainEqual({ kind: 'unlisten', id: '1' });
    expect(talk.signal('parcel', { id: 'P1' }).said).toEqual([]);
  });
});

describe('survey', () => {
  test.each([
    ['csat', '5 😀', 5],
    ['nps', '0', 0],
    ['ces', '7', 7],
  ])('%s takes %s', (kind, label, score) => {
    const talk = run(`  - survey: ${kind}`).tap(label);
    expect(talk.records('survey.answered')).toEqual([{ survey: kind, score, flow: 'f' }]);
    expect(talk.said).toEqual(['Thank you for telling us.', MORE]);
  });

  test('is not repeated for words that are no score, nor waited for without end', () => {
    const talk = run('  - survey: csat\n  - say: After.').say('purple rain');
    expect(talk.records('survey.answered')).toEqual([]);
    expect(talk.said[0]).toBe('After.');
    expect(run('  - survey: csat\n  - say: After.').advance(600_000).said[0]).toBe('After.');
  });
});

describe('experiment', () => {
  const steps =
    '  - experiment: greeting\n    arms: {short: 1, long: 1}\n    short: [say: Hi.]\n    long: [say: Good day to you.]';

  test('sends a customer the same way every time, and says which', () => {
    const talk = new Talk(botOf(flowOf(steps)));
    const arms = [1, 2, 3].map(() => talk.start('f').records('experiment.exposed')[0]?.arm);
    expect(new Set(arms).size).toBe(1);
    expect(talk.said[0]).toBe(arms[0] === 'short' ? 'Hi.' : 'Good day to you.');
  });

  test('gives an arm without weight to nobody', () => {
    expect(run(steps.replace('short: 1', 'short: 0')).said[0]).toBe('Good day to you.');
  });
});
