import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from '#channel';
import { inText } from '../../../channels/wechat/menu.ts';
import { ServicePart } from '../../../channels/wechat/part.ts';
import { plan, TEXT_LIMIT } from '../../../channels/wechat/plan.ts';
import { entriesOf, wordsOf } from '../../../channels/wechat/simulator/chat.ts';
import { account } from './account.ts';

const settings = account();
const PUBLIC = 'https://bot.example';

function planned(messages: Message | readonly Message[], more: object = {}): ServicePart[] {
  const context = { locale: 'en', settings, publicUrl: PUBLIC, ...more };
  return plan([messages].flat(), context).map((part) => ServicePart.parse(part));
}

const choices = (...labels: string[]) => labels.map((label, index) => ({ token: `o1.${index}`, label }));
const card = (name: string, more: object = {}) => ({
  title: name,
  text: 'A **good** one',
  fields: [{ name: 'Price', value: '€12.50' }],
  ...more,
});
const picture = (name: string) => ({ url: `https://shop.example/${name}.jpg`, alt: name });
const open = { title: 'Open', url: 'https://shop.example/mug' };

/** What is read of a part, menus and links too. */
function read(part: ServicePart): string {
  const text = part.msgtype === 'text' ? part.text.content : '';
  if (part.msgtype === 'msgmenu')
    return wordsOf({ id: '', from: 'account', at: 0, text: part.msgmenu.head_content, menu: part.msgmenu.list });
  return wordsOf({ id: '', from: 'account', at: 0, text });
}

/** One of each element of a message, as WeChat gets it: looked at by eye when it changes. */
const ELEMENTS: Readonly<Record<string, Message>> = {
  text: { text: 'Order AB123457 is with DHL.' },
  markdown: {
    text: '**Bold**, *italic*, `code <b>`, [a link](https://shop.example/?a=1&b="2")\n- one\n- two\n1 < 2 & 3',
  },
  choices: { text: 'Which order is it?', choices: choices('AB123456', 'AB123457') },
  'several choices at once': { text: 'Which articles?', choices: choices('Mug × 2', 'Lamp × 1'), multiple: true },
  'more choices than a menu takes': {
    text: 'Which one?',
    choices: choices(...Array.from({ length: 12 }, (_, at) => `Bill ${at + 1}`)),
  },
  'nothing but choices': { text: '', choices: choices('Yes', 'No') },
  links: { text: 'It is on its way.', links: [{ title: 'Track it', url: 'https://dhl.example/PX1' }] },
  'a link of ours': { text: 'Done.', links: [{ title: 'Label', url: '/files/1' }] },
  'image of ours': {
    text: 'This one?',
    image: { url: '/files/mug.jpg', alt: 'Your mug' },
    choices: choices('Yes', 'No'),
  },
  'image of others': { text: 'This one?', image: picture('mug') },
  'image that WeChat cannot show': { text: 'This one?', image: { url: '/files/mug.svg', alt: 'Your mug' } },
  'card with an address': { text: 'Your order:', card: card('Mug', { links: [open] }) },
  'card with a picture': { text: 'Your order:', card: card('Mug', { image: picture('mug'), links: [open] }) },
  'card with several addresses': {
    text: 'Your order:',
    card: card('Mug', { links: [open, { ...open, title: 'Again' }] }),
  },
  'card of words': { text: 'Your order:', card: card('Mug') },
  carousel: {
    text: 'Which one?',
    carousel: [card('Mug', { image: picture('mug'), links: [open] }), card('Lamp')],
    choices: choices('Mug', 'Lamp'),
  },
  file: { text: 'Here is your bill.', file: { url: 'https://shop.example/b/1.pdf', name: 'bill.pdf' } },
  'a date': { text: 'When?', input: 'date' },
};

