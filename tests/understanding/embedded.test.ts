import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Command, Context } from '../../src/understanding/understanding.ts';
import { asked, idle, lamp, lines, mug, orderId, reason, understanding } from './shop.ts';

/** A command in one line, so that tables stay readable: `start returns`, `set reason "damaged"`. */
function told(commands: readonly Command[]): string {
  return commands
    .map((command) => {
      switch (command.do) {
        case 'start':
          return `start ${command.flow}`;
        case 'clarify':
          return `clarify ${command.flows.join(' ')}`;
        case 'set':
        case 'correct':
          return `${command.do} ${command.slot}${command.value === undefined ? '' : ` ${JSON.stringify(command.value)}`}`;
        case 'chitchat':
          return `chitchat ${command.topic}`;
        case 'language':
          return `language ${command.locale}`;
        default:
          return command.do;
      }
    })
    .join(', ');
}

function table(context: Context, rows: readonly (readonly [said: string, commands: string])[]): void {
  test.each(rows)('%s → %s', (said, commands) => {
    expect(told(understanding.understand(said, context))).toBe(commands);
  });
}

describe('with nothing asked', () => {
  table(idle, [
    ['where is my order?', 'start order_status'],
    ['Where is my ordr', 'start order_status'],
    ['ｗhere ｉs my ｏrder', 'start order_status'],
    ['wh\u200bere is my \u202eorder', 'start order_status'],
    ['whеrе is my оrdеr', 'start order_status'],
    ['my parcel has not arrived yet', 'start order_status'],
    ['could you please track my parcel, thanks', 'start order_status'],
    ['where is order AB123456', 'start order_status, set order_id "AB123456"'],
    ['订单ab123456到哪了', 'start order_status, set order_id "AB123456"'],
    ['查一下我的快递到哪了', 'start order_status'],
    ['我的訂單到哪了', 'start order_status'],
    [
      'I want to return my order ab-123456, it arrived damaged',
      'start returns, set order_id "AB123456", set reason "damaged"',
    ],
    ['退货可以吗', 'start returns'],
    ['我要退货', 'start returns'],
    ['my bill is wrong', 'start billing_dispute'],
    ['账单好像不对', 'start billing_dispute'],
    ['hello', 'chitchat greeting'],
    ['你好', 'chitchat greeting'],
    ['thanks a lot!', 'chitchat thanks'],
    ['谢谢', 'chitchat thanks'],
    ['bye', 'chitchat bye'],
    ['are you a bot?', 'chitchat are_you_a_bot'],
    ['你是机器人吗', 'chitchat are_you_a_bot'],
    ['who are you', 'chitchat who_are_you'],
    ['never mind', 'chitchat acknowledge'],
    ['human', 'human'],
    ['Can I talk to an agent please?', 'human'],
    ['I would rather speak with a real person about this', 'human'],
    ['转人工', 'human'],
    ['轉人工客服', 'human'],
    ['帮我转接一下人工客服谢谢', 'human'],
    ['the agent said it was fine', ''],
    ['STOP', 'stop'],
    ['unsubcribe', 'stop'],
    ['退订', 'stop'],
    ['please stop sending me these messages', 'stop'],
    ['不要再给我发短信了', 'stop'],
    ['do not text me again', 'stop'],
    ['中文', 'language zh'],
    ['Can we speak English?', 'language en'],
    ['说中文', 'language zh'],
    ['what are your opening hours?', 'ask'],
    ['你们几点开门', 'ask'],
    ['order status', 'start order_status'],
    ['thank you, bye', 'chitchat bye'],
    ['asdf qwer', ''],
    ['cancel', ''],
    ['', ''],
    ['   ', ''],
  ]);
});

describe('while the reason is asked', () => {
  table(asked(reason, { known: [orderId] }), [
    ['damaged', 'set reason "damaged"'],
    ['it arrived broken and damaged', 'set reason "damaged"'],
    ['商品损坏', 'set reason "damaged"'],
    ['2', 'set reason "wrong_item"'],
    ['２', 'set reason "wrong_item"'],
    ['the second one', 'set reason "wrong_item"'],
    ['第二个', 'set reason "wrong_item"'],
    ['changed my mind', 'set reason "changed_mind"'],
    ['not damaged, the wrong item', 'set reason "wrong_item"'],
    ['不是损坏，是发错了', 'set reason "wrong_item"'],
    ['wrong size', 'set reason "wrong_item"'],
    ['cancel', 'cancel'],
    ['never mind', 'cancel'],
    ['算了', 'cancel'],
    ['skip', 'skip'],
    ['what?', 'repeat'],
    ['human please', 'human'],
    ['stop', 'stop'],
    ['ok', 'chitchat acknowledge'],
    ['where is my other order?', 'start order_status'],
    ['track my parcel?', 'start order_status'],
    ['why that?', 'ask'],
    ['how long does a refund take?', 'ask'],
    ['退款要多久？', 'ask'],
    ['actually AB999999', 'correct order_id "AB999999"'],
    ['no, I meant AB999999', 'correct order_id "AB999999"'],
    ['不对，是AB999999', 'correct order_id "AB999999"'],
    ['hmpf', ''],
  ]);
});

