import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { consentWordOf } from '../../../channels/sms/keywords.ts';

const wordOf = (text: string) => consentWordOf(text)?.word;

describe('a wish to be left alone', () => {
  test.each([
    ...['STOP', 'stop', ' Stop. ', 'STOP!!!', 'ＳＴＯＰ', '"stop"', 'stopall', 'Unsubscribe', 'cancel', 'END', 'quit'],
    ...['revoke', 'optout', 'opt out', 'Opt-Out', 'stop all', 'st\u200bop'],
    ...['please stop texting me', 'Stop texting me', 'stop messaging me!', "don't text me", 'Don’t ever text me again'],
    ...['stop sending me these messages', 'do not send me any more texts', 'no more messages', 'unsubscribe me'],
    ...['please remove me from your list', 'take my number off this list', 'Stop contacting me', 'leave me alone'],
    ...['please stop', 'stop it', 'stop please', 'no more texts please', 'wrong number, stop'],
    ...[
      '退订',
      'TD',
      '停止',
      '取消订阅',
      '退訂',
      '别再给我发短信了',
      '不要再发消息了',
      '请勿打扰我',
      '我要退订',
      '不想再收到短信',
    ],
    ...['请不要再联系我', '别发了'],
    ...['alto', 'BAJA', 'parar', 'cancelar', 'no más mensajes', 'No mas mensajes', 'no quiero recibir más mensajes'],
    ...['dejen de enviarme mensajes', 'deja de escribirme', 'quiero darme de baja', 'no me escriban más'],
    ...['no me manden más mensajes'],
  ])('"%s" is one', (text) => expect(wordOf(text)).toBe('stop'));

  test.each([
    ...['I want to cancel my order', 'when does the sale end?', 'stop by the store', 'the machine stopped', 'bus stop'],
    ...[
      "don't stop texting me",
      'did you stop sending messages?',
      'stop the return',
      'no',
      'quit smoking kit',
      'endless',
    ],
    ...[
      'the lamp does not stop blinking',
      '怎么退订？',
      '不要停止',
      '我要退货',
      '我想退订单 CN200002 里的陶瓷杯',
      '取消订单',
      '停车场在哪',
      '别担心',
    ],
    ...['quiero cancelar mi pedido', 'no más azúcar', 'el pedido no llega', 'toString', '__proto__', ''],
    ...[`${'I would like to tell you a very long story. '.repeat(4)} stop texting me`],
  ])('"%s" is none', (text) => expect(wordOf(text)).toBeUndefined());

  test('is known to Twilio only as a word alone', () => {
    expect(consentWordOf('Stop')).toEqual({ word: 'stop', locale: 'en', known: true });
    expect(consentWordOf('Stop!')).toEqual({ word: 'stop', locale: 'en', known: false });
    expect(consentWordOf('退订')).toEqual({ word: 'stop', locale: 'zh', known: false });
    expect(consentWordOf('no más mensajes')).toEqual({ word: 'stop', locale: 'es', known: false });
  });

  test('is found in no time, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        expect([undefined, 'stop', 'start', 'yes', 'help']).toContain(wordOf(text));
      }),
    );
    for (const unit of ['stop ', 'send me ', '不要再', 'no mas ', "don't "]) consentWordOf(unit.repeat(200_000));
  });
});

describe('other words of consent', () => {
  test.each(['START', 'unstop', 'subscribe', '订阅', 'alta', 'opt in'])('"%s" lets us write again', (text) =>
    expect(wordOf(text)).toBe('start'),
  );
  test.each(['HELP', 'info', '帮助', 'ayuda'])('"%s" asks who we are', (text) => expect(wordOf(text)).toBe('help'));
  test('"yes" depends on who says it', () => expect(wordOf('Yes')).toBe('yes'));
  test.each(['help me with my order', 'start a return', 'I need help'])('"%s" is none', (text) =>
    expect(wordOf(text)).toBeUndefined(),
  );
});
