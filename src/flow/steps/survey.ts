import { z } from 'zod';
import type { Json } from '../../type.ts';
import { compileSpoken, Spoken } from '../compiling/spoken.ts';
import { WAIT } from '../program.ts';
import { common, Text } from '../reading/schema.ts';
import type { Offer, Run } from '../run.ts';
import { defineStep } from '../step.ts';

/** The scales as the field defines them: CSAT 1–5, NPS 0–10, CES 1–7. */
const SCALES = { csat: [1, 5], nps: [0, 10], ces: [1, 7] } as const;
const PATIENCE = 10 * 60_000;

/** Asks once how it was. An answer is recorded; anything else is taken for what it is, and the question is not repeated. */
export const survey = defineStep({
  word: 'survey',
  schema: z.strictObject({
    survey: z.enum(['csat', 'nps', 'ces']),
    ask: Spoken.optional(),
    thanks: Text.optional(),
    ...common,
  }),
  idOf: (step) => step.survey,
  compile(step, c) {
    const kind = step.survey;
    const [low, high] = SCALES[kind];
    const ask = step.ask === undefined ? undefined : compileSpoken(c, 'ask', step.ask);
    const thanks = step.thanks === undefined ? undefined : c.text('thanks', step.thanks);
    const scores = Array.from({ length: high - low + 1 }, (_, index) => low + index);
    const next = c.ops.length + 1;
    const done = (run: Run) => {
      run.clearTimers();
      return next;
    };
    c.emit({
      reads: ask?.reads ?? [],
      asks: kind,
      enter(run) {
        run.record('survey.asked', { survey: kind, flow: subject(run) });
        const { message, offers } = ask?.render(run) ?? { message: { text: run.phrase(`survey_${kind}`) }, offers: [] };
        const answers: Offer[] = scores.map((score, value) => ({
          label: run.phrase(`score_${kind}_${score}`),
          does: { value },
        }));
        run.say(message, [...offers, ...answers]);
        run.timer('patience', PATIENCE);
        return WAIT;
      },
      answer(run, value) {
        if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) {
          run.record('survey.answered', { survey: kind, score: value, flow: subject(run) });
          run.say({ text: thanks?.render(run) ?? run.phrase('survey_thanks') });
        }
        return done(run);
      },
      chosen: (_run, index) => scores[index],
      skip: done,
      again: done,
      timer: done,
      question: (run) => ({
        name: kind,
        type: { kind: 'integer' },
        confirm: false,
        optional: true,
        choices: scores.map((score) => ({
          value: score,
          labels: [String(score), run.phrase(`score_${kind}_${score}`)],
        })),
      }),
    });
  },
});

/** The flow that it is about: of the repair flow `csat`, the one that has ended. */
function subject({ frame, slots }: Run): Json {
  return frame.by === 'repair' ? (slots.flow ?? null) : frame.flow;
}
