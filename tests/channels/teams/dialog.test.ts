import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  CardFactory,
  type TaskModuleRequest,
  type TaskModuleResponse,
  TeamsActivityHandler,
  type TurnContext,
} from 'botbuilder';
import { acknowledge } from '../../../channels/teams/acknowledge.ts';
import { plan } from '../../../channels/teams/plan.ts';
import { parse } from '../../../channels/teams/receive.ts';
import { respond } from '../../../channels/teams/respond.ts';
import { send } from '../../../channels/teams/send.ts';
import { onScreen } from '../../../channels/teams/simulator/phone.ts';
import { openSimulator, type Simulator as Teams } from '../../../channels/teams/simulator.ts';
import type { Form, Inbound, Phone, RawRequest } from '../../../src/channel.ts';
import { accountAt } from './account.ts';
import { openRealBot } from './bot.ts';

const FIELDS = ['Name', 'Street', 'Town', 'Code', 'Note'].map(
  (label) => ({ name: label, label, kind: 'text' }) as const,
);
const FORM: Form = { token: 'form1', title: 'Your address', text: 'Where to?', submit: 'Send', fields: FIELDS };

let teams: Teams;
let phone: Phone;

beforeEach(async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  let steps = 0;
  teams = await openSimulator({ sleep: async () => undefined, now: () => Date.now() + 200 * ++steps });
  phone = onScreen(teams).phone({ name: 'Anna', locale: 'en-US', number: '+15550001111' });
});
afterEach(async () => {
  await teams.close();
  jest.restoreAllMocks();
});

const words = () => phone.screen.map(({ text }) => text.map((run) => run.text).join(''));
const context = () => ({ settings: accountAt(teams), signal: AbortSignal.timeout(5_000) });

async function asks(form: Form, locale = 'en'): Promise<void> {
  const question = plan([{ text: `${form.fields[0]?.label}?`, form }], { locale, settings: context().settings });
  for (const part of question) await send(part, { ...context(), address: phone.address, key: 'k' });
}

describe('a form of many fields', () => {
  let door: Server;
  const taken: Inbound[] = [];

  beforeEach(async () => {
    taken.length = 0;
    door = createServer(async (call, answer) => {
      const body = Buffer.concat(await call.toArray());
      const url = new URL('https://bot.example/channels/teams');
      const request: RawRequest = { method: 'POST', url, headers: {}, body };
      taken.push(...parse(request).filter(({ event }) => event.kind === 'form'));
      const { status, body: said = '' } = respond(request);
      answer.writeHead(status, { 'content-type': 'application/json' }).end(said);
    });
    await new Promise<void>((open) => door.listen(0, '127.0.0.1', open));
    teams.deliveries.webhook = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`;
    await phone.open?.();
  });
  afterEach(() => {
    door.closeAllConnections();
    door.close();
  });

  test('is filled in over the chat, and its answers stand on the card afterwards', async () => {
    await asks(FORM);
    const [{ id, buttons } = { id: '', buttons: [] }] = phone.screen;
    expect(words()).toEqual(['Your address\nWhere to?']);
    expect(buttons).toEqual([[{ id: '0', label: 'Fill in' }]]);
    await phone.tap(id, '0');
    expect(taken).toEqual([]);
    const dialog = phone.screen.at(-1);
    expect(dialog).toMatchObject({ from: 'system', text: [{ text: 'Your address' }] });
    expect(dialog?.buttons?.[0]?.[0]?.fields?.map(({ label }) => label)).toEqual(FIELDS.map(({ label }) => label));

    await phone.tap(dialog!.id, 'send', { 'field.Name': 'Anna', 'field.Town': 'Köln' });
    expect(phone.screen.at(-1)?.id).toBe(id);
    const [{ event, receipt } = {} as Inbound] = taken;
    expect(taken).toHaveLength(1);
    expect(event).toMatchObject({ kind: 'form', token: 'form1', values: { Name: 'Anna', Town: 'Köln', Street: '' } });
    await acknowledge(receipt ?? {}, context());
    expect(words()).toEqual(['Your address\nWhere to?\n▸ Name: Anna\n▸ Town: Köln']);
    expect(phone.screen[0]?.buttons).toBeUndefined();
  });

  test('is in her language, and stays open to be tapped again when she closes it', async () => {
    await asks(FORM, 'zh');
    const [{ id, buttons } = { id: '', buttons: [] }] = phone.screen;
    expect(buttons?.[0]?.[0]?.label).toBe('填写');
    for (const _again of [1, 2]) {
      await phone.tap(id, '0');
      await phone.tap('dialog', 'close');
      expect(phone.screen).toHaveLength(1);
    }
    expect(taken).toEqual([]);
  });

  test('ends a dialog that is none of ours', async () => {
    const person = teams.person();
    person.invoke('task/fetch', { data: { parley: { kind: 'choice', token: 'o1', label: 'x' } } });
    await teams.deliveries.settled();
    expect(teams.deliveries.bodies.at(-1)).toMatchObject({ task: { type: 'message' } });
  });
});

test('a few fields are filled in within the chat', async () => {
  await phone.open?.();
  await asks({ ...FORM, fields: FIELDS.slice(0, 4) });
  expect(phone.screen[0]?.buttons?.[0]?.[0]?.fields).toHaveLength(4);
});

/** The stand-in's dialogs are Teams': a bot of the vendor's own library opens one, and is told what was filled in. */
class Forms extends TeamsActivityHandler {
  readonly asked: unknown[] = [];

  constructor() {
    super();
    this.onMessage(async (turn, next) => {
      const data = { form: 'address', msteams: { type: 'task/fetch' } };
      await turn.sendActivity({
        attachments: [card([{ type: 'TextBlock', text: 'Where to?' }], { title: 'Fill in', data })],
      });
      await next();
    });
  }

  protected override async handleTeamsTaskModuleFetch(
    _turn: TurnContext,
    { data }: TaskModuleRequest,
  ): Promise<TaskModuleResponse> {
    this.asked.push(data);
    const shown = card([{ type: 'Input.Text', id: 'town', label: 'Town' }], {
      title: 'Send',
      data: { form: 'address' },
    });
    return { task: { type: 'continue', value: { title: 'Address', card: shown, height: 'medium', width: 'medium' } } };
  }

  protected override async handleTeamsTaskModuleSubmit(
    turn: TurnContext,
    { data }: TaskModuleRequest,
  ): Promise<TaskModuleResponse> {
    this.asked.push(data);
    await turn.sendActivity(`To ${data.town}`);
    return { task: { type: 'message', value: 'Thank you' } };
  }
}

function card(body: object[], { title, data }: { title: string; data: object }) {
  const actions = [{ type: 'Action.Submit', title, data }];
  return CardFactory.adaptiveCard({ type: 'AdaptiveCard', version: '1.5', body, actions });
}

test('a botbuilder bot opens a dialog in the stand-in, and is sent it', async () => {
  const forms = new Forms();
  const bot = await openRealBot(teams, forms);
  teams.deliveries.webhook = bot.url;
  await phone.write('send it home');
  const [question] = phone.screen.filter(({ from }) => from === 'bot');
  await phone.tap(question!.id, '0');
  expect(phone.screen.at(-1)).toMatchObject({ from: 'system', text: [{ text: 'Address' }] });
  await phone.tap('dialog', 'send', { town: 'Köln' });
  expect(words().at(-1)).toBe('To Köln');
  expect(forms.asked).toMatchObject([{ form: 'address' }, { form: 'address', town: 'Köln' }]);
  expect(new Set(bot.statuses)).toEqual(new Set([200]));
  await bot.close();
});
