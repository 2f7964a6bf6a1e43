import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Draft, REVIEW_MODES, type ReviewMode, RISKS } from '../../../src/draft.ts';
import { editOf, extentOf } from '../../../src/handoff/review/edit.ts';
import { BAR, ENOUGH, lowerBound, mustDemote, standingOf } from '../../../src/handoff/review/promotion.ts';
import { entryOf } from '../../../src/handoff/review/record.ts';
import { caseIn, partOf, proposalIn, utteranceIn } from '../../../src/handoff/review/routing.ts';
import { isFree, modeFor, reviewingBy, stricter } from '../../../src/handoff/review/rules.ts';
import { drawn, reasonToSample } from '../../../src/handoff/review/sampling.ts';

const mode = fc.constantFrom(...REVIEW_MODES);
const SAMPLING = { random: 0.01, uncertain: 0.55 };
const marks = (clean: number, of: number) =>
  Array.from({ length: of }, (_, at) => ({ clean: at < clean, unsafe: false }));
const DRAFT: Draft = {
  ...{ question: 'how long', text: 'You have 30 days.', locale: 'en', confidence: 0.9, grounding: [true] },
  source: { set: 'help', document: 'd', title: 'Returns', passage: 'You have 30 days.', cited: 'Source: Returns' },
  ...{ others: [], flow: 'repair.knowledge', versions: { flow: 'f', knowledge: 'k' }, context: 'c' },
};

describe('who has a say', () => {
  const rules = (said: { flow?: ReviewMode; set?: ReviewMode; risk?: ReviewMode; mode?: ReviewMode }) => ({
    mode: said.mode ?? 'auto',
    flows: said.flow ? { returns: said.flow } : {},
    sets: said.set ? { terms: said.set } : {},
    risk: said.risk ? { normal: said.risk } : {},
    sampling: SAMPLING,
  });

  test('is the strictest of all that is said, and the default where nothing is', () => {
    fc.assert(
      fc.property(mode, mode, mode, mode, (flow, set, byRisk, fallback) => {
        const about = { flow: 'returns', set: 'terms' };
        const said = modeFor(rules({ flow, set, risk: byRisk, mode: fallback }), about, { risk: 'normal' });
        expect(said).toBe([flow, set, byRisk].reduce(stricter));
        expect(modeFor(rules({ mode: fallback }), about, { risk: 'normal' })).toBe(fallback);
      }),
    );
  });

  test('never lets the bot answer by itself what is of high risk, whatever is said or signed', () => {
    fc.assert(
      fc.property(mode, mode, mode, fc.boolean(), (flow, fallback, own, isFreed) => {
        const all = rules({ flow, mode: fallback });
        const reviewing = reviewingBy(
          all,
          () => ({ risk: 'high', review: own }),
          () => isFreed,
        );
        expect(isFree(reviewing.modeOf({ ...DRAFT, flow: 'returns' }))).toBe(false);
      }),
    );
  });

  test('a signature frees only what must be approved', () => {
    fc.assert(
      fc.property(mode, fc.constantFrom('low', 'normal'), (fallback, harm) => {
        const freed = reviewingBy(
          rules({ mode: fallback }),
          () => ({ risk: harm as 'low' | 'normal' }),
          () => true,
        );
        expect(freed.modeOf(DRAFT)).toBe(fallback === 'approve' ? 'auto+sample' : fallback);
      }),
    );
  });

  test.each(RISKS)('names of %s that objects have by themselves are no rules', (harm) => {
    expect(() => modeFor(rules({}), { flow: 'constructor', set: '__proto__' }, { risk: harm })).not.toThrow();
  });
});