describe('a message in WeChat', () => {
  test.each(Object.entries(ELEMENTS))('%s', (_, message) => {
    expect(planned(message)).toMatchSnapshot();
  });

  test.each(Object.entries(ELEMENTS))('to an account without menus: %s', (_, message) => {
    expect(planned(message, { settings: account({ menus: 'links' }) }).map(read)).toMatchSnapshot();
  });

  test('speaks of numbers in the customer’s language', () => {
    const message: Message = { text: '要退哪些商品？', choices: choices('杯子', '台灯'), multiple: true };
    expect(planned(message, { locale: 'zh' }).map(read)).toEqual([
      '要退哪些商品？\n\n1. 杯子\n2. 台灯\n可多选，请回复编号，如 1、3。',
    ]);
    expect(planned(message, { settings: account({ menus: 'numbers' }) })[0]?.msgtype).toBe('text');
    expect(planned({ text: '', choices: choices('是') }, { locale: 'zh' }).map(read)).toEqual(['请选择：\n是']);
  });

  test('says what it shows where nobody can reach us', () => {
    const message: Message = { text: 'This one?', image: { url: '/files/1', alt: 'Your mug' } };
    expect(planned(message, { publicUrl: undefined }).map(read)).toEqual(['This one?\n\n[Your mug]']);
  });

  test('keeps a card in words whose address nobody can reach, and an article free of markup', () => {
    const far = card('Mug', { image: picture('mug'), links: [{ title: 'Label', url: '/files/1' }] });
    expect(planned({ text: '', card: far }, { publicUrl: undefined }).map(read)).toEqual([
      'Mug\nA good one\nPrice: €12.50\nmug\nLabel: /files/1',
    ]);
    const [article] = planned({ text: '', card: card('Mug', { text: '[See](https://a.example/)', links: [open] }) });
    expect(JSON.stringify(article)).not.toContain('<a');
  });

  test('lets nobody’s words become a link', () => {
    const said = '<a href="https://evil.example">bank</a> <A\nHREF=x> </a>';
    for (const [part] of [planned({ text: said }), planned({ text: '', card: card(said) })])
      expect(JSON.stringify(part)).not.toMatch(/<\s*\/?a\b/i);
    const [menu] = planned({ text: '?', choices: choices(said, 'b" & c') }, { settings: account({ menus: 'links' }) });
    const shown = { id: '', from: 'account', at: 0, text: menu?.msgtype === 'text' ? menu.text.content : '' } as const;
    expect(entriesOf(shown)).toEqual([
      { id: 'p.o1.0', content: said },
      { id: 'p.o1.1', content: 'b" & c' },
    ]);
    expect(shown.text.match(/<a /g)).toHaveLength(2);
  });
});

describe('a turn that says several things', () => {
  const turn: readonly Message[] = [
    { text: 'You talk to an automated assistant.' },
    { text: 'Order AB123457 is with DHL.', links: [{ title: 'Track it', url: 'https://dhl.example/PX1' }] },
    { text: 'Anything else?', choices: choices('Return something', 'No') },
  ];

  test('is one message where it can be', () => {
    expect(planned(turn).map(read)).toEqual([
      'You talk to an automated assistant.\n\nOrder AB123457 is with DHL.\n\nTrack it\n\nAnything else?\nReturn something\nNo',
    ]);
  });

  test('keeps pictures and cards in their place as long as there are messages for them', () => {
    const withCard = [turn[0]!, { text: 'This:', card: card('Mug', { links: [open] }) }, turn[2]!];
    expect(planned(withCard).map(({ msgtype }) => msgtype)).toEqual(['text', 'news', 'msgmenu']);
    expect(planned(withCard, { remaining: 5 }).map(({ msgtype }) => msgtype)).toEqual(['text', 'news', 'msgmenu']);
  });

  test.each([1, 2, 3])(
    'is in words when only %i messages are left, and leaves the last one for a colleague',
    (remaining) => {
      const withCards = [turn[0]!, { text: 'This:', card: card('Mug', { links: [open] }) }, turn[2]!];
      const parts = planned(withCards, { remaining });
      expect(parts.map(({ msgtype }) => msgtype)).toEqual(['msgmenu']);
      expect(parts.map(read).join()).toContain('Mug\nA good one\nPrice: €12.50\nOpen');
    },
  );

  test('offers only the choices that are open: older ones are words', () => {
    const [part] = planned([{ text: 'Which?', choices: choices('Old') }, turn[2]!]);
    expect(part?.msgtype === 'msgmenu' ? part.msgmenu.list.map(({ content }) => content) : []).toEqual([
      'Return something',
      'No',
    ]);
    expect(read(part!)).toContain('• Old');
  });
});

