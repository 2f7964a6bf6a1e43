import { afterEach, describe, expect, test } from '@jest/globals';
import type { StoredEntry } from '../../src/store/store.ts';
import { until } from '../journeys/process.ts';
import { mulberry } from './chance.ts';
import { type Doom, Lives } from './life.ts';
import { PLATFORMS, type Platform } from './platforms.ts';

/** Kills of each bot at random, by `npm run crash`. */
const ROUNDS = Math.ceil(Number(process.env.CRASH_ROUNDS ?? 0) / 25);
const TWICE = ['uno1a', 'uno1b', 'dos2a', 'dos2b'];
const SEED = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));

let lives: Lives;
afterEach(() => lives.clean());

describe.each(PLATFORMS)('a bot on $name that is killed', (platform) => {
  const { taken, merges, passive } = platform;

  test('between commit and answer is brought the word again, and takes one turn', async () => {
    lives = await Lives.with(platform);
    await lives.begin({ point: 'accepted' });
    const word = passive ? 'again' : 'uno';
    lives.stand.say(word);
    await lives.stands();
    // Where it can be, she is answered meanwhile, though the platform that brought her word is not.
    if (!passive) await lives.hears('uno1b');
    if (!passive && taken !== 'fetched') await lives.reaches('settled', merges ? 1 : 2);
    await lives.kill();
    await lives.begin();
    lives.stand.say('dos');
    expect(await lives.ends('dos2b')).toEqual([`${word}1a`, `${word}1b`, 'dos2a', 'dos2b']);
    expect(wordsOf(await lives.end())).toEqual([word, 'dos']);
  }, 30_000);

  if (taken === 'fetched')
    test('while she reads goes on where she is', async () => {
      lives = await Lives.with(platform);
      await lives.begin();
      lives.stand.say('uno');
      await lives.hears('uno1a');
      await lives.kill();
      await lives.begin();
      lives.stand.say('dos');
      expect(await lives.ends('dos2b')).toEqual(['uno1a', 'uno1b', 'dos2a', 'dos2b']);
    }, 30_000);
  else {
    test('between sending and recording says nothing twice, and goes on in order', async () => {
      expect(await interrupted(platform, 'uno')).toEqual(['uno1a', 'uno1b', 'dos2a', 'dos2b']);
      const [, first] = await lives.end();
      const status = { repeated: 'sent', unknown: 'unknown', reported: 'delivered' }[taken];
      expect(first).toMatchObject({ from: 'bot', status });
    }, 30_000);

    if (taken !== 'repeated')
      test('says again what may be said twice', async () => {
        const again = merges ? ['again1a', 'again1b', 'again1a', 'again1b'] : ['again1a', 'again1a', 'again1b'];
        expect(await interrupted(platform, 'again')).toEqual([...again, 'dos2a', 'dos2b']);
      }, 30_000);
  }

  if (ROUNDS > 0)
    test(
      `${ROUNDS} times at random points loses nothing and keeps the order (CRASH_SEED=${SEED})`,
      () => soak(platform, mulberry(SEED)),
      ROUNDS * 60_000 + 60_000,
    );
});

/**
 * What a fault changes, seen from outside: a fault that is not seen here would not be seen above either. On every channel by
 * `npm run crash`, and on the first one otherwise.
 */
describe.each(ROUNDS > 0 ? PLATFORMS : PLATFORMS.slice(0, 1))('a bot on $name with a fault', (platform) => {
  const { taken } = platform;
  const isSent = taken !== 'fetched';

  // A chat of our own is answered with what is on disk: there is nothing to answer with before.
  if (isSent)
    test('that answers before the word is on disk loses it, where a sound one does not', async () => {
      expect(await killedOnceAnswered(platform)).toEqual(['uno', 'dos']);
      await lives.clean();
      expect(await killedOnceAnswered(platform, { bug: 'ack-early' })).toEqual(['dos']);
    }, 60_000);

  test('that knows no word again takes two turns for one', async () => {
    expect((await broughtAgain(platform, { bug: 'no-dedupe' })).toSorted()).toEqual(['dos', 'uno', 'uno']);
  }, 30_000);

  if (isSent)
    test('that does not record what it has sent does not know of it afterwards', async () => {
      const known = taken === 'reported' ? 'delivered' : 'sent';
      expect(await knownAfterwards(platform)).toEqual([known, known]);
      await lives.clean();
      expect(await knownAfterwards(platform, { bug: 'no-record' })).not.toEqual([known, known]);
    }, 60_000);

  if (taken === 'repeated')
    test('that sends again under another key says it twice', async () => {
      expect(await interrupted(platform, 'uno', { bug: 'fresh-key' })).toEqual(expect.arrayContaining(TWICE));
      expect(lives.heard.length).toBeGreaterThan(4);
    }, 30_000);

  if (taken === 'unknown' || taken === 'reported') {
    test('that forgets to mark what it begins to send says it twice', async () => {
      const heard = await interrupted(platform, 'uno', { bug: 'no-mark' });
      expect(heard.filter((word) => word === 'uno1a')).toHaveLength(2);
    }, 30_000);

    test('that takes what it found begun for sent is wrong about it', async () => {
      await interrupted(platform, 'again', { bug: 'sure' });
      expect(lives.heard.filter((word) => word === 'again1a')).toHaveLength(1);
      expect((await lives.end())[1]).toMatchObject({
        from: 'bot',
        status: taken === 'reported' ? 'delivered' : 'sent',
      });
    }, 30_000);
  }
});

