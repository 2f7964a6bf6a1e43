import { describe, expect, test } from '@jest/globals';
import { isOneTypo, meanings, unwrap } from '../../src/understanding/phrase.ts';
import { keyFor } from '../../src/understanding/said.ts';

function meaning(said: string): readonly string[] {
  return [...new Set(meanings(keyFor(said) || said).map((one) => one.means))];
}

describe('set phrases', () => {
  test.each([
    ['cancel', 'cancel'],
    ['cancle', 'cancel'],
    ['cansel it', 'cancel'],
    ['please cancel', 'cancel'],
    ['could you please cancel this for me, thanks', 'cancel'],
    ['取消吧', 'cancel'],
    ['我要取消', 'cancel'],
    ['請取消', 'cancel'],
    ['forget it', 'cancel'],
    ['nevermind', 'dismiss'],
    ['算了吧', 'dismiss'],
    ['repeat that please', 'repeat'],
    ['再说一遍好吗', 'repeat'],
    ['representitive', 'human'],
    ['找真人', 'human'],
    ['unsubscribe', 'stop'],
    ['i dont know', 'unsure'],
  ])('%s means %s', (said, means) => {
    expect(meaning(said)).toContain(means);
  });

  test.each(['不取消', "don't cancel", 'cancel my subscription', 'the agent', 'stopped', 'nothing arrived'])(
    '%s is no set phrase',
    (said) => {
      expect(meaning(said)).toEqual([]);
    },
  );

  test('politeness is stripped from both ends, never down to nothing', () => {
    expect(unwrap('could you please track my parcel thanks')).toBe('track my parcel');
    expect(unwrap('please')).toBe('please');
    expect(unwrap('请帮我查物流谢谢')).toBe('查物流');
  });

  test('one typo is one letter more, less, other or swapped', () => {
    for (const near of ['cancel', 'cancl', 'canceel', 'cantel', 'cancle']) expect(isOneTypo(near, 'cancel')).toBe(true);
    for (const far of ['canc', 'canceled', 'lecnac', 'cnacle']) expect(isOneTypo(far, 'cancel')).toBe(false);
  });
});
