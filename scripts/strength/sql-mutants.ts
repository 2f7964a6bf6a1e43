import type { Mutant } from './mutants.ts';

/**
 * The mutants of a literal that holds SQL, by offset into it, or `undefined` for any other text. Half of what a store promises is in
 * its statements' conditions and orders, which no mutant of TypeScript would touch.
 */
export function mutantsOfSql(literal: string): readonly Mutant[] | undefined {
  if (!STATEMENT.test(literal)) return undefined;
  return [...literal.matchAll(WORD)].flatMap(({ 0: word, index }) => {
    const turned = TURNED[word];
    return turned === undefined || isAssigned(literal, word, index)
      ? []
      : [{ start: index, end: index + word.length, text: turned }];
  });
}

const STATEMENT = /^['"`]\s*(SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE)\b/;
const WORD =
  /<=|>=|<>|\bIS NOT NULL\b|\bIS NULL\b|\bNOT EXISTS\b|\bEXISTS\b|\bAND\b|\bOR(?! (IGNORE|REPLACE))\b|\bDESC\b|\bMAX\b|\bMIN\b|[<>=]|\d+/g;
const TURNED: Readonly<Record<string, string>> = {
  ...{ '<=': '<', '>=': '>', '<': '<=', '>': '>=', '=': '<>', '<>': '=' },
  ...{ 'IS NULL': 'IS NOT NULL', 'IS NOT NULL': 'IS NULL', EXISTS: 'NOT EXISTS', 'NOT EXISTS': 'EXISTS' },
  ...{ AND: 'OR', OR: 'AND', DESC: 'ASC', MAX: 'MIN', MIN: 'MAX', '0': '1', '1': '0' },
};

/** `SET a = ?` gives a value: it is no comparison, and nothing to turn would be left of the statement. */
function isAssigned(literal: string, word: string, index: number): boolean {
  if (word !== '=') return false;
  const before = literal.slice(0, index);
  const set = before.lastIndexOf(' SET ');
  return set > Math.max(before.lastIndexOf('WHERE'), before.lastIndexOf(' CASE '), before.lastIndexOf(' ON '));
}
