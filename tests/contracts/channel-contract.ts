import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Channel, Message, Part, PlanContext, SendError } from '../../src/channel.ts';
import type { Bubble } from '../../src/simulator.ts';
import { Line } from './line.ts';
import { anyMessage, marks, picturesOf } from './messages.ts';

/** What every channel's `plan` promises, whatever is said. */
export function describePlan(kind: string, load: () => Promise<{ channel: Channel; settings: unknown }>): void {
  describe(`${kind} plans`, () => {
    let channel: Channel;
    let context: PlanContext;
    beforeAll(async () => {
      const { channel: loaded, settings } = await load();
      channel = loaded;
      context = { locale: 'en', settings, publicUrl: 'https://bot.example' };
    });

    test('any message without losing a word of it, and the same way each time', () => {
      fc.assert(
        fc.property(anyMessage(), fc.constantFrom('en', 'zh-CN'), fc.boolean(), (message, locale, reached) => {
          const { publicUrl: _, ...unreached } = context;
          const within = { ...(reached ? context : unreached), locale };
          const parts = channel.plan([frozen(message)], within);
          expect(parts.length).toBeGreaterThan(0);
          // JSON: it is kept on disk before it is sent.
          expect(JSON.parse(JSON.stringify(parts))).toEqual(parts);
          expect(channel.plan([message], within)).toEqual(parts);
          const said = leavesOf(parts).join('\n');
          expect(marks(message).filter((word) => !said.includes(word))).toEqual([]);
          for (const { url, alt } of picturesOf(message)) expect(said.includes(url) || said.includes(alt)).toBe(true);
          expect(isNumbered(message, said) || parts.some((part) => isNative(message, part))).toBe(true);
        }),
        { numRuns: 150 },
      );
    });

    test('a form where the app has forms, and the question as ever where it has none', () => {
      const question: Message = { text: 'w1w', choices: [{ token: '1z.0', label: 'w2w' }] };
      const fields = [{ name: 'name', label: 'w4w', kind: 'text' as const }];
      const parts = channel.plan(
        [{ ...question, form: { token: 'form1', title: 'w3w', submit: 'w5w', fields } }],
        context,
      );
      if (channel.can.form === undefined) expect(parts).toEqual(channel.plan([question], context));
      // In the message itself, or behind a button that opens it: by its title she knows it.
      else expect(leavesOf(parts).join('\n')).toContain('w3w');
    });

    test('all that a turn says in order', () => {
      const messages = ['w1w', 'w2w', 'w3w'].map((text) => ({ text }));
      const said = leavesOf(channel.plan(messages, context)).join('\n');
      expect(said.match(/w\dw/g)).toEqual(expect.arrayContaining(['w1w', 'w2w', 'w3w']));
      expect(said.indexOf('w1w')).toBeLessThan(said.indexOf('w2w'));
      expect(said.indexOf('w2w')).toBeLessThan(said.indexOf('w3w'));
    });
  });
}

