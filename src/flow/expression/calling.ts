import type { Type } from '../../type.ts';
import { didYouMean } from '../reading/did-you-mean.ts';
import { join } from '../value/assignable.ts';
import type { Compiler } from './compile.ts';
import { describe } from './describe.ts';
import { FUNCTIONS } from './functions.ts';
import { compileCondition } from './logic.ts';
import { MACROS, walk } from './macro.ts';
import { prefixes } from './narrowing.ts';
import { type Built, type Piece, piece, type Run } from './piece.ts';
import { ANY, BOOLEAN, type Of, type Place } from './place.ts';
import type { Node } from './syntax.ts';

// Calling functions and macros, and building the lists and maps they work on.

export function compileCall(c: Compiler, node: Of<'call'>, place: Place): Piece {
  if (node.target === undefined && node.name === 'has') return compileHas(c, node, place);
  if (node.target !== undefined && MACROS.has(node.name)) return compileMacro(c, node, node.target, place);
  const written = node.target === undefined ? [] : [c.visit(node.target, place)];
  const args = [...written, ...node.args.map((arg) => c.visit(arg, place))].map((arg) => c.settled(arg));
  const builtin = FUNCTIONS.get(node.name);
  if (builtin === undefined) {
    const at = { from: node.nameFrom, to: node.nameFrom + node.name.length };
    const hint = didYouMean(node.name, [...FUNCTIONS.keys(), ...MACROS, 'has']);
    c.report(at, 'expression.unknown_name', `There is no function "${node.name}".`, hint);
    return c.poison(node);
  }
  if (args.some((arg) => arg.poisoned)) return c.poison(node);
  const fits = args.length >= builtin.least && args.length <= builtin.most;
  const built = fits ? builtin.build(args) : undefined;
  if (built === undefined)
    return c.wrong(node, `Cannot call ${node.name} so.`, 'expression.type', `Write ${builtin.usage}.`);
  return 'problem' in built ? c.wrong(node, built.problem, built.code, built.hint) : piece(node, built);
}

function compileHas(c: Compiler, node: Of<'call'>, place: Place): Piece {
  const [arg] = node.args;
  if (arg?.kind !== 'member' || node.args.length !== 1)
    return c.wrong(node, 'has() asks for a field.', 'expression.type', 'Write has(order.eta), or order != null.');
  const field = c.visit(arg, place);
  if (field.poisoned) return c.poison(node);
  const { run, path } = field;
  const built: Built = { type: BOOLEAN, run: (env, locals) => run(env, locals) !== null };
  return piece(node, built, path === undefined ? {} : { whenTrue: prefixes(path) });
}

function compileMacro(c: Compiler, node: Of<'call'>, target: Node, place: Place): Piece {
  const list = c.settled(c.visit(target, place));
  const [variable, body] = node.args;
  if (variable?.kind !== 'name' || body === undefined || node.args.length !== 2)
    return c.wrong(
      node,
      `${node.name}() asks for a name and what to do with it.`,
      'expression.syntax',
      `Write list.${node.name}(x, …).`,
    );
  if (list.poisoned) return c.poison(node);
  if (list.type.kind !== 'list' && list.type.kind !== 'any')
    return c.wrong(target, `${node.name}() goes through a list, not ${describe(list.type)}.`);
  const { depth } = place;
  const local = { type: list.type.kind === 'list' ? list.type.of : ANY, depth };
  // A variable hides an outer one of its name.
  const inside: Place = { ...place, locals: new Map(place.locals).set(variable.name, local), depth: depth + 1 };
  const result = node.name === 'map' ? c.visit(body, inside) : compileCondition(c, body, inside);
  if (result.poisoned) return c.poison(node);
  const type: Type =
    node.name === 'map' ? { kind: 'list', of: result.type } : node.name === 'filter' ? list.type : BOOLEAN;
  return piece(node, { type, run: walk(node.name, list.run, result.run, depth) });
}

export function compileList(c: Compiler, node: Of<'list'>, place: Place): Piece {
  const items = node.items.map((item) => c.visit(item, place));
  if (items.some((item) => item.poisoned)) return c.poison(node);
  const of = items.reduce<Type | undefined>((type, item) => type && join(type, item.type), items[0]?.type ?? ANY);
  if (of === undefined) return c.wrong(node, 'The items of this list are of different types.');
  const runs = items.map((item) => item.run);
  const run: Run = (env, locals) => runs.map((item) => item(env, locals));
  return piece(node, { type: { kind: 'list', of }, run });
}

export function compileMap(c: Compiler, node: Of<'map'>, place: Place): Piece {
  const entries = node.entries.map(({ key, value }) => [key, c.visit(value, place)] as const);
  for (const { key, from, to } of node.entries)
    if (key === '__proto__') return c.wrong({ ...node, from, to }, '"__proto__" cannot be a key.');
  if (entries.some(([, value]) => value.poisoned)) return c.poison(node);
  const fields = Object.fromEntries(entries.map(([key, value]) => [key, value.type]));
  const run: Run = (env, locals) => Object.fromEntries(entries.map(([key, value]) => [key, value.run(env, locals)]));
  return piece(node, { type: { kind: 'object', name: 'map', fields }, run });
}
