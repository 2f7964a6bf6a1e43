import { type Filled, fillIn, isSecret } from '../flow/compiling/form.ts';
import { type Op, WAIT } from '../flow/program.ts';
import { conform } from '../flow/value/value.ts';
import { type Answers, answersInWords } from '../form.ts';
import { type Json, required } from '../type.ts';
import type { Context } from '../understanding/understanding.ts';
import { wake } from './stack.ts';
import { formToken, type Stage } from './stage.ts';

/**
 * Takes a form that the customer has sent: every field is heard as an answer to its own question, and the flow goes on with what is
 * right. `false`: it is not the form that is open, and nothing has happened.
 */
export function takeForm(stage: Stage, token: string, answers: Answers, context: Context): boolean {
  const { form: open } = stage.state;
  const frame = stage.top;
  if (!open || token !== formToken(open.id) || !frame?.waiting) return false;
  if (frame.id !== open.frame || frame.pc !== open.pc) return false;
  const program = stage.program(frame);
  const op = stage.op(frame);
  const { form } = op;
  if (!form || !op.filled) return false;
  delete stage.state.form;
  delete stage.state.offer;
  stage.focus(frame);

  const shown = new Set(open.fields);
  const questions = form.questions.filter(({ slot }) => shown.has(slot.name));
  if (questions.some(({ slot }) => isSecret(slot))) {
    const fields = questions.map((question) => question.field(stage));
    stage.redact(answersInWords({ fields }, answers));
  }
  const filled = new Map(
    questions.flatMap(({ slot: { name }, pc }) => {
      const said = Object.hasOwn(answers, name) ? (answers[name] ?? '').trim() : '';
      const asking = program.ops[pc];
      if (said === '' || !asking) return [];
      return [[name, { said, value: heard(stage, asking, said, context) }] as const satisfies [string, Filled]];
    }),
  );
  wake(stage, frame, () => {
    fillIn(stage, form, shown, filled);
    return op.filled?.(stage) ?? WAIT;
  });
  return true;
}

/**
 * What a field means: the place of an option, a value as it stands ("AB123456"), or words that a value is heard in ("the 3rd of May").
 * Whatever else could be understood, such as a wish for a human, is no answer here: in a form words are what they are asked for.
 */
function heard(stage: Stage, op: Op, said: string, context: Context): Json {
  const question = op.question?.(stage);
  const picked = pickedBy(stage, op, said, required(question?.type ?? { kind: 'any' }).kind === 'list');
  if (picked !== undefined) return picked;
  const spec = stage.program(stage.frame).slots[op.asks ?? ''];
  if (!question || !spec || conform(said, spec.type, spec).ok) return said;
  const commands = stage.bot.understanding.understand(said, { ...context, question });
  const found = commands.find((command) => command.do === 'set' && command.slot === question.name);
  return found?.do === 'set' ? found.value : said;
}

/** Places of options, in digits. Where choices are only suggestions, a field is words, and has none. */
function pickedBy(stage: Stage, op: Op, said: string, isMany: boolean): Json | undefined {
  const field = op.form?.questions.find(({ slot }) => slot.name === op.asks)?.field(stage);
  if (field?.options === undefined || !/^\d{1,3}(,\d{1,3}){0,99}$/.test(said)) return undefined;
  const values = said.split(',').map((place) => op.chosen?.(stage, Number(place)));
  if (values.length > 1 && !isMany) return said;
  if (values.some((value) => value === undefined)) return undefined;
  return isMany ? (values as Json[]) : values[0];
}
