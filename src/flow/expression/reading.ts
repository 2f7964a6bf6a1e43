import { ParleyError } from '../../errors.ts';
import type { Json, Type } from '../../type.ts';
import { didYouMean } from '../reading/did-you-mean.ts';
import { isNumeric, isText } from '../value/assignable.ts';
import type { Compiler } from './compile.ts';
import { capital, describe } from './describe.ts';
import { fieldsOf } from './field.ts';
import { FUNCTIONS } from './functions.ts';
import { asList, ownField, type Piece, piece, type Run, wrongValue } from './piece.ts';
import { ANY, BOOLEAN, type Of, type Place } from './place.ts';
import type { Node } from './syntax.ts';

// Reading: what is written out, names, fields, items.

export function literal(node: Of<'literal'>): Piece {
  const { value } = node;
  return piece(node, { type: literalType(node), constant: value, run: () => value });
}

/** A text is known as the enumeration of itself, so that where an enum is wanted its spelling can be checked. */
function literalType({ value, integer }: Of<'literal'>): Type {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return { kind: 'enum', values: [value] };
  if (typeof value === 'boolean') return BOOLEAN;
  return { kind: integer === true ? 'integer' : 'number' };
}

export function compileName(c: Compiler, node: Of<'name'>, place: Place, path: string = node.name): Piece {
  const local = place.locals.get(node.name);
  if (local !== undefined) {
    const { depth } = local;
    // "#" cannot begin a name: a macro's variable never passes for one of the scope.
    const own = `#${depth}`;
    return piece(node, { type: c.narrowed(local.type, own, place), run: (_, locals) => locals[depth]! }, { path: own });
  }
  const variable = c.scope.variable(node.name);
  if (variable === undefined) {
    const hint = didYouMean(node.name, [...place.locals.keys(), ...c.scope.names()]);
    return c.wrong(node, `There is no "${node.name}" here.`, 'expression.unknown_name', hint);
  }
  c.reads.add(node.name);
  if (path === node.name) c.paths.add(path);
  const type = c.narrowed(variable.type, node.name, place);
  return piece(node, { type, run: (env) => variable.read(env) ?? null }, { path: node.name });
}

export function compileMember(c: Compiler, node: Of<'member'>, place: Place, outer = true): Piece {
  const target = compileTarget(c, node.target, place);
  if (target.poisoned) return c.poison(node);
  const path = target.path === undefined ? undefined : `${target.path}.${node.field}`;
  if (outer && path !== undefined && !path.startsWith('#')) c.paths.add(path);
  const holder = c.settled(target);
  const { field } = node;
  const run: Run = (env, locals) => ownField(holder.run(env, locals), field);
  if (holder.type.kind === 'any') return piece(node, { type: ANY, run }, { path });
  const fields = fieldsOf(holder.type);
  const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (type === undefined) return unknownField(c, node, holder.type, Object.keys(fields));
  return piece(node, { type: c.narrowed(type, path, place), run }, { path });
}

/** What a field, item or method is taken of: only the longest path of a chain is what the expression reads. */
function compileTarget(c: Compiler, node: Node, place: Place): Piece {
  if (node.kind === 'name') return compileName(c, node, place, '');
  return node.kind === 'member' ? compileMember(c, node, place, false) : c.visit(node, place);
}

function unknownField(c: Compiler, node: Of<'member'>, type: Type, fields: readonly string[]): Piece {
  const at = { from: node.fieldFrom, to: node.to };
  const method = FUNCTIONS.has(node.field) ? `Write ${node.field}().` : undefined;
  const hint = method ?? didYouMean(node.field, fields);
  c.report(at, 'expression.unknown_field', `${capital(describe(type))} has no field "${node.field}".`, hint);
  return c.poison(node);
}

export function compileIndex(c: Compiler, node: Of<'index'>, place: Place): Piece {
  const target = c.visit(node.target, place);
  const index = c.visit(node.index, place);
  if (target.poisoned || index.poisoned) return c.poison(node);
  const list = c.settled(target);
  const known = list.type.kind === 'list' ? list.type.of : ANY;
  if (list.type.kind !== 'list' && list.type.kind !== 'any')
    return c.wrong(node, `${capital(describe(list.type))} has no items.`);
  if (!isNumeric(index.type) && index.type.kind !== 'any' && !(list.type.kind === 'any' && isText(index.type)))
    return c.wrong(node.index, `An item is taken by its number, not by ${describe(index.type)}.`);
  return piece(node, { type: known, run: (env, locals) => item(list.run(env, locals), index.run(env, locals)) });
}

function item(holder: Json, index: Json): Json {
  if (holder === null || index === null) return null;
  if (typeof index === 'string') return ownField(holder, index);
  const list = asList(holder);
  if (typeof index !== 'number') throw wrongValue('the number of an item', index);
  if (list !== null && Number.isInteger(index) && index >= 0 && index < list.length) return list[index]!;
  throw new ParleyError('expression.index', `There is no item ${index} in a list of ${list?.length ?? 0}.`, {
    hint: 'Test size() first; the first item is [0].',
  });
}
