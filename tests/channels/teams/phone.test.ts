import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { plan } from '../../../channels/teams/plan.ts';
import { send, typing } from '../../../channels/teams/send.ts';
import { onScreen } from '../../../channels/teams/simulator/phone.ts';
import { openSimulator, type Simulator as Teams } from '../../../channels/teams/simulator.ts';
import type { Form, Message, Phone, Simulator } from '../../../src/channel.ts';
import { accountAt } from './account.ts';

let teams: Teams;
let simulator: Simulator;
let phone: Phone;

beforeEach(async () => {
  teams = await openSimulator({ sleep: async () => undefined });
  simulator = onScreen(teams);
  phone = simulator.phone({ name: 'Anna', locale: 'en-US', number: '+15550001111' });
  await phone.open?.();
});
afterEach(() => simulator.close());

const to = () => ({ settings: accountAt(teams), address: phone.address, key: 'k', signal: AbortSignal.timeout(5_000) });

async function hears(message: Message): Promise<void> {
  for (const part of plan([message], { locale: 'en', settings: to().settings })) await send(part, to());
}

const words = () => phone.screen.map(({ text }) => text.map((run) => run.text).join(''));

describe('a phone with Teams', () => {
  test('shows what went over the wire, and no markup', async () => {
    let changes = 0;
    const end = phone.watch(() => {
      changes += 1;
    });
    await hears({ text: '**Hello** Tom & <Anna>, see [this](https://shop.example/)' });
    await hears({
      text: 'Which *one*?',
      choices: [{ token: 'o1', label: 'Lamp' }],
      links: [{ title: 'Shop', url: 'https://a.example/' }],
    });
    await hears({
      text: 'Look',
      carousel: [{ title: 'Mug', text: 'blue', fields: [{ name: 'Price', value: '€12' }] }],
    });
    expect(phone.screen[0]?.text).toEqual([
      { text: 'Hello', style: 'bold' },
      { text: ' Tom & <Anna>, see ' },
      { text: 'this', url: 'https://shop.example/' },
    ]);
    expect(phone.screen[1]?.buttons).toEqual([
      [{ id: '0', label: 'Lamp' }],
      [{ id: '1', label: 'Shop', url: 'https://a.example/' }],
    ]);
    expect(phone.screen[3]?.cards).toEqual([
      { title: [{ text: 'Mug' }], text: [{ text: 'blue' }], facts: [{ name: 'Price', value: '€12' }] },
    ]);
    expect(changes).toBeGreaterThan(0);
    end();
  });

  test('offers a list and a day to fill in, and sends what was chosen', async () => {
    await hears({
      text: 'Which?',
      multiple: true,
      choices: [
        { token: 'o1', label: 'Lamp' },
        { token: 'o2', label: 'Mug' },
      ],
    });
    await hears({ text: 'When?', input: 'date' });
    const [list, day] = phone.screen.map(({ buttons }) => buttons?.[0]?.[0]);
    expect(list?.fields).toMatchObject([
      { name: 'pick', kind: 'choices', options: [{ value: 'o1' }, { value: 'o2' }] },
    ]);
    expect(day?.fields).toMatchObject([{ name: 'date', kind: 'date' }]);
    await phone.tap(phone.screen[0]!.id, list!.id, { pick: 'o1,o2' });
  });

  test('shows a form with its fields, and one that is too large as its first question', async () => {
    const options = ['Morning', 'Evening'].map((label, index) => ({ value: String(index), label }));
    const form: Form = {
      token: 'form1',
      title: 'Your delivery',
      submit: 'Send',
      fields: [
        { name: 'slot', label: 'When?', kind: 'choice', options },
        { name: 'note', label: 'Note', kind: 'text', optional: true },
      ],
    };
    await hears({ text: 'When?', choices: [{ token: 'o1', label: 'Morning' }], form });
    expect(words()).toEqual(['Your delivery']);
    const [send] = phone.screen[0]?.buttons?.[0] ?? [];
    expect(send).toMatchObject({
      label: 'Send',
      fields: [
        { name: 'field.slot', label: 'When?', kind: 'choice', options },
        { name: 'field.note', label: 'Note (optional)', kind: 'text', optional: true },
      ],
    });
    await phone.tap(phone.screen[0]!.id, send!.id, { 'field.slot': '1', 'field.note': 'Ring' });
    const large = [{ name: 'slot', label: 'x'.repeat(90_000), kind: 'text' } as const];
    await hears({ text: 'When?', choices: [{ token: 'o1', label: 'Morning' }], form: { ...form, fields: large } });
    expect(phone.screen[1]?.buttons?.[0]?.[0]?.label).toBe('Morning');
  });

  test('shows that the bot is writing, and her own words and files', async () => {
    expect(phone.typing).toBe(false);
    await typing(to());
    expect(phone.typing).toBe(true);
    await phone.write('hello');
    await phone.attach?.({ name: 'mug.png', type: 'image/png', bytes: new Uint8Array(4) });
    await phone.attach?.({ name: 'bill.pdf', type: 'application/pdf', bytes: new Uint8Array(4) });
    expect(words()).toEqual(['hello', '', '']);
    expect(phone.screen[1]?.image?.url).toMatch(/^data:image\/png;base64,/);
    expect(phone.screen[2]?.file?.name).toBe('bill.pdf');
    expect(phone.screen.map(({ from }) => from)).toEqual(['customer', 'customer', 'customer']);
  });

  test.each(['flood', 'error', 'drop', 'cut'])('lets a message suffer "%s"', async (fault) => {
    expect(simulator.faults).toContain(fault);
    simulator.fail(fault);
    await expect(hears({ text: 'Hello' })).rejects.toThrow();
    await hears({ text: 'Hello again' });
    expect(words().at(-1)).toBe('Hello again');
  });

  test('loses the app after a word, and has it again with the next', async () => {
    simulator.fail('uninstall');
    await phone.write('bye');
    await expect(hears({ text: 'Wait' })).rejects.toMatchObject({ code: 'BotNotInConversationRoster' });
    await phone.write('back');
    await hears({ text: 'Hello again' });
  });
});
