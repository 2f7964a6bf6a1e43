import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { House, type Person } from './house.ts';

let house: House;
beforeEach(async () => {
  house = await new House().open();
});
afterEach(async () => {
  await house.close();
});

async function moved(from: Person, to: Person, app: string): Promise<void> {
  await from.says('continue in another app');
  await from.hears('Where shall we go on?');
  await from.says(app);
  await to.says(await from.code());
  await to.hears('Here we are');
}

async function isNamed(account: string, address: string, name: string): Promise<Person> {
  const she = house.person(account, address);
  await she.says('hello', { event: { kind: 'identified', customer: name } });
  return she;
}

async function customerOf(she: Person) {
  return (await she.conversation())?.customer;
}

describe('one customer', () => {
  test('is remembered at every address that is proven to be hers', async () => {
    const she = house.person('web', 'ann');
    await she.says('call me by a nickname');
    await she.hears('What shall I call you?');
    await she.says('Bee');
    await she.hears('Hello Bee!');
    const phone = house.person('sms', '+1');
    await moved(she, phone, 'SMS');
    await phone.says('call me by a nickname');
    await phone.hears('Hello Bee!');
    const again = house.person('web', 'ann');
    await again.says('call me by a nickname');
    await again.hears('Hello Bee!');
  });

  test('what she tells at one address is known at the others at once', async () => {
    const she = house.person('web', 'ann');
    const phone = house.person('sms', '+1');
    await she.says('hello');
    await moved(she, phone, 'SMS');
    await phone.says('call me by a nickname');
    await phone.hears('What shall I call you?');
    await phone.says('Bee');
    await phone.hears('Hello Bee!');
    await she.says('call me by a nickname');
    await she.hears('Hello Bee!');
  });

  test('who has told nothing but the same is somebody else', async () => {
    for (const address of ['ann', 'bob']) {
      const one = house.person('web', address);
      await one.says('call me by a nickname');
      await one.hears('What shall I call you?');
      await one.says('Bee');
      await one.hears('Hello Bee!');
    }
    const [ann, bob] = [house.person('web', 'ann'), house.person('web', 'bob')];
    expect((await customerOf(ann))?.key).not.toBe((await customerOf(bob))?.key);
    expect(await house.bot.store.identities((await customerOf(ann))?.key ?? 0)).toEqual([]);
  });

  test('a signed identity and a code both prove an address, and the nameless one becomes the named one', async () => {
    const she = await isNamed('web', 'ann', 'C1');
    const phone = house.person('sms', '+1');
    await phone.says('call me by a nickname');
    await phone.hears('What shall I call you?');
    await phone.says('Bee');
    await phone.hears('Hello Bee!');
    await moved(she, phone, 'SMS');
    const customer = await house.bot.store.customer('C1');
    expect(customer?.attributes).toMatchObject({ nick: 'Bee' });
    const hers = await house.bot.store.identities(customer?.key ?? 0);
    expect(hers.map(({ account, proof }) => [account, proof]).toSorted()).toEqual([
      ['sms', 'code'],
      ['web', 'code'],
    ]);
  });

  test('a code that the business has sent her names her in all of her conversations', async () => {
    house.verified.set('s3cret', 'C1');
    const she = house.person('web', 'ann');
    const phone = house.person('sms', '+1');
    await she.says('hello');
    await moved(she, phone, 'SMS');
    await phone.says('log me in');
    await phone.hears('Code?');
    await phone.says('s3cret');
    await phone.hears('You are C1.');
    expect((await customerOf(she))?.name).toBe('C1');
    expect((await customerOf(phone))?.name).toBe('C1');
  });

  test('two who are known by name stay two: the address goes over, and nothing that is known of either', async () => {
    const ann = await isNamed('web', 'ann', 'C1');
    const bob = await isNamed('sms', '+1', 'C2');
    for (const [one, nick] of [
      [ann, 'Bee'],
      [bob, 'Bo'],
    ] as const) {
      await one.says('call me by a nickname');
      await one.hears('What shall I call you?');
      await one.says(nick);
      await one.hears(`Hello ${nick}!`);
    }
    await moved(ann, bob, 'SMS');
    const { store } = house.bot;
    expect((await store.customer('C1'))?.attributes).toEqual({ nick: 'Bee' });
    expect((await store.customer('C2'))?.attributes).toEqual({ nick: 'Bo' });
    expect((await customerOf(bob))?.name).toBe('C1');
    expect(await store.identities((await store.customer('C2'))?.key ?? 0)).toEqual([]);
  });

  test('flows of somebody else who wrote from there give way', async () => {
    const bob = await isNamed('sms', '+1', 'C2');
    await bob.says('I want to order');
    await bob.hears('Which drink?');
    const ann = await isNamed('web', 'ann', 'C1');
    await moved(ann, bob, 'SMS');
    const { frames } = JSON.parse((await bob.conversation())?.state ?? '{}') as { frames: unknown[] };
    expect(frames).toEqual([]);
  });

  test('may be forgotten at an address: whoever writes from there is a stranger', async () => {
    const she = house.person('web', 'ann');
    await she.says('call me by a nickname');
    await she.hears('What shall I call you?');
    await she.says('Bee');
    await she.hears('Hello Bee!');
    const phone = house.person('sms', '+15550104444');
    await moved(she, phone, 'SMS');
    await she.says('forget my phone number');
    await she.hears('Where shall I not know you any more?');
    await she.says('SMS …4444');
    await she.hears('Sure?');
    await she.says('yes');
    await she.hears('Done.');
    await phone.says('call me by a nickname');
    await phone.hears('What shall I call you?');
    expect(await customerOf(phone)).toBeUndefined();
    expect((await customerOf(she))?.attributes).toEqual({ nick: 'Bee' });
  });
});