describe('freeing', () => {
  test.each([
    [50, 50, 0.929, undefined],
    [59, 60, 0.911, undefined],
    [48, 50, 0.865, 'bound'],
    [49, 49, 0.927, 'reviews'],
    [0, 0, 0, 'reviews'],
  ])('%i of %i sent as they were: the lower bound is %f', (clean, of, bound, missing) => {
    const standing = standingOf(marks(clean, of));
    expect(standing.bound).toBeCloseTo(bound, 3);
    expect(standing.missing).toBe(missing);
  });

  test('an unsafe one among them is one too many', () => {
    expect(standingOf([...marks(500, 500), { clean: true, unsafe: true }]).missing).toBe('unsafe');
  });

  test('what may be freed has enough judgements, none unsafe, and a bound above the bar', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ clean: fc.boolean(), unsafe: fc.constant(false) }), { maxLength: 120 }),
        (all) => {
          const { missing, reviews, bound } = standingOf(all);
          expect(missing === undefined).toBe(reviews >= ENOUGH && bound >= BAR);
        },
      ),
    );
  });

  test('the bound lies below the share, rises with every success and falls with every failure', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (good, bad) => {
        const bound = lowerBound(good, good + bad);
        expect(bound).toBeLessThanOrEqual(good === 0 ? 0 : good / (good + bad) + 1e-12);
        expect(lowerBound(good + 1, good + bad + 1)).toBeGreaterThanOrEqual(bound - 1e-12);
        expect(lowerBound(good, good + bad + 1)).toBeLessThanOrEqual(bound + 1e-12);
      }),
    );
  });

  test('is over at the first unsafe one, or when the last fifty fall below the floor', () => {
    expect(mustDemote([{ clean: false, unsafe: true }])).toBe(true);
    expect(mustDemote([...marks(46, 46), ...marks(0, 4)])).toBe(false);
    expect(mustDemote([...marks(45, 45), ...marks(0, 5)])).toBe(true);
    expect(mustDemote(marks(0, 49))).toBe(false);
    expect(mustDemote([...marks(0, 200), ...marks(50, 50)])).toBe(false);
  });

  test('what may just be freed is not taken back at once', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 50, maxLength: 60 }), (kinds) => {
        const all = kinds.map((clean) => ({ clean, unsafe: false }));
        expect(standingOf(all).missing === undefined && mustDemote(all)).toBe(false);
      }),
    );
  });
});

describe('what is judged afterwards', () => {
  test('is drawn by its key alone, and one in a hundred', () => {
    expect(drawn('c1.7')).toBe(drawn('c1.7'));
    const hits = Array.from({ length: 20_000 }, (_, at) => reasonToSample(DRAFT, `c${at}`, SAMPLING));
    expect(hits.filter((why) => why === 'random').length / 20_000).toBeCloseTo(0.01, 2);
    expect(hits.every((why) => why === 'random' || why === undefined)).toBe(true);
  });

  test.each([
    ['ungrounded', { grounding: [true, false] }],
    ['uncertain', { confidence: 0.5 }],
    ['uncertain', { others: [{ text: 'x', source: DRAFT.source, confidence: 0.895 }] }],
    [undefined, {}],
  ])('%s: %j', (why, more) => {
    expect(reasonToSample({ ...DRAFT, ...more }, 'never drawn', { ...SAMPLING, random: 0 })).toBe(why);
  });
});

