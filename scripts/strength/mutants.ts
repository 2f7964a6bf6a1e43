import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import { isTypeNode } from 'typescript/unstable/ast/is';
import { mutantsOfSql } from './sql-mutants.ts';

/** One small wrong in a file: the text between two offsets is another one. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Every mutant of a file, by its syntax tree: comparisons and logic turned, conditions negated, statements dropped, constants swapped, and
 * the same within the SQL that it writes. Types, imports and prose (a text with a space: what people read) are left alone.
 */
export function mutantsOf(file: SourceFile): readonly Mutant[] {
  const found: Mutant[] = [];
  const visit = (node: Node): void => {
    if (isTypeNode(node) || NO_BEHAVIOUR.has(node.kind)) return;
    found.push(...mutantsAt(node, file));
    node.forEachChild(visit);
  };
  visit(file);
  return found.toSorted((one, other) => one.start - other.start);
}

function mutantsAt(node: Node, file: SourceFile): readonly Mutant[] {
  const source = file.text;
  const start = node.getStart(file);
  const written = source.slice(start, node.end);
  const as = (text: string): Mutant[] => [{ start, end: node.end, text }];
  const operator = OPERATORS.get(node.kind);
  if (operator !== undefined) return isJoiningText(node, file) ? [] : as(operator);
  switch (node.kind) {
    case SyntaxKind.ExpressionStatement:
    case SyntaxKind.ThrowStatement:
    case SyntaxKind.ContinueStatement:
    case SyntaxKind.BreakStatement:
      return isTold(written) ? [] : as('{}');
    case SyntaxKind.IfStatement:
    case SyntaxKind.WhileStatement:
    case SyntaxKind.ConditionalExpression:
      return negated(node, file);
    case SyntaxKind.NumericLiteral:
      return as(written === '0' ? '1' : written === '1' ? '0' : `(${written} + 1)`);
    case SyntaxKind.TrueKeyword:
      return as('false');
    case SyntaxKind.FalseKeyword:
      return as('true');
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
    case SyntaxKind.TemplateExpression:
      return mutantsOfText(node, start, written);
    default:
      return [];
  }
}

const OPERATORS = new Map<SyntaxKind, string>([
  [SyntaxKind.LessThanToken, '<='],
  [SyntaxKind.LessThanEqualsToken, '<'],
  [SyntaxKind.GreaterThanToken, '>='],
  [SyntaxKind.GreaterThanEqualsToken, '>'],
  [SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [SyntaxKind.AmpersandAmpersandToken, '||'],
  [SyntaxKind.BarBarToken, '&&'],
  [SyntaxKind.QuestionQuestionToken, '&&'],
  [SyntaxKind.QuestionQuestionEqualsToken, '&&='],
  [SyntaxKind.QuestionDotToken, '.'],
  [SyntaxKind.PlusToken, '-'],
  [SyntaxKind.MinusToken, '+'],
  [SyntaxKind.AsteriskToken, '/'],
  [SyntaxKind.SlashToken, '*'],
  [SyntaxKind.PlusEqualsToken, '-='],
  [SyntaxKind.MinusEqualsToken, '+='],
]);

const NO_BEHAVIOUR = new Set<SyntaxKind>([
  SyntaxKind.ImportDeclaration,
  SyntaxKind.ExportDeclaration,
  SyntaxKind.InterfaceDeclaration,
  SyntaxKind.TypeAliasDeclaration,
]);

/** `a?.[b]` and `a?.(b)` would not parse without the mark; a generator's star and a plus between texts are no arithmetic. */
function isJoiningText(node: Node, file: SourceFile): boolean {
  const source = file.text;
  if (node.kind === SyntaxKind.QuestionDotToken) return /^\s*[[(]/.test(source.slice(node.end));
  if (node.kind === SyntaxKind.AsteriskToken) return node.parent.kind !== SyntaxKind.BinaryExpression;
  if (node.kind !== SyntaxKind.PlusToken) return false;
  return /['"`]\s*$/.test(source.slice(0, node.getStart(file))) || /^\s*['"`]/.test(source.slice(node.end));
}

/** What is written to the log is for people. */
function isTold(statement: string): boolean {
  return /^(this\.)?[\w#.]*\blog\.(info|warn|error)\(/.test(statement) || /^super\(/.test(statement);
}

/** The opposite condition; a lone comparison is turned already. */
function negated(node: Node, file: SourceFile): readonly Mutant[] {
  const condition = 'expression' in node ? node.expression : 'condition' in node ? node.condition : undefined;
  if (condition === undefined || !isNode(condition)) return [];
  const start = condition.getStart(file);
  const text = file.text.slice(start, condition.end);
  const isLone = /^[^&|?]+ (===|!==) [^&|?]+$/.test(text);
  return isLone ? [] : [{ start, end: condition.end, text: `!(${text})` }];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value && 'getStart' in value;
}

function mutantsOfText(node: Node, start: number, written: string): readonly Mutant[] {
  const sql = mutantsOfSql(written);
  if (sql !== undefined) return sql.map((each) => ({ ...each, start: start + each.start, end: start + each.end }));
  if (node.kind === SyntaxKind.TemplateExpression || written.includes(' ') || written.length === 2) return [];
  // The name of a property is not a value.
  if (node.parent.kind === SyntaxKind.PropertyAssignment && 'name' in node.parent && node.parent.name === node)
    return [];
  return [{ start, end: start + written.length, text: "''" }];
}
