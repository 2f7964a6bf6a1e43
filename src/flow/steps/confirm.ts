import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '../../type.ts';
import type { Label } from '../compiling/compiler.ts';
import { consent } from '../compiling/facts.ts';
import { compileSpoken, Spoken } from '../compiling/spoken.ts';
import { below, tellNoted } from '../noted.ts';
import { LEFT, WAIT } from '../program.ts';
import { Block, common, Name, Text } from '../reading/schema.ts';
import type { Run } from '../run.ts';
import { defineStep } from '../step.ts';

const RETRIES = 2;

/**
 * Asks for consent to exactly the values it shows. The consent is kept with a hash of what it binds: correcting any of these
 * withdraws it.
 */
export const confirm = defineStep({
  word: 'confirm',
  schema: z.strictObject({
    confirm: Name,
    ask: Spoken,
    binds: z.array(z.string()).optional(),
    invalid: Text.optional(),
    retries: z.int().min(0).max(20).optional(),
    yes: Block.optional(),
    no: Block.optional(),
    on_fail: Block.optional(),
    ...common,
  }),
  idOf: (step) => step.confirm,
  compile(step, c) {
    const name = step.confirm;
    c.needsWayOut(step.on_fail);
    const existing = c.names.get(name);
    if (existing) c.clash('confirm', name, existing.origin);
    const ask = compileSpoken(c, 'ask', step.ask);
    const invalid = step.invalid === undefined ? undefined : c.text('invalid', step.invalid);
    const bound = (step.binds ?? []).map((path, index) => c.expression(['binds', index], path, 0));
    const hash = digester(bound);
    c.confirms.set(name, { binds: step.binds ?? [], hash });

    const yes: Label = { pc: 0 };
    const no: Label = { pc: 0 };
    const end: Label = { pc: 0 };
    const failed: Label = { pc: -1 };
    const prompt = (run: Run, before?: string): number => {
      const { message, offers } = ask.render(run);
      const text = below(tellNoted(run), below(before, message.text));
      run.say({ ...message, text }, [
        ...offers,
        { label: run.phrase('yes'), does: { value: 0 } },
        { label: run.phrase('no'), does: { value: 1 } },
      ]);
      return WAIT;
    };
    c.asks.set(name, c.ops.length);
    c.emit({
      reads: [...ask.reads, ...bound.flatMap((value) => [...value.reads])],
      asks: name,
      enter: (run) => (run.frame.confirms?.[name] === hash(run) ? yes.pc : prompt(run)),
      answer(run, value) {
        if (typeof value === 'boolean') {
          delete run.frame.tries;
          const { [name]: _withdrawn, ...others } = run.frame.confirms ?? {};
          run.frame.confirms = value ? { ...others, [name]: hash(run) } : others;
          return value ? yes.pc : no.pc;
        }
        const tries = (run.frame.tries ?? 0) + 1;
        if (tries <= (step.retries ?? RETRIES)) {
          run.frame.tries = tries;
          return prompt(run, invalid?.render(run) ?? run.phrase('yes_or_no'));
        }
        delete run.frame.tries;
        if (failed.pc >= 0) return failed.pc;
        run.repair('cannot_handle', { times: tries, busy: false, given_up: true });
        return LEFT;
      },
      chosen: (_run, index) => index === 0,
      again: (run) => prompt(run),
      question: (run) => ({
        name,
        type: { kind: 'boolean' },
        confirm: true,
        optional: false,
        choices: [
          { value: true, labels: [run.phrase('yes')] },
          { value: false, labels: [run.phrase('no')] },
        ],
      }),
    });
    c.place(yes);
    const afterYes = c.branch([consent(name)], () => {
      if (step.yes !== undefined) c.block('yes', step.yes);
      if (c.facts) c.jump(end);
    });
    c.place(no);
    const afterNo = c.branch([], () => {
      if (step.no !== undefined) c.block('no', step.no);
      if (c.facts) c.jump(end);
    });
    if (step.on_fail !== undefined) failed.pc = c.aside('on_fail', step.on_fail, { outcome: 'escalated' }).pc;
    c.place(end);
    c.join(afterYes, afterNo);
  },
});

/** The hash of what is bound, as it is now. Asked for twice in most turns (at the yes, and before the write), it is made once. */
function digester(bound: readonly { evaluate(run: Run): Json }[]): (run: Run) => string {
  let last = { text: '', hash: '' };
  return (run) => {
    const text = JSON.stringify(bound.map((value) => value.evaluate(run)));
    if (text !== last.text) last = { text, hash: createHash('sha256').update(text).digest('base64url').slice(0, 16) };
    return last.hash;
  };
}
