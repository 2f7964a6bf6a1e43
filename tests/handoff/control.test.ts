import { describe, expect, test } from '@jest/globals';
import { BOT, type Control, type Happening } from '../../src/handoff/control.ts';
import { next, passTime, wakeAt } from '../../src/handoff/next.ts';
import { HOUR, MINUTE, MONDAY, play, policy, recorded, requested } from './policy.ts';

const claimed = { on: 'claimed', agent: 'mia' } as const;
const said = { on: 'said', agent: 'mia', text: 'Hello, Mia here.' } as const;
const heard = { on: 'heard', text: 'where is it?', busy: false } as const;
const wrapped = { on: 'wrapped', agent: 'mia', outcome: 'solved', topic: 'returns' } as const;

function brought(...happenings: readonly Happening[]): Control {
  const last = play(happenings.map((happening) => [0, happening] as const)).at(-1);
  return last?.control ?? BOT;
}

const stands = (...happenings: readonly (readonly [number, Happening])[]) =>
  play(happenings).map(({ control, refused }) => refused ?? control.at);

describe('a handoff', () => {
  test('goes from the queue through an agent’s hands to its close', () => {
    expect(
      stands(
        [0, requested],
        [0, { on: 'offered', agent: 'mia' }],
        [0, claimed],
        [1, said],
        [1, heard],
        [1, wrapped],
        [0.5, { on: 'finished', agent: 'mia' }],
      ),
    ).toEqual(['queued', 'offered', 'active', 'waiting_customer', 'active', 'wrap_up', 'closed']);
  });

  test('is claimed once: the second is told who has it', () => {
    const [, , second] = play([
      [0, requested],
      [0, claimed],
      [0, { on: 'claimed', agent: 'tom' }],
    ]);
    expect(second?.refused).toBe('desk.taken');
    expect(second?.deeds).toEqual([
      { do: 'line', line: expect.objectContaining({ on: 'refused', by: 'tom', holder: 'mia' }) },
    ]);
    expect(second?.control.stretch?.agent).toBe('mia');
  });

  test('lets nobody speak but whose it is', () => {
    const control = brought(requested, claimed);
    for (const happening of [
      { on: 'said', agent: 'tom', text: 'me too' },
      { on: 'held', agent: 'tom' },
      { ...wrapped, agent: 'tom' },
      { on: 'returned', agent: 'tom', outcome: 'solved' },
      { on: 'assigned', agent: 'tom', to: 'tom', note: 'mine' },
    ] as const) {
      expect(next(control, happening, policy, MONDAY).refused).toBe('desk.not_yours');
    }
    expect(next(brought(requested), said, policy, MONDAY).refused).toBe('desk.not_now');
  });

  test('raises its epoch whenever somebody else may speak, and only then', () => {
    const epochs = play([
      [0, requested],
      [0, { on: 'offered', agent: 'mia' }],
      [0, claimed],
      [0, said],
      [0, heard],
      [0, { on: 'assigned', agent: 'mia', to: 'tom', note: 'knows more' }],
      [0, { on: 'returned', agent: 'tom', outcome: 'solved' }],
    ]).map(({ control }) => control.epoch);
    expect(epochs).toEqual([1, 1, 2, 2, 2, 3, 4]);
  });

  test('needs a note to be given away, and outcome and topic to be closed', () => {
    const control = brought(requested, claimed);
    for (const happening of [
      { on: 'assigned', agent: 'mia', to: 'tom', note: ' ' },
      { on: 'requeued', agent: 'mia', queue: 'vip', note: '' },
      { on: 'consulted', agent: 'mia', with: 'tom', note: '' },
      { ...wrapped, topic: '' },
      { ...wrapped, outcome: '' },
    ] as const)
      expect(next(control, happening, policy, MONDAY).refused).toBe('desk.incomplete');
  });

  test('is not moved by a button that shows an older version', () => {
    const control = brought(requested, { on: 'offered', agent: 'mia' });
    const step = next(control, claimed, policy, MONDAY, { command: 'c1', version: control.version - 1 });
    expect(step).toMatchObject({ refused: 'desk.stale', control });
  });
});

describe('an offer', () => {
  test('that is missed goes to the queue, remembers who missed it, and counts against her', () => {
    const control = brought(requested, { on: 'offered', agent: 'mia' });
    const step = passTime(control, policy, MONDAY + 45_000);
    expect(step.control).toMatchObject({ at: 'queued', stretch: { asked: ['mia'] } });
    expect(step.deeds).toContainEqual({ do: 'missed', agent: 'mia' });
  });

  test('may be declined by whom it was made to, and claimed by anybody', () => {
    expect(
      stands([0, requested], [0, { on: 'offered', agent: 'mia' }], [0, { on: 'declined', agent: 'tom' }]),
    ).toContain('desk.not_yours');
    expect(stands([0, requested], [0, { on: 'offered', agent: 'mia' }], [0, { on: 'declined', agent: 'mia' }])).toEqual(
      ['queued', 'offered', 'queued'],
    );
    expect(stands([0, requested], [0, { on: 'offered', agent: 'mia' }], [0, { on: 'claimed', agent: 'tom' }])).toEqual([
      'queued',
      'offered',
      'active',
    ]);
  });
});

