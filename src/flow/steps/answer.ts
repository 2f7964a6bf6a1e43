import { z } from 'zod';
import type { JsonObject } from '../../type.ts';
import { foundIn, messageOf, SEARCH, SEARCH_TIMEOUT, searchFor } from '../answering.ts';
import type { Compiler } from '../compiling/compiler.ts';
import { WAIT } from '../program.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { Block, common, Name, Value } from '../reading/schema.ts';
import { defineStep } from '../step.ts';

const schema = z.strictObject({
  answer: z.strictObject({
    query: Value,
    from: z
      .array(Name)
      .optional()
      .meta({ description: 'Knowledge sets to look in; default: all that the account has.' }),
    must_cite: z
      .boolean()
      .optional()
      .meta({ description: 'Only what has an address to show as its source is an answer.' }),
    on_none: z.union([z.literal('continue'), Block]),
  }),
  ...common,
});

/**
 * Answers from the business's knowledge, in its own sentences and with their source. Where nothing is known that is near enough it takes
 * `on_none`, never a guess. What a document says is only ever said: it starts no flow and fills no slot. Where `review:` wants a human to
 * see it first, she is told that an answer comes, and the flow goes on.
 */
export const answer = defineStep({
  word: 'answer',
  schema,
  compile({ answer: { query, from, must_cite: mustCite, on_none: onNone } }, c) {
    const asked = c.value(['answer', 'query'], query, { kind: 'text' });
    checkSets(c, from ?? []);
    if (!c.library.knowledge?.size) return knowNothing(c, asked, onNone);
    const step = c.steps[c.step]?.id ?? 'answer';
    const next = { pc: 0 };
    const none = { pc: 0 };
    c.emit({
      reads: asked.reads,
      next,
      enter(run) {
        const args: JsonObject = {
          ...searchFor(run, String(asked.evaluate(run) ?? '')),
          ...(from && { from }),
          ...(mustCite && { must_cite: true }),
        };
        run.call({ action: SEARCH, effect: 'read', args, timeout: SEARCH_TIMEOUT, step, attempt: 1 });
        return WAIT;
      },
      result(run, outcome) {
        delete run.frame.pending;
        const found = foundIn(outcome);
        if (found === undefined) {
          run.record('knowledge.none', { query: asked.evaluate(run) });
          return none.pc;
        }
        const { set, document, title, confidence } = found;
        const query = asked.evaluate(run);
        const about = { query, set, document, title, confidence };
        switch (run.review(String(query ?? ''), found)) {
          case 'said':
            run.record('knowledge.answered', about);
            run.say(messageOf(run, found));
            return next.pc;
          case 'waits':
            run.record('knowledge.awaited', about);
            run.say({ text: run.phrase('answer_waits') });
            return next.pc;
          case 'kept':
            run.record('knowledge.kept_back', about);
            return none.pc;
        }
      },
    });
    none.pc = onNone === 'continue' ? c.ops.length : c.aside(['answer', 'on_none'], onNone, { after: next }).pc;
    c.place(next);
  },
});

function checkSets(c: Compiler, from: readonly string[]): void {
  const known = c.library.knowledge;
  if (known === undefined) return;
  for (const [index, name] of from.entries()) {
    if (known.has(name)) continue;
    const guess = nearest(name, known);
    c.error(
      'answer.unknown_set',
      `No knowledge set is called \`${name}\`.`,
      ['answer', 'from', index],
      guess ? `Did you mean \`${guess}\`?` : 'Define it under `knowledge:` in parley.yaml.',
    );
  }
}

/** A deployment without knowledge never knows. */
function knowNothing(c: Compiler, asked: ReturnType<Compiler['value']>, onNone: unknown): void {
  const none = { pc: c.ops.length + 1 };
  c.emit({
    reads: asked.reads,
    enter(run) {
      run.record('knowledge.none', { query: asked.evaluate(run) });
      return none.pc;
    },
  });
  if (onNone !== 'continue') c.block(['answer', 'on_none'], onNone);
}
