import { describe, expect, test } from '@jest/globals';
import { botOf, refusal, Talk } from '../support/flows.ts';
import { asked, sent, stubs, visit } from './shop.ts';

const NOTICE =
  'You are talking to an automated assistant (a bot, not a person). Say “human” at any time to reach a colleague.';

describe('the first contact', () => {
  test('tells that it is a bot before anything else, in the customer’s language, once', () => {
    const talk = visit({ stranger: true, locale: 'zh' }).say('我要退货');
    expect(talk.said).toEqual([
      '您正在与自动客服助手（机器人，不是真人）对话。随时说“人工”即可联系同事。',
      '哪个订单？',
    ]);
    expect(talk.say('AB1234').said[0]).not.toContain('机器人');
    expect(visit({ stranger: true }).say('send it back').said).toEqual([NOTICE, 'Which order?']);
  });

  test('of a customer who only opens the chat shows what the bot can do', () => {
    const talk = visit({ stranger: true }).take({ kind: 'opened', locale: 'en-GB' });
    expect(talk.said).toEqual(['Hello! I am an automated assistant (a bot, not a person). How can I help you today?']);
    expect(talk.labels).toEqual(['Send something back', 'My points', 'Ask for a discount']);
    expect(talk.take({ kind: 'opened' }).said).toEqual([]);
    expect(talk.tap('My points').asks).toBe('code');
  });

  test.each([
    ['its number', '2'],
    ['its label', 'my points'],
  ])('the menu can be answered by %s', (_, words) => {
    expect(visit({ stranger: true }).take({ kind: 'opened' }).say(words).asks).toBe('code');
  });

  test('by a signal is told as well', () => {
    expect(visit({ stranger: true }).signal('cart.abandoned').said).toEqual([NOTICE, 'How much?']);
  });
});

describe('words that could mean several flows', () => {
  test('are answered with a button for each that can be started', () => {
    const talk = visit().command({ do: 'clarify', flows: ['back', 'points', 'login', 'gone'] });
    expect(talk.labels).toEqual(['Send something back', 'My points']);
    expect(talk.tap('Send something back').asks).toBe('number');
  });

  test('in the middle of a flow leave its question open', () => {
    const talk = visit()
      .start('back')
      .command({ do: 'clarify', flows: ['points', 'discount'] });
    expect(talk.asks).toBe('number');
    expect(talk.tap('My points').flows).toEqual(['back', 'points', 'login']);
  });
});

describe('cancel', () => {
  test('ends the flow with its sub-flows, and what it had interrupted goes on', () => {
    const talk = visit().start('discount').start('points').say('cancel');
    expect(talk.said).toEqual([
      'All right, I have stopped. Nothing more will be done.',
      'Back to where we were.',
      'How much?',
    ]);
    expect(talk.ended).toEqual(['points: abandoned', 'login: abandoned']);
  });

  test('has the flow’s own words', () => {
    const bot = botOf(
      'flow: f\ntriggers: {examples: {en: [f]}}\nslots: {x: string}\nsteps:\n  - collect: x\n    ask: X?\non:\n  cancel: [say: "Dropped the {flow}."]',
    );
    const talk = new Talk(bot).start('f').command({ do: 'cancel' });
    expect(talk.said).toEqual(['Dropped the f.']);
    expect(talk.ended).toEqual(['f: abandoned']);
  });

  test('of what waits for a decision takes it back', () => {
    const talk = visit().start('discount', { amount: 5 }).command({ do: 'cancel' });
    expect(talk.ended).toEqual(['discount: abandoned']);
    expect(talk.effects).toContainEqual({ kind: 'unlisten', id: '1' });
    expect(talk.parked).toEqual([]);
  });

  test('does not pretend to undo what the shop has done, or is doing', () => {
    const done = sent().command({ do: 'cancel' });
    expect(done.parked).toEqual(['back']);
    expect(done.said.join()).not.toContain('stopped');
    const doing = asked({ stubs: { ...stubs, 'returns.create': () => undefined } })
      .tap('Yes')
      .command({ do: 'cancel' });
    expect(doing.said).toEqual(['One moment, I am still working on that.']);
    expect(doing.resolve({ rma: 'R1' }).said).toEqual(['Your return is R1.']);
  });

  test('with nothing running says so', () => {
    expect(visit().command({ do: 'cancel' }).said).toHaveLength(1);
  });
});

