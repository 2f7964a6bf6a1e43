import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ANALYSED, keyFor, Said } from '../../src/understanding/said.ts';
import { SIMPLIFIED } from '../../src/understanding/simplified.ts';

describe('what was said, made comparable', () => {
  test.each([
    ['ＡＢ１２', 'ab12'],
    ['Café', 'cafe'],
    ['訂單號碼', '订单号码'],
    ['颱風', '台风'],
    ['鑰匙遺失，請協助補發', '钥匙遗失 请协助补发'],
    ['妳們諮詢過嗎', '你们咨询过吗'],
    ['２０２６年１２月３１日', '2026年12月31日'],
    ['can\u200bcel', 'cancel'],
    ['\u202ecancel\u202c', 'cancel'],
    ['саncеl', 'cancel'],
    ['c\u0336a\u0336ncel', 'cancel'],
    ['\u{e0063}\u{e0061}yes', 'yes'],
    ['𝐜𝐚𝐧𝐜𝐞𝐥', 'cancel'],
    ['“Yes”, please…', 'yes please'],
    ['don’t', 'dont'],
    ['好的，谢谢！', '好的 谢谢'],
  ])('%s → %s', (said, key) => {
    expect(keyFor(said)).toBe(key);
  });

  test('a simplified character stays what it is, so that folding twice changes nothing', () => {
    expect([...SIMPLIFIED.values()].filter((character) => keyFor(character) !== character)).toEqual([]);
    expect(SIMPLIFIED.size).toBeGreaterThan(2_500);
  });

  test('a place in it is traced back to what was typed', () => {
    const said = new Said('订单\u200b号 ＡＢ１２');
    const at = said.text.indexOf('ab12');
    const { from, to } = said.span(at, at + 4);
    expect(said.original.slice(from, to)).toBe('ＡＢ１２');
  });

  test('spans never leave the utterance, and grow with it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const said = new Said(text);
        let before = 0;
        for (let at = 0; at <= said.text.length; at++) {
          const { from } = said.span(at, at);
          expect(from).toBeGreaterThanOrEqual(before);
          expect(from).toBeLessThanOrEqual(text.length);
          before = from;
        }
      }),
      { seed: 20261121 },
    );
  });

  test('only the beginning of a very long text is analysed', () => {
    expect(new Said('x'.repeat(100_000)).text).toHaveLength(ANALYSED);
  });
});
