import { lex, type Token } from './lex.ts';
import { type Entry, type Node, type Operator, SyntaxFailure } from './syntax.ts';

/** Reads a source into its tree. Throws SyntaxFailure. */
export function parse(source: string): Node {
  if (source.length > LONGEST)
    throw new SyntaxFailure(`An expression may have at most ${LONGEST} characters.`, 0, LONGEST);
  return new Parser(lex(source)).whole();
}

const LONGEST = 4_000;
/** How deep parentheses, lists and calls may nest; and how many operators may follow each other on one level. */
const DEEPEST = 64;
const MOST_IN_A_ROW = 100;

/** CEL's precedence, loosest first. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    if (this.#peek().kind === 'end') throw new SyntaxFailure('The expression is empty.', 0, 0);
    const node = this.#expression();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw unexpected(rest);
    return node;
  }

  #expression(): Node {
    this.#deeper();
    const test = this.#level(0);
    const node = this.#take('?') ? this.#choice(test) : test;
    this.#depth -= 1;
    return node;
  }

  #choice(test: Node): Node {
    const yes = this.#expression();
    this.#expect(':');
    const no = this.#expression();
    return { kind: 'choice', test, yes, no, from: test.from, to: no.to };
  }

  #level(level: number): Node {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#level(level + 1);
    for (let count = 1; ; count++) {
      const operator = operators.find((candidate) => this.#take(candidate));
      if (operator === undefined) return left;
      this.#limit(count);
      const right = this.#level(level + 1);
      left = { kind: 'binary', operator, left, right, from: left.from, to: right.to };
    }
  }

  #unary(): Node {
    const { from, text } = this.#peek();
    if (!this.#take('!') && !this.#take('-')) return this.#postfix();
    this.#deeper();
    const operand = this.#unary();
    this.#depth -= 1;
    return { kind: 'unary', operator: text === '!' ? '!' : '-', operand, from, to: operand.to };
  }

  #postfix(): Node {
    let node = this.#primary();
    for (let count = 1; ; count++) {
      this.#limit(count);
      if (this.#take('.')) node = this.#member(node);
      else if (this.#take('[')) {
        const index = this.#expression();
        node = { kind: 'index', target: node, index, from: node.from, to: this.#expect(']').to };
      } else return node;
    }
  }

  #member(target: Node): Node {
    const name = this.#next();
    if (name.kind !== 'name') throw new SyntaxFailure('A field name is missing after the dot.', name.from, name.to);
    if (this.#take('(')) return this.#call(target, name);
    return { kind: 'member', target, field: name.text, fieldFrom: name.from, from: target.from, to: name.to };
  }

  #call(target: Node | undefined, name: Token): Node {
    const args = this.#until(')', () => this.#expression());
    const from = target?.from ?? name.from;
    return { kind: 'call', target, name: name.text, nameFrom: name.from, args, from, to: this.#previousEnd() };
  }

  #primary(): Node {
    const token = this.#next();
    const { from, to, text } = token;
    if (token.kind === 'string') return { kind: 'literal', value: text, from, to };
    if (token.kind === 'number')
      return { kind: 'literal', value: finite(token), integer: /^\d+$/.test(text), from, to };
    if (token.kind === 'name') return this.#named(token);
    if (token.text === '(') {
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    if (token.text === '[')
      return { kind: 'list', items: this.#until(']', () => this.#expression()), from, to: this.#previousEnd() };
    if (token.text === '{')
      return { kind: 'map', entries: this.#until('}', () => this.#entry()), from, to: this.#previousEnd() };
    throw unexpected(token);
  }

  #named(token: Token): Node {
    const { from, to, text } = token;
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', from, to };
    if (text === 'null') return { kind: 'literal', value: null, from, to };
    if (text === 'in') throw unexpected(token);
    return this.#take('(') ? this.#call(undefined, token) : { kind: 'name', name: text, from, to };
  }

  #entry(): Entry {
    const key = this.#next();
    if (key.kind !== 'string') throw new SyntaxFailure('A key is a text in quotes.', key.from, key.to);
    this.#expect(':');
    const value = this.#expression();
    return { key: key.text, value, from: key.from, to: value.to };
  }

  /** Items separated by commas, up to and with the closing sign. */
  #until<Item>(close: string, item: () => Item): readonly Item[] {
    const items: Item[] = [];
    if (this.#take(close)) return items;
    do items.push(item());
    while (this.#take(','));
    this.#expect(close);
    return items;
  }

  #deeper(): void {
    this.#depth += 1;
    const { from, to } = this.#peek();
    if (this.#depth > DEEPEST)
      throw new SyntaxFailure(`An expression may be nested at most ${DEEPEST} deep.`, from, to);
  }

  #limit(count: number): void {
    const { from, to } = this.#peek();
    if (count > MOST_IN_A_ROW)
      throw new SyntaxFailure(`At most ${MOST_IN_A_ROW} operators may follow each other.`, from, to);
  }

  #peek(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]!;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #previousEnd(): number {
    return this.#tokens[this.#at - 1]!.to;
  }

  #take(text: string): boolean {
    const token = this.#peek();
    const taken = token.text === text && (token.kind === 'sign' || (text === 'in' && token.kind === 'name'));
    if (taken) this.#at += 1;
    return taken;
  }

  #expect(text: string): Token {
    const token = this.#next();
    if (token.text === text && token.kind === 'sign') return token;
    throw new SyntaxFailure(`Expected "${text}", found ${called(token)}.`, token.from, token.to);
  }
}

function finite(token: Token): number {
  const value = Number(token.text);
  if (Number.isFinite(value)) return value;
  throw new SyntaxFailure(`${token.text} is too large.`, token.from, token.to);
}

function unexpected(token: Token): SyntaxFailure {
  const words: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };
  const near = token.kind === 'name' && Object.hasOwn(words, token.text) ? words[token.text] : undefined;
  const hint = near === undefined ? undefined : `Write ${near}.`;
  return new SyntaxFailure(`Did not expect ${called(token)} here.`, token.from, token.to, hint);
}

function called(token: Token): string {
  return token.kind === 'end' ? 'the end' : `"${token.text}"`;
}