describe('who waits long', () => {
  const waited = passTime(brought(requested), policy, MONDAY + 5 * MINUTE);

  test('is asked what she would rather do, and keeps her place', () => {
    expect(waited.control).toMatchObject({ at: 'queued', stretch: { choosing: true } });
    expect(waited.deeds).toContainEqual({ do: 'tell', phrase: 'long_wait', choices: ['wait', 'ticket', 'callback'] });
  });

  test('may wait on, and is asked again later', () => {
    const on = next(waited.control, { on: 'chosen', choice: 'wait' }, policy, MONDAY + 6 * MINUTE);
    expect(on.control).toMatchObject({ at: 'queued', stretch: { ask: MONDAY + 11 * MINUTE } });
  });

  test.each(['ticket', 'callback'] as const)('may leave a %s: the flow goes on as if nobody had come', (choice) => {
    const step = next(waited.control, { on: 'chosen', choice }, policy, MONDAY + 6 * MINUTE);
    expect(step.control.at).toBe('bot');
    expect(step.deeds).toContainEqual({ do: 'file', reason: choice });
    expect(step.deeds).toContainEqual({ do: 'resume', outcome: choice, data: { resume: 'on_timeout' } });
  });

  test('is more urgent after a while', () => {
    expect(passTime(brought(requested), policy, MONDAY + 3 * MINUTE).control.stretch?.priority).toBe('high');
  });

  test('does not wait beyond her flow’s own limit', () => {
    const step = passTime(brought({ ...requested, timeout: MINUTE }), policy, MONDAY + MINUTE);
    expect(step.control.at).toBe('bot');
    expect(step.deeds).toContainEqual({ do: 'resume', outcome: 'timeout', data: { resume: 'on_timeout' } });
  });

  test('is told at once when nobody is there, with the hour they come', () => {
    const saturday = Date.parse('2026-11-21T12:00:00Z');
    const step = next(BOT, { ...requested, queue: 'office' }, policy, saturday);
    expect(step.control.at).toBe('queued');
    expect(step.deeds).toContainEqual({
      do: 'tell',
      phrase: 'closed',
      choices: ['wait', 'ticket', 'callback'],
      opens: Date.parse('2026-11-23T08:00:00Z'),
    });
  });

  test('is sent round between two queues no faster than their steps say', () => {
    const step = { after: MINUTE, queue: 'b' };
    const round = {
      ...policy,
      queues: {
        a: { ...policy.queues.vip!, escalate: [step] },
        b: { ...policy.queues.vip!, escalate: [{ after: MINUTE, queue: 'a' }] },
      },
    };
    const { control } = next(BOT, { ...requested, queue: 'a' }, round, MONDAY);
    const late = passTime(control, round, MONDAY + 10 * MINUTE);
    expect(recorded([late], 'desk.escalated')).toHaveLength(10);
  });
});

describe('promises', () => {
  test('are missed when they run out, not when somebody answers', () => {
    const [, , late] = play([
      [0, requested],
      [0, claimed],
      [3, said],
    ]);
    expect(recorded([late!], 'sla.missed')).toEqual([
      expect.objectContaining({ clock: 'first_reply', took: 2 * MINUTE }),
    ]);
    expect(recorded([late!], 'sla.met')).toEqual([]);
    expect(wakeAt(brought(requested, claimed))).toBe(MONDAY + 2 * MINUTE);
  });

  test('of a first and a next reply are kept by answering in time', () => {
    const steps = play([
      [0, requested],
      [0, claimed],
      [1, said],
      [1, heard],
      [1, heard],
      [1.5, said],
    ]);
    expect(recorded(steps, 'sla.met')).toEqual([
      expect.objectContaining({ clock: 'first_reply', took: MINUTE }),
      expect.objectContaining({ clock: 'next_reply', took: 2.5 * MINUTE }),
    ]);
  });

  test('are not made anew by giving the conversation away', () => {
    const steps = play([
      [0, requested],
      [0, claimed],
      [1, { on: 'requeued', agent: 'mia', queue: 'vip', note: 'yours' }],
      [2, { on: 'claimed', agent: 'tom' }],
    ]);
    expect(recorded(steps, 'sla.missed')).toEqual([expect.objectContaining({ clock: 'first_reply' })]);
  });

  test('count business time only, by the hours that held when they were made', () => {
    const friday = Date.parse('2026-11-20T15:50:00Z');
    const { control } = next(BOT, { ...requested, queue: 'office' }, policy, friday);
    expect(wakeAt(control)).toBe(Date.parse('2026-11-23T08:20:00Z'));
  });

  test('of an end are kept by closing, and given up by nothing but time', () => {
    expect(
      recorded(
        play([
          [0, requested],
          [0, claimed],
          [1, said],
          [1, wrapped],
        ]),
        'sla.met',
      ),
    ).toContainEqual(expect.objectContaining({ clock: 'resolution' }));
    expect(
      recorded(
        play([
          [0, requested],
          [0, claimed],
          [1, said],
          [60, wrapped],
        ]),
        'sla.missed',
      ),
    ).toContainEqual(expect.objectContaining({ clock: 'resolution', took: HOUR }));
  });
});

