import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { House, type Person } from './house.ts';

let house: House;
beforeEach(async () => {
  house = await new House().open();
});
afterEach(async () => {
  await house.close();
});

async function invited(she: Person, to = 'SMS'): Promise<string> {
  await she.says('continue in another app');
  await she.hears('Where shall we go on?');
  await she.says(to);
  return she.code();
}

async function ordering(account = 'web', address = 'ann'): Promise<Person> {
  const she = house.person(account, address);
  await she.says('I want to order');
  await she.hears('Which drink?');
  return she;
}

const WRONG = 'That code is not valid, or not any more.';

describe('a conversation that goes on elsewhere', () => {
  test('keeps its place and its slots, and asks again as the other app shows it', async () => {
    const she = await ordering();
    await she.says('coffee');
    await she.hears('How many cups?');
    const code = await invited(she);
    await she.hears('never share it');
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await she.hears('Our conversation goes on in another app: SMS.');
    await phone.hears('Here we are');
    await phone.hears('How many cups?');
    await phone.says('3');
    await phone.hears('Ordered as B1');
    expect(house.ordered).toMatchObject([{ drink: 'coffee', cups: 3 }]);
    await house.bot.engine.signal('bar.ready', { id: 'B1' }, 'ready');
    await phone.hears('B1 is ready.');
    expect(await she.said()).not.toContain('B1 is ready.');
  });

  test('shows nothing there of what was said before, and keeps no code in either transcript of where it was used', async () => {
    const she = await ordering();
    await she.says('coffee');
    const code = await invited(she);
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await phone.hears('How many cups?');
    const lines = (await phone.lines()).map(({ message }) => message.text);
    expect(lines.slice(0, 2)).toEqual(['••••••••', 'Here we are. We go on where we were.']);
    expect(lines).not.toContain('Which drink?');
    expect(lines).not.toContain('coffee');
  });

  test('numbers its choices where there are no buttons', async () => {
    const she = await ordering();
    const code = await invited(she);
    const phone = house.person('sms', '+1');
    await phone.says(code.toLowerCase());
    await phone.hears('Which drink?');
    await phone.says('2');
    await phone.hears('How many cups?');
    expect(house.sent.map(({ text }) => text)).toContain('Which drink?\n1. Green tea\n2. Black coffee');
  });

  test('begins afresh where it was, under keys that have not been used', async () => {
    const she = await ordering();
    await she.says('tea');
    await she.hears('How many cups?');
    await she.says('1');
    await she.hears('Ordered as B1');
    const phone = house.person('sms', '+1');
    await phone.says(await invited(she));
    await phone.hears('Here we are');
    await she.says('I want to order');
    await she.hears('Which drink?');
    await she.says('tea');
    await she.hears('How many cups?');
    await she.says('1');
    await she.hears('Ordered as B2');
    const keys = house.ordered.map((order) => (order as { key: string }).key);
    expect(new Set(keys).size).toBe(2);
  });

  test('comes back the same way, with what happened meanwhile', async () => {
    const she = await ordering();
    const phone = house.person('sms', '+1');
    await phone.says(await invited(she));
    await phone.hears('Which drink?');
    await phone.says('tea');
    await phone.hears('How many cups?');
    const code = await invited(phone, 'Website');
    await she.says(code);
    await she.hears('How many cups?');
    await phone.hears('website chat');
    await she.says('2');
    await she.hears('Ordered as B1');
  });

  test('speaks the language that it was held in', async () => {
    const she = house.person('web', 'li');
    await she.says('我要点单', { locale: 'zh' });
    await she.hears('要喝什么');
    await she.says('换个应用继续聊');
    await she.hears('您想换到哪里继续');
    await she.says('短信');
    const code = await she.code();
    await she.hears('请勿告诉任何人');
    const phone = house.person('sms', '+86');
    await phone.says(code);
    await she.hears('短信');
    await phone.hears('我们接着刚才的继续');
    await phone.hears('要喝什么');
  });

  test('says nothing more of it when she stays, and the code is worth nothing', async () => {
    const she = await ordering();
    const code = await invited(she);
    await she.says('Stay here');
    await she.hears('we stay here');
    await she.hears('Which drink?');
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await phone.hears(WRONG);
    await she.says('tea');
    await she.hears('How many cups?');
  });

  test('goes on above what was open there, and that is resumed when it is done', async () => {
    const phone = house.person('sms', '+1');
    await phone.says('call me by a nickname');
    await phone.hears('What shall I call you?');
    const she = await ordering();
    await she.says('tea');
    await she.hears('How many cups?');
    await phone.says(await invited(she));
    await phone.hears('How many cups?');
    await phone.says('1');
    await phone.hears('Ordered as B1');
    await phone.hears('What shall I call you?');
    await phone.says('Bee');
    await phone.hears('Hello Bee!');
  });

  test('gets the end of a call that was under way, and what the world tells on the way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    house.bar = promise;
    const she = await ordering();
    await she.says('tea');
    await she.hears('How many cups?');
    await she.says('4');
    const code = await invited(she);
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await phone.hears('Here we are');
    resolve();
    await phone.hears('Ordered as B1');
    await house.bot.engine.signal('bar.ready', { id: 'B1' }, 'ready');
    await phone.hears('B1 is ready.');
    expect(house.ordered).toHaveLength(1);
    expect((await she.said()).join('\n')).not.toContain('B1');
  });

  test('takes along what waits for the world, with its listener and its time', async () => {
    const phone = house.person('sms', '+1');
    for (const [cups, id] of [
      ['1', 'B1'],
      ['2', 'B2'],
    ] as const) {
      const she = await ordering('web', `ann-${cups}`);
      await she.says('tea');
      await she.hears('How many cups?');
      await she.says(cups);
      await she.hears(`Ordered as ${id}`);
      await phone.says(await invited(she));
      await phone.hears('Here we are');
    }
    expect(await house.bot.engine.signal('bar.ready', { id: 'B2' }, 'ready')).toBe(1);
    await phone.hears('B2 is ready.');
    expect(await house.bot.engine.signal('bar.ready', { id: 'B2' }, 'again')).toBe(0);
    const parked = async () => JSON.parse((await phone.conversation())?.state ?? '{}').parked;
    expect(await parked()).toHaveLength(1);
    house.now += 86_400_000;
    await until(async () => (await parked()) === undefined);
  });

  test('leaves what is still to be sent where it was said, in order', async () => {
    const she = await ordering('sms', '+1');
    const code = await invited(she, 'Website');
    const home = house.person('web', 'ann');
    await home.says(code);
    await home.hears('Which drink?');
    await she.hears('goes on in another app: website chat');
    const texts = house.sent.map(({ account, address, text }) => [account, address, text.split('\n')[0]]);
    expect(texts.every(([account, address]) => account === 'sms' && address === '+1')).toBe(true);
    expect(texts.at(-1)?.[2]).toContain('Our conversation goes on');
  });

  test('takes her proof along with its age, and leaves none behind', async () => {
    house.verified.set('s3cret', 'C1');
    const she = house.person('web', 'ann');
    await she.says('log me in');
    await she.hears('Code?');
    await she.says('s3cret');
    await she.hears('You are C1.');
    house.now += 60_000;
    const phone = house.person('sms', '+1');
    await phone.says(await invited(she));
    await phone.hears('Here we are');
    const session = async (one: Person) => JSON.parse((await one.conversation())?.state ?? '{}').session;
    expect(await session(phone)).toEqual({ customer: 'C1', at: house.now - 60_000 });
    expect(await session(she)).toBeUndefined();
  });
});