describe('the flows for several apps', () => {
  test('are there without being written, and on no menu', async () => {
    const { flows } = house.bot;
    expect([...flows]).toEqual(expect.arrayContaining(['continue_elsewhere', 'add_phone', 'forget_address']));
    const she = house.person('web', 'ann');
    await she.says('blub blub blub');
    const offered = (await she.lines()).flatMap(({ message }) => message.choices ?? []).map(({ label }) => label);
    expect(offered.join()).not.toMatch(/another app|phone/i);
  });
});

describe('a telephone is added', () => {
  const NUMBER = '+14155550100';

  async function adds(she: Person): Promise<void> {
    await she.says('add my phone number');
    await she.hears('What is your mobile number');
    await she.says(NUMBER);
    await she.hears('If +14155550100 takes our messages');
  }

  async function sentCode(): Promise<string | undefined> {
    for (let left = 50; left > 0; left -= 1) {
      const told = house.sent.filter(({ address }) => address === NUMBER).at(-1);
      const code = /\b\d{6}\b/.exec(told?.text ?? '')?.[0];
      if (code !== undefined) return code;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return undefined;
  }

  test('by the code that is sent to it, and she is known there from her first word', async () => {
    const she = house.person('web', 'ann');
    await she.says('call me by a nickname');
    await she.hears('What shall I call you?');
    await she.says('Bee');
    await she.hears('Hello Bee!');
    await adds(she);
    const code = (await sentCode()) ?? '';
    await she.says(code);
    await she.hears('is yours now');
    const phone = house.person('sms', NUMBER);
    await phone.says('call me by a nickname');
    await phone.hears('Hello Bee!');
    const lines = (await she.lines()).map(({ message }) => message.text).join('\n');
    expect(lines).not.toContain(code);
  });

  test('not by another code, however often, and not by the right one after five', async () => {
    const she = house.person('web', 'ann');
    await adds(she);
    const right = (await sentCode()) ?? '';
    const wrong = right === '111111' ? '222222' : '111111';
    const conversation = (await she.conversation())?.key ?? 0;
    const { store } = house.bot;
    for (let count = 0; count < 5; count += 1)
      expect(await store.answer({ conversation, code: wrong, at: house.now })).toBe(false);
    expect(await store.answer({ conversation, code: right, at: house.now })).toBe(false);
    expect(await store.owner('sms', NUMBER)).toBeUndefined();
  });

  test('at most three times an hour, and nothing tells whether it was sent', async () => {
    const others = ['a', 'b', 'c', 'd'].map((address) => house.person('web', address));
    for (const one of others) await adds(one);
    expect(house.sent.filter(({ address }) => address === NUMBER)).toHaveLength(3);
  });

  test('nothing reaches who has opted out, and nothing tells so', async () => {
    const phone = house.person('sms', NUMBER);
    await phone.says('STOP', { event: { kind: 'message', text: 'STOP', consent: { word: 'stop', answered: false } } });
    await phone.hears('opted out');
    const she = house.person('web', 'ann');
    await adds(she);
    expect(await sentCode()).toBeUndefined();
  });
});
