import { expect, test } from '@jest/globals';
import { PLAIN_QUEUE, type Policy } from '../../src/handoff/policy.ts';
import { type Desk, route, type Waiting } from '../../src/handoff/routing.ts';
import { BERLIN, MONDAY, policy } from './policy.ts';

const [mia, tom, zoe] = policy.agents;
const desk = (agent: Desk['agent'] | undefined, more: Partial<Desk> = {}): Desk => ({
  ...{ agent: agent!, presence: 'available', load: 0, given: 0 },
  ...more,
});
const waits = (conversation: string, more: Partial<Waiting> = {}): Waiting => ({
  ...{ conversation, queue: 'returns', priority: 'normal', opened: 0, asked: [] },
  ...more,
});
const routed = (waiting: readonly Waiting[], desks: readonly Desk[], own: Policy = policy, now = MONDAY) =>
  route(waiting, desks, own, now).map(({ conversation, agent }) => `${conversation} ${agent}`);
const withQueue = (queue: Partial<Policy['queues'][string]>): Policy => ({
  ...policy,
  queues: { ...policy.queues, returns: { ...PLAIN_QUEUE, ...queue } },
});

test('the most urgent comes first, then whoever waits longest', () => {
  const waiting = [waits('b', { opened: 2 }), waits('a', { opened: 1 }), waits('c', { opened: 3, priority: 'urgent' })];
  expect(routed(waiting, [desk(mia)])).toEqual(['c mia', 'a mia']);
});

test('the least loaded is asked, and each offer counts at once', () => {
  const desks = [desk(mia, { load: 1 }), desk(tom)];
  expect(
    routed([waits('a'), waits('b', { opened: 1 }), waits('c', { opened: 2 }), waits('d', { opened: 3 })], desks),
  ).toEqual(['a tom', 'b mia', 'c tom']);
});

test('or whoever has waited longest, where the queue says so', () => {
  const desks = [desk(mia, { load: 1, given: 5 }), desk(tom, { given: 9 })];
  expect(routed([waits('a')], desks, withQueue({ routing: 'longest_idle' }))).toEqual(['a mia']);
});

test('nobody is asked who is not there, has no place, lacks a skill or serves another queue', () => {
  expect(routed([waits('a')], [desk(mia, { presence: 'busy' }), desk(tom, { presence: 'transfer_only' })])).toEqual([]);
  expect(routed([waits('a')], [desk(mia, { load: 2 })])).toEqual([]);
  expect(routed([waits('a')], [desk(mia), desk(zoe)], withQueue({ skills: ['zh'] }))).toEqual(['a zoe']);
  expect(routed([waits('a', { queue: 'office' })], [desk(mia)])).toEqual([]);
});

test('nobody is asked out of hours, nor where agents take what they like', () => {
  const sunday = Date.parse('2026-11-22T12:00:00Z');
  expect(routed([waits('a')], [desk(mia)], withQueue({ hours: BERLIN }), sunday)).toEqual([]);
  expect(routed([waits('a')], [desk(mia)], withQueue({ hours: BERLIN }))).toEqual(['a mia']);
  expect(routed([waits('a')], [desk(mia)], withQueue({ routing: 'manual' }))).toEqual([]);
});

test('who let it pass is asked again only after everybody else', () => {
  expect(routed([waits('a', { asked: ['mia'] })], [desk(mia), desk(tom, { load: 1 })])).toEqual(['a tom']);
  expect(routed([waits('a', { asked: ['mia'] })], [desk(mia)])).toEqual(['a mia']);
});

test('who had it before is asked first, if she has a place', () => {
  expect(routed([waits('a', { preferred: 'mia' })], [desk(mia, { load: 1 }), desk(tom)])).toEqual(['a mia']);
  expect(routed([waits('a', { preferred: 'mia' })], [desk(mia, { load: 2 }), desk(tom)])).toEqual(['a tom']);
});