describe('a code', () => {
  test('works once', async () => {
    const she = await ordering();
    const code = await invited(she);
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await phone.hears('Which drink?');
    const thief = house.person('sms', '+2');
    await thief.says(code);
    await thief.hears(WRONG);
    expect((await thief.said()).join('\n')).not.toContain('Which drink?');
  });

  test('delivered again changes nothing', async () => {
    const she = await ordering();
    const code = await invited(she);
    const phone = house.person('sms', '+1');
    await phone.says(code, { key: 'same' });
    await phone.hears('Which drink?');
    const before = (await phone.lines()).length;
    await phone.says(code, { key: 'same' });
    expect((await phone.lines()).length).toBe(before);
  });

  test('is too old after ten minutes', async () => {
    const she = await ordering();
    const code = await invited(she);
    house.now += 600_000;
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await phone.hears(WRONG);
  });

  test('is worth nothing once another one has been asked for', async () => {
    const she = await ordering();
    const code = await invited(she);
    await she.says('Stay here');
    await she.hears('Which drink?');
    const second = await invited(she);
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await phone.hears(WRONG);
    await phone.says(second);
    await phone.hears('Which drink?');
  });

  test('sent from where it stands is not used up', async () => {
    const she = await ordering();
    const code = await invited(she);
    await she.says(code);
    await she.hears('Send it to me from the other app');
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await phone.hears('Which drink?');
  });

  test('is not looked at any more from where five were wrong, and nothing tells', async () => {
    const she = await ordering();
    const code = await invited(she);
    const thief = house.person('sms', '+2');
    for (let count = 0; count < 5; count += 1) await thief.says(`2B3C-4D${count + 2}F`);
    await thief.says(code);
    await until(async () => (await thief.said()).length >= 6);
    expect(new Set(await thief.said()).size).toBe(1);
    const phone = house.person('sms', '+1');
    await phone.says(code);
    await phone.hears('Which drink?');
    house.now += 600_000;
    await she.says('I want to order');
    const fresh = await invited(she);
    await thief.says(fresh);
    await thief.hears('Here we are');
  });

  test('without its dash, wrong, is what the flow makes of it', async () => {
    const she = house.person('web', 'ann');
    await she.says('call me by a nickname');
    await she.hears('What shall I call you?');
    await she.says('AB234567');
    await she.hears('Hello AB234567!');
  });

  test('from who has opted out is not heard', async () => {
    const phone = house.person('sms', '+1');
    await phone.says('STOP', { event: { kind: 'message', text: 'STOP', consent: { word: 'stop', answered: false } } });
    await phone.hears('opted out');
    const she = await ordering();
    const code = await invited(she);
    await phone.says(code);
    await she.says('Stay here');
    await she.hears('Which drink?');
    expect(await phone.said()).toHaveLength(1);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let left = 500; left > 0; left -= 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not come.');
}