/** What every channel promises whose platform carries our words, proved on its stand-in: who is accepted there by the vendor's SDK. */
export function describeLine(kind: string): void {
  describe(`${kind} carries`, () => {
    let line: Line;
    beforeAll(async () => {
      line = await Line.open(kind);
    }, 30_000);
    afterAll(() => line.close(), 30_000);

    test('any message within its platform’s limits: nothing of it is refused, and every word is on the screen', async () => {
      await fc.assert(
        fc.asyncProperty(anyMessage(), async (message) => {
          const before = line.phone.screen.length;
          await line.say(message);
          const shown = line.phone.screen.slice(before).map(everythingOn).join('\n');
          expect(marks(message).filter((word) => !shown.includes(word))).toEqual([]);
        }),
        { numRuns: 25 },
      );
    }, 60_000);

    test.each([
      ['few', ['Yes', 'No']],
      ['many', Array.from({ length: 12 }, (_, index) => `Size ${index + 30}`)],
      [
        'long',
        ['The first one, which has rather a lot to say for itself', 'The second one, which says even more than that'],
      ],
      ['Chinese', ['商品损坏', '发错商品', '与描述不符', '不想要了']],
    ])(
      'choices (%s) so that each can be taken: by a tap where there is something to tap, else by its number',
      async (_, labels) => {
        const choices = labels.map((label, index) => ({ token: `2a.${index.toString(36)}`, label }));
        for (const [index, { token, label }] of choices.entries()) {
          const before = line.phone.screen.length;
          await line.say({ text: 'Which one?', choices });
          const shown = line.phone.screen.slice(before);
          const way = wayTo(shown, label, index);
          if (way === 'number') expect(shown.map(everythingOn).join('\n')).toContain(`${index + 1}. ${label}`);
          else expect((await line.taps(...way)).event).toEqual(expect.objectContaining({ kind: 'choice', token }));
        }
      },
      60_000,
    );

    test.each([
      '2',
      '２',
      '二',
      '2.',
      'option 2',
      'No. 2',
      '第二个',
      '第2个',
      '2️⃣',
      'Grass green',
      'grass',
      '草绿',
      '草',
    ])(
      'an answer in her own words as she wrote it, so that one place understands it for all: “%s”',
      async (words) => expect((await line.writes(words)).event).toEqual({ kind: 'message', text: words }),
      30_000,
    );

    test('what goes wrong, called by its name', async () => {
      for (const fault of line.opened.simulator.faults) {
        const expected = FAULTS[fault];
        expect([fault, expected]).not.toEqual([fault, undefined]);
        if (expected === 'not here') continue;
        await line.say({ text: `before ${fault}` });
        line.opened.simulator.fail(fault);
        expect([fault, await outcomeOf(line, `during ${fault}`)]).toEqual([fault, expected]);
      }
    }, 60_000);

    test('a part once, however often it is sent under its key, where it says so', async () => {
      const [part] = line.plan([{ text: 'only once' }]);
      await line.writes('go on');
      if (part === undefined) throw new Error('Nothing was planned.');
      await line.send(part, 'the.same.key');
      if (line.channel.can.idempotent) await line.send(part, 'the.same.key');
      expect(line.phone.screen.filter((bubble) => everythingOn(bubble).includes('only once'))).toHaveLength(1);
    });
  });
}

/** Offered in words, every answer has its number. */
function isNumbered({ choices = [] }: Message, said: string): boolean {
  return choices.every((_, index) => new RegExp(`(^|[^\\d])${index + 1}[.、] `).test(said));
}

/** Offered by buttons, by links, in a list, every answer brings its token. */
function isNative({ choices = [] }: Message, part: Part): boolean {
  const raw = JSON.stringify(part);
  return choices.every(({ token }) => raw.includes(token));
}

/** What a fault of the playground's menu does to the next thing that we say. */
const FAULTS: Readonly<Record<string, SendError['kind'] | 'arrives' | 'not here'>> = {
  flood: 'rate_limited',
  error: 'retryable',
  busy: 'retryable',
  drop: 'unknown',
  cut: 'unknown',
  token_expired: 'auth',
  quota: 'quota_exhausted',
  // Mended by the channel itself: a new token, the same choices as links.
  token: 'arrives',
  expired: 'arrives',
  expire: 'arrives',
  uncertified: 'arrives',
  // Of what she does, or of what becomes of it later: proved where the doors and the reports are.
  duplicate: 'not here',
  escaped: 'not here',
  reconnect: 'not here',
  lost: 'not here',
  rotate: 'not here',
  block: 'not here',
  uninstall: 'not here',
  human: 'not here',
  refuse: 'not here',
  off: 'not here',
};

async function outcomeOf(line: Line, text: string): Promise<SendError['kind'] | 'arrives'> {
  const [part] = line.plan([{ text }]);
  try {
    await line.send(part ?? {});
    return 'arrives';
  } catch (error) {
    return line.channel.classify?.(error).kind ?? 'unknown';
  }
}

type Tap = Parameters<Line['taps']>;

/** How a person takes it who sees these bubbles. */
function wayTo(bubbles: readonly Bubble[], label: string, index: number): Tap | 'number' {
  for (const bubble of bubbles.filter(({ from }) => from === 'bot').toReversed()) {
    const buttons = [...(bubble.buttons ?? []).flat(), ...(bubble.cards ?? []).flatMap((card) => card.buttons ?? [])];
    const button = buttons.find((each) => each.label === label || each.label === String(index + 1));
    if (button !== undefined) return [bubble.id, button.id];
    for (const { id, fields = [] } of buttons)
      for (const { name, options = [] } of fields) {
        const option = options.find((each) => each.label === label);
        if (option !== undefined) return [bubble.id, id, { [name]: option.value }];
      }
  }
  return 'number';
}

/** All that can be read, looked at or tapped. */
function everythingOn(bubble: Bubble): string {
  return leavesOf([bubble]).join('\n');
}

/** Every text in it, as it is read: without markup of theirs. */
function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value.replaceAll(/<\/?(?:b|i|code|a)(?: [^>]*)?>/g, '')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
