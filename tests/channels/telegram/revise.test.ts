import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { draft } from '../../../channels/telegram/draft.ts';
import { plan } from '../../../channels/telegram/plan.ts';
import { edit, remove } from '../../../channels/telegram/revise.ts';
import { send } from '../../../channels/telegram/send.ts';
import type { TelegramSettings } from '../../../channels/telegram/settings.ts';
import type { Customer } from '../../../channels/telegram/simulator/customer.ts';
import { openSimulator, type Simulator } from '../../../channels/telegram/simulator.ts';
import type { Message } from '../../../src/channel.ts';
import { account } from './account.ts';

let telegram: Simulator;
let settings: TelegramSettings;
let anna: Customer;

beforeEach(async () => {
  telegram = await openSimulator();
  settings = account({ api_root: telegram.url });
  anna = telegram.customer();
  anna.start();
});
afterEach(() => telegram.close());

const to = (address = String(anna.user.id)) => ({ settings, address, key: 'k', signal: AbortSignal.timeout(5_000) });
const partsOf = (message: Message) => plan([message], { locale: 'en', settings: undefined });
const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });
const PICTURE: Message = { text: 'Look', image: picture('mug'), choices: [{ token: 'o1.0', label: 'Yes' }] };
const ALBUM: Message = { text: '', carousel: ['mug', 'lamp'].map((title) => ({ title, image: picture(title) })) };

async function say(message: Message): Promise<string> {
  const [part] = partsOf(message);
  return (await send(part!, to())).id ?? '';
}
const become = (message: Message, id: string) => edit(partsOf(message)[0]!, { ...to(), id });
const shown = () => anna.messages.filter(({ from }) => from.is_bot);

describe('what was said', () => {
  test('becomes other words, with other buttons', async () => {
    const id = await say({ text: 'Is it **late**?', choices: [{ token: 'o1.0', label: 'Yes' }] });
    await become({ text: 'It is on time.' }, id);
    expect(shown()).toMatchObject([{ text: 'It is on time.', message_id: Number(id) }]);
    expect(shown()[0]?.reply_markup).toBeUndefined();
  });

  test('stays as it is where it says the same already', async () => {
    const id = await say({ text: 'The same.' });
    await expect(become({ text: 'The same.' }, id)).resolves.toBeUndefined();
  });

  test('becomes another picture, with its caption and buttons', async () => {
    const id = await say(PICTURE);
    await become({ ...PICTURE, text: 'Or this', image: picture('lamp') }, id);
    expect(shown()).toMatchObject([{ caption: 'Or this', photo: [{ file_id: picture('lamp').url }] }]);
    expect(shown()[0]?.reply_markup?.inline_keyboard).toHaveLength(1);
  });

  test('that was a picture does not become words, and an album nothing', async () => {
    const id = await say(PICTURE);
    await expect(become({ text: 'Words' }, id)).rejects.toMatchObject({ code: 'telegram.cannot_change' });
    const album = await say(ALBUM);
    await expect(become(ALBUM, album)).rejects.toMatchObject({ code: 'telegram.cannot_change' });
  });

  test('is taken back, an album as a whole', async () => {
    const [word, album] = [await say({ text: 'Hello' }), await say(ALBUM)];
    expect(shown()).toHaveLength(3);
    await remove({ ...to(), id: album });
    expect(shown()).toMatchObject([{ text: 'Hello' }]);
    await remove({ ...to(), id: word });
    expect(shown()).toEqual([]);
  });
});

describe('an answer that is still being written', () => {
  const chat = () => telegram.world.chats.get(anna.user.id);
  const write = (text: string, address?: string) => draft(text, { ...to(address), draft: 7 });

  test('grows before her eyes, and goes once it is sent', async () => {
    await write('Your order');
    await write('Your order **AB123456** is');
    expect(chat()?.draft).toEqual({ id: 7, text: 'Your order AB123456 is', entities: [expect.anything()] });
    expect(shown()).toEqual([]);
    await say({ text: 'Your order **AB123456** is on its way.' });
    expect(chat()?.draft).toBeUndefined();
  });

  test('may stop in the middle of its markup', async () => {
    await write('Your order **AB12');
    expect(chat()?.draft?.text).toBe('Your order **AB12');
  });

  test('shows its end where it is long, and nothing where there is nothing', async () => {
    await write('');
    expect(telegram.calls.filter(({ method }) => method === 'sendMessageDraft')).toEqual([]);
    await write(`${'A sentence. '.repeat(500)}The end.`);
    expect(chat()?.draft?.text).toMatch(/The end\.$/);
  });

  test('is not shown in groups, where Telegram has no drafts', async () => {
    await write('Hello', `-100123/${anna.user.id}`);
    expect(telegram.calls.filter(({ method }) => method === 'sendMessageDraft')).toEqual([]);
  });
});
