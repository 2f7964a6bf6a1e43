import { describe, expect, test } from '@jest/globals';
import { deskPolicyOf } from '../../src/deployment/desk.ts';
import { readSettings } from '../../src/deployment/settings.ts';

const HEAD = 'name: Shop\ntimezone: Asia/Shanghai\ndesk:\n';
const told = (desk: string) =>
  readSettings(HEAD + desk).problems.map(({ line, col, code }) => `${line}:${col} ${code}`);

const DESK = `
  hours:
    office: {mon: 09:00-17:30, tue: [09:00-12:00, "13:00-24:00"], holidays: {2026-12-25: closed}}
    berlin: {timezone: Europe/Berlin, sat: 10:00-14:00}
  queues:
    returns:
      skills: [refunds]
      hours: office
      max_wait: 5m
      sla: {first_reply: 2m, resolution: 4h}
      escalate: [{after: 3m, priority: high}, {after: 1m, queue: vip}]
    vip: {routing: longest_idle, offer: 20s, wrap_up: 30s}
  agents:
    mia: {name: Mia, queues: [returns, vip], skills: [refunds], capacity: 4, accounts: {slack: U123}}
    tom: {queues: [vip]}
  misses: 3
  reopen: 12h
`;

describe('`desk:` of parley.yaml', () => {
  test('tells hours, queues and agents', () => {
    const { settings, problems } = readSettings(HEAD + DESK.slice(1));
    expect(problems).toEqual([]);
    const policy = deskPolicyOf(settings!.desk!, 'Asia/Shanghai');
    expect(policy).toMatchObject({
      misses: 3,
      reopen: 43_200_000,
      queues: {
        returns: {
          hours: {
            zone: 'Asia/Shanghai',
            week: [
              [[540, 1050]],
              [
                [540, 720],
                [780, 1440],
              ],
              [],
              [],
              [],
              [],
              [],
            ],
            holidays: { '2026-12-25': [] },
          },
          skills: ['refunds'],
          maxWait: 300_000,
          sla: { first_reply: 120_000, resolution: 14_400_000 },
          escalate: [
            { after: 60_000, queue: 'vip' },
            { after: 180_000, priority: 'high' },
          ],
          offer: 45_000,
          routing: 'least_loaded',
        },
        vip: { routing: 'longest_idle', offer: 20_000, wrapUp: 30_000 },
      },
      agents: [
        { name: 'mia', shown: 'Mia', capacity: 4, accounts: { slack: 'U123' } },
        { name: 'tom', capacity: 3, skills: [] },
      ],
    });
  });

  test('may be empty: humans take what they like of what is handed off', () => {
    expect(deskPolicyOf({}, 'UTC')).toEqual({ queues: {}, agents: [], misses: 2, reopen: 86_400_000, undo: 3_000 });
  });

  test.each([
    ['  queue: {}', '4:3 settings.unknown_key'],
    ['  hours: {office: {mon: 17:00-09:00}}', '4:25 settings.invalid_value'],
    ['  hours: {office: {mon: 9-17}}', '4:25 settings.invalid_value'],
    ['  undo_window: 11s', '4:16 settings.invalid_value'],
    ['  replies: {hi: {en: "Hello {agnt}"}}', '4:22 settings.unknown_variable'],
    ['  replies: {hi: "Hello {customer}"}', '4:17 settings.unknown_variable'],
    ['  hours: {office: {holidays: {2026-02-30: closed}}}', '4:43 settings.invalid_value'],
    ['  hours: {office: {timezone: Mars/Base}}', '4:30 settings.invalid_value'],
    ['  queues: {a: {hours: nine}}', '4:23 settings.unknown_hours'],
    ['  queues: {a: {max_wait: soon}}', '4:26 settings.invalid_value'],
    ['  queues: {a: {escalate: [{after: 1m, queue: b}]}}', '4:46 settings.unknown_queue'],
    ['  agents: {mia: {queues: [a]}}', '4:27 settings.unknown_queue'],
    ['  agents: {mia: {queues: []}}', '4:26 settings.invalid_value'],
  ])('%j is told at its place', (desk, problem) => {
    expect(told(desk)).toEqual([problem]);
  });
});
