import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acknowledge } from '../../../channels/teams/acknowledge.ts';
import { addressOf } from '../../../channels/teams/address.ts';
import { plan } from '../../../channels/teams/plan.ts';
import { parse } from '../../../channels/teams/receive.ts';
import { respond } from '../../../channels/teams/respond.ts';
import { send } from '../../../channels/teams/send.ts';
import type { TeamsSettings } from '../../../channels/teams/settings.ts';
import type { Activity } from '../../../channels/teams/simulator/deliveries.ts';
import type { Person } from '../../../channels/teams/simulator/person.ts';
import { openSimulator, type Simulator } from '../../../channels/teams/simulator.ts';
import type { RawRequest } from '../../../src/channel.ts';
import { accountAt } from './account.ts';

const BILL = '%PDF-1.4 bill';
let teams: Simulator;
let settings: TeamsSettings;
let anna: Person;
let shop: Server;
let host: string;
let served: number;

beforeEach(async () => {
  served = 0;
  shop = createServer(({ url }, response) => {
    served += 1;
    if (url === '/bill.pdf') response.end(BILL);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done));
  host = `127.0.0.1:${(shop.address() as AddressInfo).port}`;
  teams = await openSimulator();
  settings = accountAt(teams, { outside_hosts: [host] });
  anna = teams.person();
  anna.install();
});
afterEach(async () => {
  shop.close();
  await teams.close();
});

const personal = () => addressOf({ tenant: teams.world.tenant, conversation: anna.chat.id });
const context = (address = personal()) => ({ settings, address, key: 'k', signal: AbortSignal.timeout(5_000) });

/** Says it, as one message of words and one of paper. */
async function bring(name = 'bill.pdf', address?: string): Promise<void> {
  const message = { text: 'Here is your bill.', file: { url: `http://${host}/${name}`, name } };
  for (const part of plan([message], { locale: 'en', settings: undefined })) await send(part, context(address));
}

const lastIn = (person: Person) => {
  const message = person.chat.messages.at(-1);
  if (message === undefined) throw new Error('Nothing was said.');
  return message;
};
const called = (activity: Activity): RawRequest => ({
  method: 'POST',
  url: new URL('https://bot.example/channels/teams'),
  headers: {},
  body: new TextEncoder().encode(JSON.stringify(activity)),
});
const heard = (activity: Activity) => parse(called(activity))[0]!;

describe('a file in a personal chat', () => {
  test('is put into her OneDrive once she agrees, and the question is gone', async () => {
    await bring();
    const asked = lastIn(anna);
    const activity = anna.consent(asked, 'accept');
    const { event, receipt } = heard(activity);
    expect(event).toEqual({ kind: 'signal', name: 'channel.file', data: { name: 'bill.pdf', accepted: true } });
    expect(respond(called(activity))).toMatchObject({ status: 200 });
    await acknowledge(receipt!, context());
    expect([...teams.world.files.values()].map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([BILL]);
    expect(anna.chat.messages).not.toContain(asked);
    expect(lastIn(anna).attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.teams.card.file.info',
      name: 'bill.pdf',
    });
  });

  test('goes nowhere when she declines', async () => {
    await bring();
    const { event, receipt } = heard(anna.consent(lastIn(anna), 'decline'));
    expect(event).toMatchObject({ data: { accepted: false } });
    await acknowledge(receipt!, context());
    expect(teams.world.files.size).toBe(0);
    expect(anna.heard).toEqual(['Here is your bill.']);
  });

  test('stays a question as long as it cannot be brought', async () => {
    await bring();
    const asked = lastIn(anna);
    shop.close();
    shop.closeAllConnections();
    const { receipt } = heard(anna.consent(asked, 'accept'));
    await expect(acknowledge(receipt!, context())).rejects.toMatchObject({ code: 'teams.not_uploaded' });
    expect(anna.chat.messages).toContain(asked);
  });

  test.each([
    ['another file', (file: { url: string }) => ({ ...file, url: 'http://169.254.169.254/latest' })],
    ['a file of a network of ours', (file: object) => ({ ...file, own: true })],
  ])('is none that she names herself: %s', async (_, forge) => {
    await bring();
    const activity = anna.consent(lastIn(anna), 'accept') as unknown as {
      value: { context: { parley: { url: string }; seal: string } };
    } & Activity;
    const { context: carried } = activity.value;
    const forged = {
      ...activity,
      value: { ...activity.value, context: { ...carried, parley: forge(carried.parley) } },
    };
    const before = served;
    await expect(acknowledge(heard(forged).receipt!, context())).rejects.toMatchObject({ code: 'teams.not_uploaded' });
    expect(served).toBe(before);
  });

  test('is not brought by the answer to somebody else’s card', async () => {
    await bring();
    const { receipt } = heard(anna.consent(lastIn(anna), 'accept'));
    const ben = teams.person('Ben');
    const elsewhere = addressOf({ tenant: teams.world.tenant, conversation: ben.chat.id });
    await expect(acknowledge({ ...receipt, address: elsewhere }, context())).rejects.toMatchObject({
      code: 'teams.not_uploaded',
    });
  });

  test('goes to no host but those of the account', async () => {
    await bring();
    const { receipt } = heard(anna.consent(lastIn(anna), 'accept'));
    settings = accountAt(teams, { outside_hosts: [host], file_hosts: ['*.sharepoint.com'] });
    await expect(acknowledge(receipt!, context())).rejects.toMatchObject({ code: 'teams.not_uploaded' });
    expect(teams.world.files.size).toBe(0);
  });
});

describe('a file is a link', () => {
  const linked = () => expect(lastIn(anna).text).toBe(`[📎 bill.pdf](http://${host}/bill.pdf)`);

  test('in a group', async () => {
    const message = anna.say('@Parley my bill', '19:group');
    await bring('bill.pdf', addressOf({ tenant: teams.world.tenant, conversation: '19:group', user: anna.account.id }));
    expect(message.type).toBe('message');
    expect(teams.world.conversations.get('19:group')?.messages.at(-1)?.text).toContain(`(http://${host}/bill.pdf)`);
  });

  test.each([
    ['where the account says so', { files: 'link' }],
    ['in a cloud where bots send no files', { cloud: 'gcc_high' }],
    ['where it lies in a network that is nobody’s business', { outside_hosts: [] }],
  ])('%s', async (_, given) => {
    settings = { ...accountAt(teams, { outside_hosts: [host], ...given }), scope: settings.scope };
    await bring();
    linked();
  });

  test('of an app that may not ask', async () => {
    const message = { text: '', file: { url: `http://${host}/bill.pdf`, name: 'bill.pdf' } };
    teams.fail({ kind: 'error', status: 400, code: 'BadArgument' });
    for (const part of plan([message], { locale: 'en', settings: undefined })) await send(part, context());
    linked();
  });
});
