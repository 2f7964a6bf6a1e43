import { BOT, type Control, type Happening } from '../../src/handoff/control.ts';
import type { Hours } from '../../src/handoff/hours.ts';
import { next, type Step } from '../../src/handoff/next.ts';
import { PLAIN_QUEUE, type Policy } from '../../src/handoff/policy.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A Monday, 10:00 in Berlin. */
export const MONDAY = Date.parse('2026-11-23T09:00:00Z');

const day = [[9 * 60, 17 * 60]] as const;
export const BERLIN: Hours = {
  zone: 'Europe/Berlin',
  week: [day, day, day, day, day, [], []],
  holidays: { '2026-12-25': [], '2026-12-24': [[9 * 60, 12 * 60]] },
};

const agent = (name: string, more: Partial<Policy['agents'][number]> = {}) => ({
  name,
  queues: ['returns', 'vip'],
  skills: [],
  capacity: 2,
  accounts: {},
  ...more,
});

export const policy: Policy = {
  queues: {
    returns: {
      ...PLAIN_QUEUE,
      maxWait: 5 * MINUTE,
      sla: { first_reply: 2 * MINUTE, next_reply: 3 * MINUTE, resolution: HOUR },
      escalate: [{ after: 3 * MINUTE, priority: 'high' }],
    },
    office: { ...PLAIN_QUEUE, hours: BERLIN, sla: { first_reply: 30 * MINUTE } },
    vip: PLAIN_QUEUE,
  },
  agents: [agent('mia'), agent('tom'), agent('zoe', { skills: ['zh'] })],
  misses: 2,
  reopen: 24 * HOUR,
};

export const requested = {
  on: 'requested',
  id: 'h1',
  queue: 'returns',
  priority: 'normal',
  reason: 'asked',
} as const satisfies Happening;

/** Lets things happen one after the other: `[minutes later, what]`. */
export function play(happenings: readonly (readonly [number, Happening])[], from: Control = BOT, at = MONDAY): Step[] {
  let now = at;
  let control = from;
  return happenings.map(([minutes, happening]) => {
    now += minutes * MINUTE;
    const step = next(control, happening, policy, now);
    control = step.control;
    return step;
  });
}

export function recorded(steps: readonly Step[], name: string): readonly Readonly<Record<string, unknown>>[] {
  return steps.flatMap(({ deeds }) =>
    deeds.flatMap((deed) => (deed.do === 'record' && deed.name === name ? [deed.data] : [])),
  );
}
