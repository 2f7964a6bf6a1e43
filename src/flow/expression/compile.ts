import { required, show, type Type } from '../../type.ts';
import { didYouMean } from '../reading/did-you-mean.ts';
import { assignable } from '../value/assignable.ts';
import { compileArithmetic, compileNegative } from './calculating.ts';
import { compileCall, compileList, compileMap } from './calling.ts';
import { compileComparison, compileIn } from './comparing.ts';
import { describe } from './describe.ts';
import { compileChoice, compileLogic, compileNot } from './logic.ts';
import { NOTHING } from './narrowing.ts';
import { type Piece, piece } from './piece.ts';
import { ANY, type Of, type Place } from './place.ts';
import { compileIndex, compileMember, compileName, literal } from './reading.ts';
import type { Env, Problem, Scope } from './scope.ts';
import type { At, Node } from './syntax.ts';

/**
 * Checks the tree and turns it into closures in one walk, since the type of a part decides which closure it becomes.
 * A part that is wrong is reported once and becomes `any`, so that what is built on it raises no second complaint.
 */
export class Compiler {
  readonly problems: Problem[] = [];
  /** Root variables and dotted paths of the scope that are read. */
  readonly reads = new Set<string>();
  readonly paths = new Set<string>();
  readonly scope: Scope<Env>;

  constructor(scope: Scope<Env>) {
    this.scope = scope;
  }

  /** The whole expression; `expected` is what the place where it stands wants. */
  whole(node: Node, expected: Type | undefined): Piece {
    const found = this.visit(node, { known: NOTHING, locals: new Map(), depth: 0 });
    if (expected === undefined || found.poisoned) return found;
    const fit = assignable(found.type, expected) ? found : this.#unfit(found, expected);
    return expected.kind === 'boolean' ? decided(fit) : fit;
  }

  #unfit(piece: Piece, expected: Type): Piece {
    const wanted = required(expected);
    const inner = required(piece.type);
    if (piece.type.kind === 'optional' && assignable(inner, expected)) {
      // A condition that is unset does not hold, which is safe; anything else would go on with nothing in its hands.
      if (expected.kind === 'boolean') return this.settled(piece);
      return this.#unset(piece, 'error');
    }
    if (wanted.kind === 'enum' && inner.kind === 'enum') return this.misspelled(piece, inner.values, wanted.values);
    return this.wrong(piece.node, `Expected ${show(expected)}, found ${describe(piece.type)}.`);
  }

  /** Compiles one part where it stands. */
  visit(node: Node, place: Place): Piece {
    switch (node.kind) {
      case 'literal':
        return literal(node);
      case 'name':
        return compileName(this, node, place);
      case 'member':
        return compileMember(this, node, place);
      case 'index':
        return compileIndex(this, node, place);
      case 'call':
        return compileCall(this, node, place);
      case 'unary':
        return node.operator === '!' ? compileNot(this, node, place) : compileNegative(this, node, place);
      case 'binary':
        return this.#binary(node, place);
      case 'choice':
        return compileChoice(this, node, place);
      case 'list':
        return compileList(this, node, place);
      case 'map':
        return compileMap(this, node, place);
    }
  }

  #binary(node: Of<'binary'>, place: Place): Piece {
    switch (node.operator) {
      case '&&':
      case '||':
        return compileLogic(this, node, place, node.operator === '&&');
      case 'in':
        return compileIn(this, node, place);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return compileArithmetic(this, node, place);
      default:
        return compileComparison(this, node, node.operator, place);
    }
  }

  /** One of the values is none of those allowed. */
  misspelled(piece: Piece, values: readonly string[], allowed: readonly string[]): Piece {
    const odd = values.find((value) => !allowed.includes(value)) ?? '';
    const near = didYouMean(odd, allowed);
    const hint = near ?? `It may be ${allowed.join(', ')}.`;
    return this.wrong(piece.node, `"${odd}" is none of its values.`, 'expression.enum', hint);
  }

  /** The type of what the path reads, without its "?" where the path is known to be set. */
  narrowed(type: Type, path: string | undefined, place: Place): Type {
    if (type.kind !== 'optional' || path === undefined) return type;
    return place.known.has(path) || (!path.startsWith('#') && this.scope.isSet(path)) ? type.of : type;
  }

  /**
   * The piece where a value is needed. A variable that may be unset is a mistake of the flow; a field that may be unset
   * is often a record of a business system that simply has it, so it is a warning, and unset stays unset at run time.
   */
  settled(piece: Piece): Piece {
    if (piece.poisoned) return piece;
    if (piece.type.kind === 'null') return this.wrong(piece.node, 'null can only be compared with == and !=.');
    if (piece.type.kind !== 'optional') return piece;
    const isField = piece.path?.includes('.') === true || piece.node.kind === 'binary' || piece.node.kind === 'call';
    return this.#unset(piece, isField ? 'warning' : 'error');
  }

  #unset(piece: Piece, severity: Problem['severity']): Piece {
    const { node, path } = piece;
    const named = path === undefined || path.startsWith('#') ? 'This value' : `"${path}"`;
    const hint =
      path === undefined || path.startsWith('#') ? 'Compare it with null first.' : `Test ${path} != null first.`;
    this.report(node, 'expression.maybe_unset', `${named} may be unset here.`, hint, severity);
    return severity === 'error' ? this.poison(node) : { ...piece, type: required(piece.type) };
  }

  /** Reports a part as wrong; what is returned stands in for it. */
  wrong(node: Node, message: string, code = 'expression.type', hint?: string): Piece {
    this.report(node, code, message, hint);
    return this.poison(node);
  }

  report(
    { from, to }: At,
    code: string,
    message: string,
    hint?: string,
    severity: Problem['severity'] = 'error',
  ): void {
    this.problems.push({ code, message, from, to, severity, ...(hint === undefined ? {} : { hint }) });
  }

  /** Stands in for a part about which enough has been said. */
  poison(node: Node): Piece {
    return { ...piece(node, { type: ANY, run: () => null }), poisoned: true };
  }
}

/** A condition answers true or false, also where what it looks at is unset. */
function decided(piece: Piece): Piece {
  const { run } = piece;
  return { ...piece, run: (env, locals) => run(env, locals) === true };
}