/** Killed when the platform has been told that her word was taken; what stands in the transcript of her afterwards. */
async function killedOnceAnswered(platform: Platform, fault: Pick<Doom, 'bug'> = {}): Promise<readonly string[]> {
  lives = await Lives.with(platform);
  await lives.begin({ point: 'none', ...fault });
  lives.stand.say('uno');
  await lives.stand.settled();
  // Who fetches on being nudged has fetched by then.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await lives.kill();
  return goesOn();
}

/** Killed between commit and answer, and brought the word again by a bot that has the fault. */
async function broughtAgain(platform: Platform, fault: Pick<Doom, 'bug'> = {}): Promise<readonly string[]> {
  lives = await Lives.with(platform);
  await lives.begin({ point: 'accepted', ...fault });
  lives.stand.say('uno');
  await lives.stands();
  await lives.kill();
  await lives.begin({ point: 'none', ...fault });
  return goesOn(false);
}

/** What she says next is answered; what stands in the transcript of her then. */
async function goesOn(anew = true): Promise<readonly string[]> {
  if (anew) await lives.begin();
  lives.stand.say('dos');
  await until(
    () => lives.heard.some((word) => /^dos.b$/.test(word)),
    () => `an answer to dos; heard ${lives.heard}`,
  );
  await lives.stand.settled();
  return wordsOf(await lives.end());
}

/** She has heard all of it, and the bot is killed; what the next one thinks became of it. */
async function knownAfterwards(platform: Platform, fault: Pick<Doom, 'bug'> = {}): Promise<readonly string[]> {
  lives = await Lives.with(platform);
  await lives.begin({ point: 'none', ...fault });
  lives.stand.say('uno');
  await lives.hears('uno1b');
  await lives.reaches('settled', platform.merges ? 1 : 2);
  await lives.stand.settled();
  await lives.kill();
  await lives.begin({ point: 'none', ...fault });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const answers = (await lives.end()).filter(({ from }) => from === 'bot');
  return answers.map(({ status }) => status);
}

/** Killed when the platform has taken the first answer to `word`, which nobody recorded; another word waits behind it. */
async function interrupted(
  platform: Platform,
  word: string,
  fault: Pick<Doom, 'bug'> = {},
): Promise<readonly string[]> {
  lives = await Lives.with(platform);
  await lives.begin({ point: 'sent', ...fault });
  lives.stand.say(word);
  await lives.stands();
  lives.stand.say('dos');
  await lives.reaches('accepted', 2);
  await lives.kill();
  await lives.begin({ point: 'none', ...fault });
  return lives.ends('dos2b');
}

/** She writes on while the bot is killed wherever it happens to be, and then it comes to rest. */
async function soak(platform: Platform, random: () => number): Promise<void> {
  lives = await Lives.with(platform);
  const points = platform.taken === 'fetched' ? ['accepted'] : ['accepted', 'begun', 'sent', 'settled'];
  const said: string[] = [];
  const write = () => {
    // Each word is one of a kind, and of letters only, since the count follows it.
    said.push(
      (random() < 0.3 ? 'again' : 'uno') +
        String.fromCharCode(...[...String(said.length)].map((digit) => 97 + Number(digit))),
    );
    lives.stand.say(said.at(-1) ?? '');
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const point = points[Math.floor(random() * points.length)] as Doom['point'];
    await lives.begin({ point, nth: 1 + Math.floor(random() * 3) });
    write();
    write();
    await Promise.race([lives.stands(), new Promise((resolve) => setTimeout(resolve, 3_000 * random()))]);
    await lives.kill();
  }
  await lives.begin();
  // What is tried again may be overtaken by what is new.
  await lives.stand.settled();
  lives.stand.say('fin');
  const heard = await lives.ends(`fin${said.length + 1}b`);
  const entries = await lives.end();
  expect(wordsOf(entries).toSorted()).toEqual([...said, 'fin'].toSorted());
  expect(mistakes(platform, entries, heard)).toEqual([]);
}

/** What she should have heard otherwise, by what the transcript says. */
function mistakes({ taken, merges }: Platform, entries: readonly StoredEntry[], heard: readonly string[]): string[] {
  const answers = entries.filter(({ from }) => from === 'bot');
  const wrong: string[] = [];
  for (const { message, status } of answers) {
    const times = heard.filter((text) => text === message.text).length;
    const once = taken === 'repeated' || taken === 'fetched' || !message.text.startsWith('again');
    if (once && times > 1) wrong.push(`${message.text} was heard ${times} times`);
    if (times === 0 && status !== 'unknown') wrong.push(`${message.text} was never heard, and is ${status}`);
  }
  const firsts = [...new Set(heard)];
  const order = answers.map(({ message }) => message.text).filter((text) => firsts.includes(text));
  if (!merges && firsts.join() !== order.join()) wrong.push(`heard ${firsts}, said ${order}`);
  return wrong;
}

/** What the transcript has of her. */
function wordsOf(entries: readonly StoredEntry[]): readonly string[] {
  return entries.filter(({ from }) => from === 'customer').map(({ message }) => message.text);
}
