import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { elementsOf } from '../../channels/slack/simulator/blocks.ts';
import type { Member } from '../../channels/slack/simulator/member.ts';
import type { Message } from '../../channels/slack/simulator/workspace.ts';
import { DeskTown, filesOn } from './desk-town.ts';
import { endAll, until } from './process.ts';
import type { Shopper } from './shopper.ts';
import type { Language } from './town.ts';

/** What a customer writes and reads in her language; what agents read is the desk's. */
interface Words {
  readonly asks: string;
  readonly email: string;
  readonly code: string;
  readonly which: string;
  readonly human: string;
  readonly said: readonly [string, string, string];
  readonly answered: readonly [string, string, string];
  readonly bot: string;
  readonly status: (order: string) => string;
  readonly late: string;
  readonly survey: string;
  readonly thanks: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    asks: 'where is my order?',
    email: 'Which email is on your account?',
    code: '6-digit code',
    which: 'Which order is it?',
    human: 'I want to talk to a human',
    said: ['The box is wet', 'Here is what it looks like', 'That would help'],
    answered: ['I am sorry, may I see it?', 'This is where you can hand it in', 'Done, I pass you back'],
    bot: 'This is the automated assistant again',
    status: (order) => `Order ${order} is with DHL.`,
    late: 'Anything else that I can do?',
    survey: 'How was that for you?',
    thanks: 'Thank you for telling us.',
  },
  zh: {
    asks: '我的订单到哪了',
    email: '请提供您账户的邮箱',
    code: '6 位验证码',
    which: '请问是哪个订单',
    human: '转人工',
    said: ['箱子是湿的', '照片在这里', '那太好了'],
    answered: ['非常抱歉，能看看吗？', '可以在这里退还', '好的，现在转回助手'],
    bot: '现在重新由自动客服助手',
    status: (order) => `订单 ${order} 由 顺丰速运 配送`,
    late: '还有什么可以帮您的吗？',
    survey: '您对这次服务满意吗',
    thanks: '感谢您的反馈',
  },
};

const MAP = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const KINDS = ['web', 'sms', 'wechat'] as const;
let town: DeskTown;

beforeAll(async () => {
  town = await DeskTown.open(KINDS);
}, 60_000);
afterAll(async () => {
  await town?.close();
  await endAll();
}, 30_000);

function hasButton(ts: string, label: string): boolean {
  const card = town.support.messages.find((message) => message.ts === ts);
  return elementsOf(card?.blocks ?? []).some(({ element }) => element.text?.text === label);
}

/** The button with this label on that conversation's own card. */
async function press(who: Member, label: string, { ts }: Message): Promise<void> {
  await town.settled();
  const card = town.support.messages.find((message) => message.ts === ts);
  const found = elementsOf(card?.blocks ?? []).find(({ element }) => element.text?.text === label);
  if (card === undefined || found === undefined) throw new Error(`${label} is on no card:\n${town.complaints()}`);
  await who.touch(card, found.block, found.element, undefined, { channel: town.support });
  await town.settled();
}

/** She asks for a human: her card. */
async function asksForHuman(she: Shopper, words: Words): Promise<Message> {
  const before = town.cards().length;
  await she.says(words.human);
  return town.newestCard(before);
}

async function story(she: Shopper, words: Words): Promise<void> {
  const { mia, tom, support } = town;
  await she.opens();
  await she.says(words.asks);
  await she.proves(words.email, words.code);
  await she.hears(words.which);
  const card = await asksForHuman(she, words);
  const where = { channel: support, thread: card.ts };
  await press(mia, 'Claim', card);

  // Three exchanges; in the second one a picture goes each way.
  const [wet, look, glad] = words.said;
  const [sorry, map, done] = words.answered;
  await she.says(wet);
  await town.showsInThread(card, wet);
  mia.say(sorry, where);
  await she.hears(sorry);
  await she.says(look);
  await she.sendsAPhoto();
  await town.showsInThread(card, look);
  const photo = await town.showsInThread(card, '📎');
  expect(await isPicture(addressIn(photo))).toBe(true);
  mia.attach('map.png', MAP, 'image/png', map, where);
  await she.hears(map);
  await until(
    () => filesOn(she.phone).length > 0,
    () => `a picture in ${JSON.stringify(she.phone.screen.slice(-3))}`,
  );
  expect(filesOn(she.phone).join()).not.toContain(town.slack.url);
  await she.says(glad);
  await town.showsInThread(card, glad);
  mia.say(done, where);
  await she.hears(done);

  mia.say('// she is a regular', where);
  await press(mia, 'Assign…', card);
  expect(await mia.submit({ to: 'agent:tom', note: 'Please give her back' })).toEqual({});
  await town.settled();
  mia.say('this is no longer hers to say', where);
  await press(tom, 'Back to bot', card);
  await she.hears(words.bot);

  // The flow goes on where it was.
  await she.hears(words.which);
  await she.picks(she.has.parcel);
  await she.hears(words.status(she.has.parcel));

  // Later she comes again: to the same card.
  await she.says(words.human);
  await until(
    async () => {
      await town.settled();
      return hasButton(card.ts, 'Claim');
    },
    () => town.complaints(),
  );
  await press(tom, 'Claim', card);
  tom.say(words.late, where);
  await she.hears(words.late);
  await press(tom, 'Close…', card);
  expect(await tom.submit({ outcome: 'solved', topic: 'delivery' })).toEqual({});
  await press(tom, 'Finish', card);
  await she.hears(words.survey);
  await she.picks('5');
  await she.hears(words.thanks);

  // What she was sent stands in the thread already, where it was written.
  expect(town.inThread(card, 'map.png')).toHaveLength(0);
  const heard = she.heard.join('\n');
  expect(heard).not.toMatch(/regular|give her back|no longer hers/);
  for (const said of words.answered) expect(she.heard.filter((line) => line.includes(said))).toHaveLength(1);
  for (const said of words.said)
    expect(town.inThread(card, said).length === 1 ? 'once' : town.complaints()).toBe('once');
}

describe.each(KINDS)('a customer who writes by %s', (kind) => {
  test.each(['en', 'zh'] as const)(
    'is taken over in Slack, helped, given back, and asked how it was (%s)',
    (language) => story(town.shopper(kind, language), WORDS[language]),
    60_000,
  );
});

function addressIn({ blocks }: Message): string {
  return /https?:\/\/[^\s"\\]+/.exec(JSON.stringify(blocks))?.[0] ?? '';
}

/** What an agent opens by a click. */
async function isPicture(address: string): Promise<boolean> {
  const answer = await fetch(address);
  return answer.ok && answer.headers.get('content-type') === 'image/png';
}
