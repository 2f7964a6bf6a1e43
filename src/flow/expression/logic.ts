import { assignable, join } from '../value/assignable.ts';
import type { Compiler } from './compile.ts';
import { describe } from './describe.ts';
import { both, either } from './narrowing.ts';
import { type Piece, piece, type Run } from './piece.ts';
import { BOOLEAN, type Of, type Place } from './place.ts';
import type { Node } from './syntax.ts';

// Logic. A condition that is unset does not hold, and what one side has tested the other may rely on.

export function compileLogic(c: Compiler, node: Of<'binary'>, place: Place, and: boolean): Piece {
  const left = compileCondition(c, node.left, place);
  const right = compileCondition(c, node.right, knowing(place, and ? left.whenTrue : left.whenFalse));
  const [a, b] = [left.run, right.run];
  const run: Run = and
    ? (env, locals) => a(env, locals) === true && b(env, locals) === true
    : (env, locals) => a(env, locals) === true || b(env, locals) === true;
  const whenTrue = and ? both(left.whenTrue, right.whenTrue) : either(left.whenTrue, right.whenTrue);
  const whenFalse = and ? either(left.whenFalse, right.whenFalse) : both(left.whenFalse, right.whenFalse);
  return piece(node, { type: BOOLEAN, run }, { whenTrue, whenFalse });
}

export function compileNot(c: Compiler, node: Of<'unary'>, place: Place): Piece {
  const operand = compileCondition(c, node.operand, place);
  const { run, whenTrue, whenFalse } = operand;
  return piece(
    node,
    { type: BOOLEAN, run: (env, locals) => run(env, locals) !== true },
    { whenTrue: whenFalse, whenFalse: whenTrue },
  );
}

export function compileChoice(c: Compiler, node: Of<'choice'>, place: Place): Piece {
  const test = compileCondition(c, node.test, place);
  const yes = c.visit(node.yes, knowing(place, test.whenTrue));
  const no = c.visit(node.no, knowing(place, test.whenFalse));
  if (test.poisoned || yes.poisoned || no.poisoned) return c.poison(node);
  const type = join(yes.type, no.type);
  if (type === undefined) return c.wrong(node, `One answer is ${describe(yes.type)}, the other ${describe(no.type)}.`);
  const [holds, a, b] = [test.run, yes.run, no.run];
  return piece(node, { type, run: (env, at) => (holds(env, at) === true ? a(env, at) : b(env, at)) });
}

export function compileCondition(c: Compiler, node: Node, place: Place): Piece {
  const found = c.settled(c.visit(node, place));
  if (found.poisoned || assignable(found.type, BOOLEAN)) return found;
  return c.wrong(node, `Expected true or false, found ${describe(found.type)}.`);
}

function knowing(place: Place, paths: ReadonlySet<string>): Place {
  return paths.size === 0 ? place : { ...place, known: both(place.known, paths) };
}