describe('between question and answer', () => {
  const open = () => visit().start('back');
  test.each([
    ['small talk', { do: 'chitchat', topic: 'thanks' }, 'You are welcome.'],
    ['a wish to hear it again', { do: 'repeat' }, 'Of course.'],
    ['a wish to skip it', { do: 'skip' }, 'I need this to go on.'],
    ['a question of her own', { do: 'ask', query: 'Do you gift-wrap?' }, 'I do not know the answer to that.'],
  ] as const)('%s is answered, and the question asked again, with all its tries', (_, command, words) => {
    const talk = open().say('12').command(command);
    expect(talk.said).toEqual([words, 'Which order?']);
    expect(talk.conversation.frames[0]?.tries).toBe(1);
  });

  test('another language is spoken from then on', () => {
    const talk = open().command({ do: 'language', locale: 'zh' });
    expect(talk.said).toEqual(['好的，我们用中文继续。', '哪个订单？']);
    expect(talk.command({ do: 'language', locale: 'fr' }).said.at(-1)).toBe('Which order?');
  });

  test('a human is one sentence away, and the flow waits', () => {
    const talk = visit({ bot: { desk: true } })
      .start('back')
      .say('I want to talk to a human');
    expect(talk.handoffs).toMatchObject([{ mode: 'transfer', reason: 'asked' }]);
    expect(talk.say('AB1234').effects).toEqual([]);
    const back = talk.take({ kind: 'returned', outcome: 'resolved' });
    expect(back.said).toEqual(['This is the automated assistant again (a bot, not a person).', 'Which order?']);
    expect(visit().start('back').command({ do: 'human' }).said.at(-1)).toBe('Which order?');
  });

  test('words that mean nothing, three times in a row, bring a human', () => {
    const talk = visit();
    talk.say('qwrtz').say('qwrtz');
    expect(talk.handoffs).toEqual([]);
    expect(talk.say('qwrtz').handoffs).toMatchObject([{ reason: 'not_understood' }]);
    const understood = visit().say('qwrtz').say('qwrtz').say('thank you').say('qwrtz');
    expect(understood.handoffs).toEqual([]);
  });
});

describe('a secret', () => {
  test.each([
    ['right', '123456'],
    ['wrong', '654321'],
    ['too short', '1234'],
    ['no code at all', 'hunter2 is my password'],
  ])('that is %s is kept neither in the transcript nor, after its use, in the state', (_, words) => {
    const talk = visit().start('points').say(words);
    expect(talk.redacted).toBe('••••••');
    expect(JSON.stringify(talk.state)).not.toContain(words);
    expect(JSON.stringify(talk.effects.filter(({ kind }) => kind !== 'call'))).not.toContain(words);
  });

  test('is forgotten when its call fails', () => {
    const talk = visit({ stubs: { 'identity.verify': refusal('unavailable', true) } })
      .start('points')
      .say('123456');
    expect(JSON.stringify(talk.state)).not.toContain('123456');
  });

  test('other answers are not hidden', () => {
    expect(visit().start('back').say('AB1234').redacted).toBeUndefined();
  });
});

describe('what fails at run time', () => {
  const odd = `
flow: odd
triggers: {examples: {en: [odd]}}
slots: {n: integer, pick: integer}
policy: {sizes: [1, 2]}
`;
  test('in a step is told, and handed over', () => {
    const talk = new Talk(
      botOf(
        `${odd}steps:\n  - collect: n\n    ask: N?\n  - if: 10 / n > 1\n    then: [say: Yes.]\n  - collect: pick\n    ask: P?`,
      ),
    );
    talk.start('odd').set({ n: 0 });
    expect(talk.records('flow.error')).toEqual([{ flow: 'odd', code: 'expression.arithmetic' }]);
    expect(talk.ended).toEqual(['odd: escalated']);
  });

  test('between steps too: a guard, the choices of an open question', () => {
    const guarded = new Talk(
      botOf(
        `${odd}guard: 1 / (2 - 2) == 1\nsteps:\n  - collect: n\n    ask: N?\n  - collect: pick\n    ask: P?\n    choices_from: sizes`,
      ),
    );
    expect(guarded.start('odd').records('flow.error')).toEqual([{ flow: '', code: 'expression.arithmetic' }]);
    expect(guarded.said[0]).toContain('something went wrong');
  });

  test('a flow whose guard says no is not started', () => {
    const talk = new Talk(
      botOf(
        `${odd}guard: session.verified\nsteps:\n  - collect: n\n    ask: N?\n  - collect: pick\n    ask: P?\n    choices_from: sizes`,
      ),
    );
    expect(talk.start('odd').said).toEqual(['I cannot do that for you here.']);
    expect(talk.take({ kind: 'identified', customer: 'ann' }).start('odd').asks).toBe('n');
  });
});

test('many interrupted flows: the oldest are given up, and no turn fails', () => {
  const many = Array.from(
    { length: 14 },
    (_, i) =>
      `flow: f${i}\ntriggers: {examples: {en: [number ${i}]}}\nslots: {x: string}\nsteps:\n  - collect: x\n    ask: X${i}?`,
  );
  const talk = new Talk(botOf(many));
  for (let i = 0; i < 14; i++) talk.start(`f${i}`);
  expect(talk.asks).toBe('x');
  expect(talk.flows.length).toBeLessThan(9);
  expect(talk.flows.at(-1)).toBe('f13');
});