describe('while the order number is asked', () => {
  table(asked(orderId), [
    ['AB123456', 'set order_id "AB123456"'],
    ['my order is ab 123456', 'set order_id "AB123456"'],
    ['I want to return order AB123456', 'set order_id "AB123456"'],
    ['not AB123456 but AB654321', 'set order_id "AB654321"'],
    ['AB123456 or AB654321', ''],
    ['12345', ''],
    ['where do I find it?', 'ask'],
    ['为什么', 'ask'],
    ['I do not have one', 'skip'],
    ['talk to an agent', 'human'],
  ]);
});

describe('while consent is asked', () => {
  table(asked({ name: 'go', type: { kind: 'boolean' } }, { confirm: true, known: [orderId, reason, lines] }), [
    ['yes', 'set go true'],
    ['好的，谢谢', 'set go true'],
    ['👍🏽', 'set go true'],
    ['sure, go ahead', 'set go true'],
    ['no', 'set go false'],
    ['不用了', 'set go false'],
    ['not sure', ''],
    ['yes but when do I get the money', 'ask'],
    ['yes, where is my refund?', 'ask'],
    ['no, where is my order', 'start order_status'],
    ['no, I meant the lamp', `correct lines ${JSON.stringify([lamp])}`],
    ['make it 2 mugs', `correct lines ${JSON.stringify([{ ...mug, qty: 2 }])}`],
    ['改成杯子', `correct lines ${JSON.stringify([mug])}`],
    ['change the reason to damaged', 'correct reason "damaged"'],
    ['change the reason', 'correct reason'],
    ['cancel', 'cancel'],
  ]);
});

describe('while a note is asked', () => {
  table(asked({ name: 'note', type: { kind: 'text' } }, { optional: true, known: [orderId, lines] }), [
    ['wrong charge', 'set note "wrong charge"'],
    ['please cancel the second one, I never ordered it', 'set note "please cancel the second one, I never ordered it"'],
    [
      'The agent told me it would be refunded but nothing happened',
      'set note "The agent told me it would be refunded but nothing happened"',
    ],
    ['actually the lamp broke', 'set note "actually the lamp broke"'],
    ['where is my other order?', 'start order_status'],
    ['no', 'skip'],
    ['nothing to add', 'skip'],
    ['没有', 'skip'],
    ['talk to an agent', 'human'],
    ['cancel', 'cancel'],
  ]);
});

describe('whatever is said', () => {
  const contexts: readonly Context[] = [
    idle,
    asked(reason, { known: [orderId, lines] }),
    asked(orderId),
    asked(lines, { known: [reason] }),
    asked({ name: 'note', type: { kind: 'text' } }),
    ...(
      [
        'money',
        'date',
        'datetime',
        'duration',
        'phone',
        'email',
        'url',
        'integer',
        'number',
        'boolean',
        'string',
        'file',
        'any',
      ] as const
    ).map((kind) => asked({ name: 'slot', type: { kind } }, { known: [orderId, lines] })),
  ];
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'AB123456',
      ' not ',
      '不是',
      '2',
      '第二',
      '€40',
      '@',
      'a@b.cn',
      '\u202e',
      '👍🏽',
      'ﷺ',
      '三十',
      ' tomorrow ',
      '/',
      '-',
      'yes',
    ),
  );

  test('nothing is thrown, and every span lies inside the utterance', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom(...contexts), (pieces, context) => {
        const text = pieces.join('');
        for (const command of understanding.understand(text, context)) {
          if (!('span' in command) || command.span === undefined) continue;
          expect(command.span.from).toBeGreaterThanOrEqual(0);
          expect(command.span.to).toBeGreaterThanOrEqual(command.span.from);
          expect(command.span.to).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1_500, seed: 20261121 },
    );
  });

  test.each([
    ['one letter', 'a'],
    ['digits', '1'],
    ['dashes', '1-'],
    ['at signs', 'a@'],
    ['dotted', 'a.'],
    ['spaces', ' '],
    ['negations', 'not '],
    ['Han numerals', '十'],
    ['ligatures', 'ﷺ'],
    ['commas', '1,'],
    ['identifiers', 'ab 12 '],
    ['brackets', '(1 '],
    ['months', '1 may '],
    ['corrections', 'no, '],
    ['questions', 'what if '],
  ])('100 kB of %s is read only in part, in no more work than 2,000 characters', (_, unit) => {
    const hostile = unit.repeat(Math.ceil(100_000 / unit.length));
    const short = hostile.slice(0, 2_000);
    for (const context of contexts)
      expect(told(understanding.understand(hostile, context))).toBe(told(understanding.understand(short, context)));
  });
});
