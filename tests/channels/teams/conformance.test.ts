import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type Activity,
  ActivityHandler,
  CardFactory,
  type FileConsentCardResponse,
  MessageFactory,
  TeamsActivityHandler,
  TurnContext,
} from 'botbuilder';
import { openSimulator, type Simulator } from '../../../channels/teams/simulator.ts';
import { openRealBot, type RealBot } from './bot.ts';

/**
 * The stand-in counts only because a bot of the vendor's own library lives in it, with its token validation on: it greets, shows a
 * card, takes its answer, changes and deletes what it said.
 */
class Shop extends ActivityHandler {
  readonly taken: Partial<Activity>[] = [];

  constructor() {
    super();
    this.onMessage(async (context, next) => {
      this.taken.push(context.activity);
      const { text, value, attachments } = context.activity;
      if (value !== undefined) {
        const picked = MessageFactory.text(`You picked ${value.parley}`);
        await context.updateActivity({ ...picked, id: context.activity.replyToId ?? '' });
      } else if (text === 'menu') await context.sendActivity({ attachments: [MENU], attachmentLayout: 'list' });
      else if (text === 'oops') {
        const sent = await context.sendActivity('a mistake');
        await context.deleteActivity(sent?.id ?? '');
        await context.sendActivity({ type: 'typing' });
        await context.sendActivity('gone');
      } else if (attachments?.length) await context.sendActivity(`${attachments[0]?.contentType}`);
      else await context.sendActivity(`You said ${TurnContext.removeRecipientMention(context.activity) ?? text}`);
      await next();
    });
    this.onMembersAdded(async (context, next) => {
      await context.sendActivity('Hello');
      await next();
    });
    this.onReactionsAdded(async (context, next) => {
      await context.sendActivity(`Thank you for the ${context.activity.reactionsAdded?.[0]?.type}`);
      await next();
    });
    this.onInstallationUpdateAdd(async (_context, next) => next());
    this.onInstallationUpdateRemove(async (_context, next) => next());
  }
}

const MENU = CardFactory.adaptiveCard({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [{ type: 'TextBlock', text: 'Which one?' }],
  actions: [{ type: 'Action.Submit', title: 'Lamp', data: { parley: 'lamp' } }],
});

let teams: Simulator;
let bot: RealBot;
let shop: Shop;

beforeEach(async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  let steps = 0;
  // Every look at the clock takes it on a bit, so that nobody is too fast for Teams.
  teams = await openSimulator({ sleep: async () => undefined, now: () => Date.now() + 200 * ++steps });
  shop = new Shop();
  bot = await openRealBot(teams, shop);
  teams.deliveries.webhook = bot.url;
});
afterEach(async () => {
  await bot.close();
  await teams.close();
  jest.restoreAllMocks();
});

describe('a botbuilder bot', () => {
  test('holds a conversation with a simulated person', async () => {
    const anna = teams.person();
    anna.install();
    anna.say('Tom & Anna <3');
    anna.say('menu');
    await teams.deliveries.settled();
    expect(anna.heard).toEqual(['Hello', 'You said Tom &amp; Anna &lt;3', 'Which one?']);
    anna.tap('Lamp');
    await teams.deliveries.settled();
    expect(anna.heard.at(-1)).toBe('You picked lamp');
    anna.say('oops');
    anna.react(anna.chat.messages[0]!, 'like');
    anna.attach('mug.png', 'image/png', new Uint8Array(8));
    await teams.deliveries.settled();
    expect(anna.heard.slice(-3)).toEqual(['gone', 'Thank you for the like', 'image/png']);
    expect(anna.chat.typed).toBe(1);
    anna.uninstall();
    await teams.deliveries.settled();
    expect(new Set(bot.statuses)).toEqual(new Set([200]));
    expect(new Set(teams.calls.map(({ status }) => Math.floor(status / 100)))).toEqual(new Set([2]));
  });

  test('finds the tenant and its own name in a group', async () => {
    const anna = teams.person();
    anna.say('@Parley where is my order?', '19:group@thread.v2');
    await teams.deliveries.settled();
    const [taken] = shop.taken;
    expect(taken?.conversation?.tenantId).toBe(teams.world.tenant);
    const { messages } = teams.world.conversations.get('19:group@thread.v2')!;
    expect(messages.at(-1)?.text).toBe('You said where is my order?');
  });

  test('refuses a call after the keys were changed, because it asks for new ones once an hour', async () => {
    teams.person().say('one');
    await teams.deliveries.settled();
    await teams.issuer.rotate();
    teams.person().say('two');
    await teams.deliveries.settled();
    expect(bot.statuses).toEqual([200, 401]);
  });

  test('refuses a call whose key may sign for another channel only', async () => {
    await teams.issuer.rotate(['webchat']);
    teams.person().say('one');
    await teams.deliveries.settled();
    expect(bot.statuses).toEqual([401]);
  });
});

/** The vendor's own way of giving a file: it asks, puts it where it may, and shows it there. */
class Giver extends TeamsActivityHandler {
  readonly declined: string[] = [];

  constructor() {
    super();
    this.onMessage(async (context, next) => {
      const content = {
        description: 'Your bill',
        sizeInBytes: PAPER.byteLength,
        acceptContext: {},
        declineContext: {},
      };
      const card = { contentType: 'application/vnd.microsoft.teams.card.file.consent', name: 'bill.pdf', content };
      await context.sendActivity({ attachments: [card] });
      await next();
    });
  }

  protected override async handleTeamsFileConsentAccept(context: TurnContext, { uploadInfo }: FileConsentCardResponse) {
    const { uploadUrl = '', contentUrl = '', name = '', uniqueId, fileType } = uploadInfo ?? {};
    const range = `bytes 0-${PAPER.byteLength - 1}/${PAPER.byteLength}`;
    const put = await fetch(uploadUrl, { method: 'PUT', headers: { 'content-range': range }, body: PAPER });
    if (!put.ok) throw new Error(`OneDrive answers ${put.status}.`);
    const contentType = 'application/vnd.microsoft.teams.card.file.info';
    await context.sendActivity({ attachments: [{ contentType, contentUrl, name, content: { uniqueId, fileType } }] });
  }

  protected override async handleTeamsFileConsentDecline(context: TurnContext) {
    this.declined.push(context.activity.id ?? '');
  }
}

const PAPER = new TextEncoder().encode('%PDF-1.4 bill');

test('a file is given as the vendor’s own handler gives it, and declined likewise', async () => {
  const giver = new Giver();
  const giving = await openRealBot(teams, giver);
  teams.deliveries.webhook = giving.url;
  const anna = teams.person();
  anna.say('my bill');
  await teams.deliveries.settled();
  const [asked] = anna.chat.messages.filter(({ from }) => from.id.startsWith('28:'));
  if (asked === undefined) throw new Error('Nothing was asked.');
  anna.consent(asked, 'decline');
  anna.consent(asked, 'accept');
  await teams.deliveries.settled();
  await giving.close();
  expect(giver.declined).toHaveLength(1);
  expect([...teams.world.files.values()].map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['%PDF-1.4 bill']);
  expect(anna.chat.messages.at(-1)?.attachments[0]?.name).toBe('bill.pdf');
});
