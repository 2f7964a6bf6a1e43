import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../support/until.ts';
import { Office } from './office.ts';

let office: Office;
afterEach(() => office.close());

const UNREACHABLE = 'I cannot reach our team just now.';

/** A clock that can be put on. */
function movable() {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    pass(milliseconds: number) {
      ahead += milliseconds;
    },
  };
}

const told = async (conversation: string) =>
  (await office.reads(conversation)).filter((line) => line.includes(UNREACHABLE)).length;

test('Slack down for ten minutes: who waits is told, keeps her place, and all is there afterwards, once and in order', async () => {
  const clock = movable();
  office = await Office.open({ clock, now: clock.now });
  office.slack.rest(clock.now() + 600_000);
  const people = ['ann', 'bea', 'cem'];
  const conversations = await Promise.all(people.map((who) => office.write('human please', who)));
  for (const who of people) await office.write(`${who} one`, who);
  await until(
    () => office.desk.health?.().is === 'down',
    () => 'a call that fails',
  );
  expect(await told(conversations[0]!)).toBe(0);
  clock.pass(61_000);
  for (const conversation of conversations)
    await until(
      async () => (await told(conversation)) === 1,
      () => 'a word to who waits',
    );
  for (const who of people) await office.write(`${who} two`, who);
  clock.pass(540_000);
  await office.settled();

  for (const [at, who] of people.entries()) {
    const conversation = conversations[at]!;
    expect((await office.bot.store.desk.stand(conversation))?.at).toBe('queued');
    expect(
      office
        .thread(conversation)
        .join('\n')
        .match(new RegExp(`${who} one|I cannot reach|${who} two`, 'g')),
    ).toEqual([`${who} one`, 'I cannot reach', `${who} two`]);
    expect(await told(conversation)).toBe(1);
  }
  expect(office.support.messages.filter(({ thread_ts: root }) => root === undefined)).toHaveLength(3);
});

test('who is with an agent already is told nothing', async () => {
  const clock = movable();
  office = await Office.open({ clock, now: clock.now });
  const conversation = await office.write('human please');
  await office.settled();
  await office.mia.tap('Claim', { channel: office.support });
  await office.settled();
  office.slack.rest(clock.now() + 600_000);
  await office.write('hello?');
  await until(
    () => office.desk.health?.().is === 'down',
    () => 'a call that fails',
  );
  clock.pass(61_000);
  await office.bot.office?.settled();
  expect(await told(conversation)).toBe(0);
  clock.pass(540_000);
});
