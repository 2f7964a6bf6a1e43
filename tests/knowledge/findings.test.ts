import { describe, expect, test } from '@jest/globals';
import { findingsIn } from '../../src/knowledge/findings.ts';
import { library, NOW, page } from './library.ts';

function found(...pages: readonly string[]) {
  const knowledge = library();
  for (const [at, text] of pages.entries()) knowledge.put('help', page(`${at}.md`, text));
  return findingsIn(knowledge.passages(), NOW).map((finding) =>
    finding.kind === 'stale'
      ? `stale ${finding.passage.document}`
      : `${finding.one.sentence} | ${finding.other.sentence}`,
  );
}

describe('documents are looked through', () => {
  test('for what is out of date, each document once', () => {
    expect(
      found(
        '---\nvalid_until: 2026-11-01\n---\n# A\n## b\nOne.\n## c\nTwo.',
        '---\nvalid_until: 2026-11-21\n---\nThree.',
      ),
    ).toEqual(['stale 0.md']);
  });

  test('for sentences that say the same with other numbers, in figures or words', () => {
    expect(
      found(
        'You can return any item within 30 days of delivery.',
        '# Faq\nAny item can be returned within 14 days of delivery.',
      ),
    ).toEqual([
      'You can return any item within 30 days of delivery. | Any item can be returned within 14 days of delivery.',
    ]);
    expect(found('Lamps have a warranty of two years.', 'Lamps have a warranty of 5 years.')).toHaveLength(1);
    expect(found('收货后 30 天内可以退货。', '收货后 14 天内可以退货。')).toHaveLength(1);
  });

  test.each([
    ['the same number', ['Returns are taken within 30 days.', 'Returns are taken within 30 days.']],
    ['the same number, written', ['A warranty of two years for lamps.', 'A warranty of 2 years for lamps.']],
    ['other things', ['Standard delivery takes 5 working days.', 'Express delivery takes 1 working day.']],
    ['no numbers', ['Wool is washed by hand.', 'Wool is washed by machine.']],
    [
      'different times',
      [
        '---\nvalid_until: 2026-12-31\n---\nReturns are taken within 30 days.',
        '---\nvalid_from: 2027-01-01\n---\nReturns are taken within 14 days.',
      ],
    ],
    [
      'one that is past',
      ['---\nvalid_until: 2026-01-31\n---\nReturns are taken within 30 days.', 'Returns are taken within 14 days.'],
    ],
  ])('and nothing is said of %s', (_, pages) => {
    expect(found(...pages).filter((line) => !line.startsWith('stale'))).toEqual([]);
  });
});