describe('how much was changed', () => {
  test.each([
    ['You have 30 days.', 'You have 30 days', 0, 'as_is'],
    ['You have 30 days.', 'you  have 30 days!', 0, 'as_is'],
    ['You have 30 days.', 'You have 60 days.', 0.25, 'light'],
    ['You have 30 days.', 'Nothing of the kind is possible', 1, 'rewrite'],
    ['您有30天。', '您有60天。', 0.25, 'light'],
    ['', '', 0, 'as_is'],
  ])('%j → %j', (before, after, ratio, extent) => {
    const edit = editOf(before, after);
    expect(edit.ratio).toBeCloseTo(ratio, 2);
    expect(extentOf(edit.ratio)).toBe(extent);
  });

  test('the steps lead from the one to the other, and the share is between none and all', () => {
    const words = fc
      .array(fc.constantFrom('a', 'b', 'c', '我', '们', '30'), { maxLength: 30 })
      .map((all) => all.join(' '));
    fc.assert(
      fc.property(words, words, (before, after) => {
        const { diff, ratio } = editOf(before, after);
        const bare = (kinds: string) =>
          diff
            .flatMap(([how, text]) => (kinds.includes(how) ? [text] : []))
            .join('')
            .replaceAll(' ', '');
        expect(bare('=-')).toBe(before.replaceAll(' ', ''));
        expect(bare('=+')).toBe(after.replaceAll(' ', ''));
        expect(ratio).toBeGreaterThanOrEqual(0);
        expect(ratio).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a very long text is compared in a moment', () => {
    const long = (word: string) => Array.from({ length: 5_000 }, (_, at) => `${word}${at}`).join(' ');
    expect(editOf(long('a'), long('b')).ratio).toBe(1);
  });
});

describe('what is kept of a judgement', () => {
  const line = (told: object, draft: object = {}) => ({
    ...{ id: 7, conversation: 'c1', at: 61_000 },
    line: {
      ...{ on: 'reviewed', from: 'bot', to: 'bot', epoch: 0, by: 'mia', verdict: 'sent', ...told },
      task: { id: 't', at: 1_000, proposal: { how: 'approve', draft: { ...DRAFT, ...draft } } },
    },
  });
  const row = (told: object, draft: object = {}) => ({ ...entryOf(line(told, draft) as never)!, id: 1 });

  test('is everything that is needed to judge it again, and nothing secret', () => {
    const final = 'Write to ann@example.com within 30 days.';
    const { data, key } = row(
      { final, note: 'call +49 30 1234567' },
      { question: 'my password is hunter22, how long' },
    );
    expect(key).toBe('judged:7');
    expect(data).toMatchObject({
      ...{ subject: 'knowledge/help', reviewer: 'mia', seconds: 60, context: 'c', draft: DRAFT.text },
      ...{ grounded: [1, 1], versions: { flow: 'f', knowledge: 'k' } },
      passages: [{ set: 'help', document: 'd', title: 'Returns', passage: 'You have 30 days.' }],
    });
    const kept = JSON.stringify(data);
    for (const secret of ['hunter22', 'ann@example.com', '1234567']) expect(kept).not.toContain(secret);
  });

  test.each([['wrong_fact'], ['stale_source'], ['missing_source']])(
    '%s becomes a change of the documents, and a case',
    (reason) => {
      const judged = row({ final: 'You have 60 days.', reason });
      expect(proposalIn(judged)).toMatchObject({
        id: 'p7',
        set: 'help',
        question: 'how long',
        text: 'You have 60 days.',
      });
      expect(caseIn(judged)).toEqual({ query: 'how long', locale: 'en', gold: 'You have 60 days.' });
    },
  );

  test('tone becomes a case of the same document, and changes no document', () => {
    const judged = row({ final: 'Sure! You have 30 days.', reason: 'tone' });
    expect(proposalIn(judged)).toBeUndefined();
    expect(caseIn(judged)).toMatchObject({ gold: 'Sure! You have 30 days.', cites: 'Returns' });
  });

  test('what she meant instead becomes a labelled utterance', () => {
    const judged = row({ verdict: 'rejected', reason: 'wrong_intent', flow: 'returns' });
    expect(utteranceIn(judged, 'test')).toEqual({ text: 'how long', locale: 'en', flow: 'returns', part: 'test' });
    expect(caseIn(judged)).toBeUndefined();
    expect([partOf(0.1), partOf(0.3)]).toEqual(['test', 'train']);
  });

  test('what was sent as it was is nothing to learn from', () => {
    const judged = row({});
    expect([caseIn(judged), proposalIn(judged), utteranceIn(judged, 'train')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
