import { z } from 'zod';
import type { Outcome } from '../../event.ts';
import type { JsonObject } from '../../type.ts';
import { type Found, foundIn, messageOf, modelIn, SEARCH, SEARCH_TIMEOUT, searchFor } from '../answering.ts';
import type { Compiler } from '../compiling/compiler.ts';
import { nameable } from '../personal.ts';
import { WAIT } from '../program.ts';
import { nearest } from '../reading/did-you-mean.ts';
import { Block, common, Name, Value } from '../reading/schema.ts';
import type { Run } from '../run.ts';
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
 * see it first, she is told that an answer comes, and the flow goes on. Where there is a model, it may say in her language what the passages
 * say, as far as each of its sentences is found there; whatever goes wrong with it, the passage's own sentences are there.
 */
export const answer = defineStep({
  word: 'answer',
  schema,
  compile({ answer: { query, from, must_cite: mustCite, on_none: onNone } }, c) {
    const asked = c.value(['answer', 'query'], query, { kind: 'text' });
    checkSets(c, from ?? []);
    const step = c.steps[c.step]?.id ?? 'answer';
    const next = { pc: 0 };
    const none = { pc: 0 };
    c.emit({
      reads: asked.reads,
      next,
      enter(run) {
        // Asked while it runs, not while it is compiled: whatever a deployment knows, the same flow has the same operations.
        if (!c.library.knowledge?.size) return know(run, undefined);
        return look(run, c.library.writes === true, 1);
      },
      result(run, outcome) {
        const isFirst = run.frame.pending?.attempt === 1;
        delete run.frame.pending;
        run.clearTimers();
        noteModel(run, step, outcome);
        if (!outcome.ok && isFirst && c.library.writes) return look(run, false, 2);
        return know(run, foundIn(outcome));
      },
      /** The model's patience has run out with its process: she is answered without it. */
      timer(run, name) {
        if (name !== WRITING) return WAIT;
        delete run.frame.pending;
        run.clearTimers();
        run.record('model.failed', { step, task: 'answer', code: 'timeout' });
        return look(run, false, 2);
      },
    });

    function look(run: Run, writes: boolean, attempt: number): number {
      const args: JsonObject = {
        ...searchFor(run, String(asked.evaluate(run) ?? '')),
        ...(from && { from }),
        ...(mustCite && { must_cite: true }),
        ...(writes && { write: true, personal: [...nameable(run.customer)] }),
      };
      const timeout = writes ? WRITING_TIMEOUT : SEARCH_TIMEOUT;
      run.call({ action: SEARCH, effect: 'read', args, timeout, step, attempt });
      if (writes) run.timer(WRITING, WRITING_TIMEOUT + SLACK);
      return WAIT;
    }

    function know(run: Run, found: Found | undefined): number {
      const query = asked.evaluate(run);
      if (found === undefined) {
        run.record('knowledge.none', { query });
        return none.pc;
      }
      const { set, document, title, confidence, written } = found;
      const about = { query, set, document, title, confidence, ...(written && { written }) };
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
    }
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

/** What asking a model for its words has used, and why they are not said where they are not. */
function noteModel(run: Run, step: string, outcome: Outcome): void {
  const { usage, unwritten } = modelIn(outcome);
  if (usage !== undefined) run.record('model.used', { step, task: 'answer', ...usage });
  if (unwritten !== undefined) run.record('model.failed', { step, task: 'answer', code: unwritten });
}

const WRITING = 'answer';
/** Milliseconds that she waits for a model's words, and that their outcome may take to come back; what is asked then is there at once. */
const WRITING_TIMEOUT = 12_000;
const SLACK = 500;