describe('a closed conversation', () => {
  const closed = brought(requested, claimed, said, wrapped, { on: 'finished', agent: 'mia' });
  const writes = (text: string, hours: number, busy = false) =>
    next(closed, { on: 'heard', text, busy }, policy, MONDAY + hours * HOUR).control;

  test('comes back within a day, first to whom it was with', () => {
    expect(writes('it broke again', 23)).toMatchObject({ at: 'queued', stretch: { preferred: 'mia' } });
    expect(writes('it broke again', 24).at).toBe('bot');
  });

  test.each(['thanks', 'Thank you so much!', 'ok, thanks 👍', '👍', '谢谢您！', '好的，谢谢', 'Great. Bye!'])(
    'does not come back for “%s”',
    (text) => expect(writes(text, 1).at).toBe('closed'),
  );

  test.each(['thanks, but it is still broken', 'ok where is it', '谢谢，但是还没到', 'no'])(
    'comes back for “%s”',
    (text) => expect(writes(text, 1).at).toBe('queued'),
  );

  test('does not come back for an answer that the bot has asked for', () => {
    expect(writes('5', 1, true).at).toBe('closed');
  });

  test('is judged within a moment, whatever was written', () => {
    expect(writes(`${'嗯'.repeat(119)}x`, 1).at).toBe('queued');
    expect(writes(`${'thank you '.repeat(11)}x`, 1).at).toBe('queued');
  });
});

describe('an agent', () => {
  test('who is asked for advice does not speak, and gets it only when it is handed over', () => {
    const asked = brought(requested, claimed, { on: 'consulted', agent: 'mia', with: 'tom', note: 'do you know?' });
    expect(next(asked, { on: 'said', agent: 'tom', text: 'hi' }, policy, MONDAY).refused).toBe('desk.not_yours');
    expect(next(asked, said, policy, MONDAY).control.at).toBe('consult');
    const given = next(asked, { on: 'handed_over', agent: 'mia' }, policy, MONDAY).control;
    expect(given).toMatchObject({ at: 'active', stretch: { agent: 'tom' } });
  });

  test('who leaves leaves nobody alone', () => {
    expect(stands([0, requested], [0, claimed], [0, { on: 'left', agent: 'mia' }])).toEqual([
      'queued',
      'active',
      'queued',
    ]);
    expect(stands([0, requested], [0, claimed], [0, wrapped], [0, { on: 'left', agent: 'mia' }]).at(-1)).toBe('closed');
    const asked = [
      [0, requested],
      [0, claimed],
      [0, { on: 'consulted', agent: 'mia', with: 'tom', note: '?' }],
    ] as const;
    expect(stands(...asked, [0, { on: 'left', agent: 'tom' }]).at(-1)).toBe('active');
    expect(stands(...asked, [0, { on: 'left', agent: 'mia' }]).at(-1)).toBe('queued');
  });

  test('may take over from the bot, and give back with a word on where the flow goes on', () => {
    const over = brought(claimed);
    expect(over).toMatchObject({ at: 'active', epoch: 1 });
    const back = next(over, { on: 'returned', agent: 'mia', outcome: 'solved', resume: 'on_timeout' }, policy, MONDAY);
    expect(back.control).toMatchObject({ at: 'bot', epoch: 2, stretch: { ended: { outcome: 'solved' } } });
    expect(back.deeds).toContainEqual({
      do: 'resume',
      outcome: 'solved',
      data: { resume: 'on_timeout', agent: 'mia' },
    });
  });

  test('may hold for a while: the customer’s word ends it, and so does the while', () => {
    const held = brought(requested, claimed, { on: 'held', agent: 'mia', for: MINUTE });
    expect(next(held, heard, policy, MONDAY).control.at).toBe('active');
    expect(passTime(held, policy, MONDAY + MINUTE).control.at).toBe('active');
  });

  test('has a while after the end, in which the customer’s next question is still hers', () => {
    const done = brought(requested, claimed, said, wrapped);
    expect(next(done, heard, policy, MONDAY).control).toMatchObject({ at: 'active', stretch: { agent: 'mia' } });
    expect(next(done, { ...heard, text: 'thanks!' }, policy, MONDAY).control.at).toBe('wrap_up');
    expect(passTime(done, policy, MONDAY + MINUTE).control.at).toBe('closed');
  });
});
