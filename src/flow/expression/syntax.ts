/** The tree of an expression as written, before names and types are known. Offsets point into its source. */
export type Node =
  | (At & { readonly kind: 'literal'; readonly value: null | boolean | number | string; readonly integer?: boolean })
  | (At & { readonly kind: 'name'; readonly name: string })
  | (At & { readonly kind: 'member'; readonly target: Node; readonly field: string; readonly fieldFrom: number })
  | (At & { readonly kind: 'index'; readonly target: Node; readonly index: Node })
  | (At & {
      readonly kind: 'call';
      readonly target: Node | undefined;
      readonly name: string;
      readonly nameFrom: number;
      readonly args: readonly Node[];
    })
  | (At & { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Node })
  | (At & { readonly kind: 'binary'; readonly operator: Operator; readonly left: Node; readonly right: Node })
  | (At & { readonly kind: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node })
  | (At & { readonly kind: 'list'; readonly items: readonly Node[] })
  | (At & { readonly kind: 'map'; readonly entries: readonly Entry[] });

export interface At {
  readonly from: number;
  readonly to: number;
}

export interface Entry extends At {
  readonly key: string;
  readonly value: Node;
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type Arithmetic = '+' | '-' | '*' | '/' | '%';
export type Operator = '||' | '&&' | 'in' | Comparison | Arithmetic;

/** Thrown by lexer and parser at the first place where the source makes no sense; caught by `compileExpression`. */
export class SyntaxFailure extends Error {
  readonly from: number;
  readonly to: number;
  readonly hint: string | undefined;

  constructor(message: string, from: number, to: number, hint?: string) {
    super(message);
    this.from = from;
    this.to = to;
    this.hint = hint;
  }
}
