import type { Json } from '../../type.ts';
import { asList, type Run, spend } from './piece.ts';

/** The methods of a list that bring a variable of their own: `lines.all(l, l.qty > 0)`. */
export const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** The macro as a loop over the list, each round paid from the budget. Through an unset list nothing can be said: null. */
export function walk(macro: string, list: Run, body: Run, depth: number): Run {
  const rounds = (visit: (items: readonly Json[], holds: (item: Json) => Json) => Json): Run => {
    return (env, locals) => {
      const items = asList(list(env, locals));
      if (items === null) return null;
      return visit(items, (item) => {
        spend(env, 1);
        locals[depth] = item;
        return body(env, locals);
      });
    };
  };
  switch (macro) {
    case 'all':
      return rounds((items, test) => items.every((item) => test(item) === true));
    case 'exists':
      return rounds((items, test) => items.some((item) => test(item) === true));
    case 'exists_one':
      return rounds((items, test) => items.filter((item) => test(item) === true).length === 1);
    case 'filter':
      return rounds((items, test) => items.filter((item) => test(item) === true));
    default:
      return rounds((items, change) => items.map(change));
  }
}
