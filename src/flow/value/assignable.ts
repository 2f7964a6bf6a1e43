import { optional, required, type Type } from '../../type.ts';

/** May a value of type `from` be put where `to` is expected, with no conversion? */
export function assignable(from: Type, to: Type): boolean {
  if (from.kind === 'any' || to.kind === 'any') return true;
  if (to.kind === 'optional') return from.kind === 'null' || assignable(required(from), to.of);
  switch (from.kind) {
    case 'optional':
      return false;
    case 'enum':
      return to.kind === 'enum'
        ? from.values.every((value) => to.values.includes(value))
        : to.kind === 'string' || to.kind === 'text';
    case 'list':
      return to.kind === 'list' && assignable(from.of, to.of);
    case 'object':
      return to.kind === 'object' && (from === to || fieldsFit(from.fields, to.fields));
    case 'integer':
      return to.kind === 'integer' || to.kind === 'number';
    case 'string':
    case 'text':
      return to.kind === 'string' || to.kind === 'text';
    case 'email':
    case 'phone':
    case 'url':
      return to.kind === from.kind || to.kind === 'string' || to.kind === 'text';
    default:
      return from.kind === to.kind;
  }
}

function fieldsFit(from: Readonly<Record<string, Type>>, to: Readonly<Record<string, Type>>): boolean {
  return Object.entries(to).every(([name, type]) => {
    const given = Object.hasOwn(from, name) ? from[name] : undefined;
    return given === undefined ? type.kind === 'optional' || type.kind === 'any' : assignable(given, type);
  });
}

/** The narrowest type that both values have: of a ternary's arms, of a list's items. Nothing where they do not mix. */
export function join(a: Type, b: Type): Type | undefined {
  if (a.kind === 'any' || b.kind === 'any') return { kind: 'any' };
  if (a.kind === 'null') return optional(b);
  if (b.kind === 'null') return optional(a);
  if (a.kind === 'optional' || b.kind === 'optional') {
    const inner = join(required(a), required(b));
    return inner === undefined ? undefined : optional(inner);
  }
  if (a.kind === 'enum' && b.kind === 'enum') return { kind: 'enum', values: [...new Set([...a.values, ...b.values])] };
  if (assignable(a, b)) return b;
  if (assignable(b, a)) return a;
  return isText(a) && isText(b) ? { kind: 'string' } : undefined;
}

/** Is it a string at run time, for comparing and joining as text? */
export function isText(type: Type): boolean {
  switch (type.kind) {
    case 'string':
    case 'text':
    case 'enum':
    case 'email':
    case 'phone':
    case 'url':
      return true;
    default:
      return false;
  }
}

export function isNumeric(type: Type): boolean {
  return type.kind === 'number' || type.kind === 'integer';
}