describe('a long text', () => {
  const sizeOf = (part: ServicePart) =>
    Buffer.byteLength(
      part.msgtype === 'msgmenu' ? inText(part.msgmenu) : part.msgtype === 'text' ? part.text.content : '',
    );
  const words = fc.array(
    fc.constantFrom('order ', '订单。', '\n\n', 'é', '👨‍👩‍👧‍👦', '[x](https://a.example/b) ', '<a ', '&'),
    {
      maxLength: 900,
    },
  );

  test('is cut into messages that WeChat takes, and nothing of it is lost', () => {
    const squeezed = (text: string) => text.replaceAll(/\s/g, '');
    fc.assert(
      fc.property(words, fc.boolean(), (pieces, asks) => {
        const message = { text: pieces.join(''), ...(asks ? { choices: choices('Yes', 'No') } : {}) };
        const parts = planned(message);
        for (const part of parts) expect(sizeOf(part)).toBeLessThanOrEqual(TEXT_LIMIT);
        const said = squeezed(parts.map(read).join(''));
        const meant = squeezed(message.text.replaceAll(/\[x\]\(.*?\)/g, 'x').replaceAll('<a', '＜a'));
        if (!asks) expect(said).toBe(meant);
        else expect(said.startsWith(meant.slice(0, 40))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('is cut at a sentence, and never inside a link', () => {
    const sentence = `${'好'.repeat(200)}。`;
    const parts = planned({ text: sentence.repeat(5) });
    expect(parts.map(read).every((text) => text.endsWith('。'))).toBe(true);
    const link = `[${'x'.repeat(50)}](https://a.example/${'y'.repeat(300)})`;
    for (const part of planned({ text: `${'z'.repeat(1_900)} ${link} ${link}` }))
      expect(JSON.stringify(part).match(/<a /g)?.length ?? 0).toBe(JSON.stringify(part).match(/<\/a>/g)?.length ?? 0);
  });

  test('whose menu does not fit beside it has the menu by itself', () => {
    const parts = planned({ text: '好'.repeat(660), choices: choices('是', '否') }, { locale: 'zh' });
    expect(parts.map(({ msgtype }) => msgtype)).toEqual(['text', 'msgmenu']);
    expect(read(parts[1]!)).toBe('请选择：\n是\n否');
  });

  test('of choices that are longer than a message is answered by numbers', () => {
    const parts = planned({
      text: '?',
      choices: choices(...Array.from({ length: 9 }, (_, at) => `${at}${'好'.repeat(60)}`)),
    });
    expect(parts.map(({ msgtype }) => msgtype)).toEqual(['text']);
    expect(read(parts[0]!)).toContain('Reply with a number.');
  });
});

describe('a closed window', () => {
  const templates = {
    delivered: {
      id: 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
      data: { character_string1: 'Order', thing2: 'text' },
    },
  };
  const context = { locale: 'zh', settings: account({ templates }), template: true as const };
  const message: Message = {
    text: '**已送达**，[查看](https://shop.example/o/1)',
    template: 'delivered',
    card: { title: '订单', fields: [{ name: 'Order', value: 'AB123457' }], links: [open] },
  };

  test('is spoken through by a template, filled as the operator wants it', () => {
    expect(plan([message], context)).toEqual([
      {
        template_id: templates.delivered.id,
        data: { character_string1: { value: 'AB123457' }, thing2: { value: '已送达，查看' } },
        url: open.url,
      },
    ]);
  });

  test('names the template that nobody has set up', () => {
    expect(() => plan([{ ...message, template: 'unknown' }], context)).toThrow(
      expect.objectContaining({ code: 'wechat.unknown_template', message: expect.stringContaining('unknown') }),
    );
  });
});
