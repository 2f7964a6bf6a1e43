import type { Type } from '../../type.ts';

const STRING: Type = { kind: 'string' };
const NONE: Readonly<Record<string, Type>> = {};
const MONEY: Readonly<Record<string, Type>> = { amount: { kind: 'number' }, currency: STRING };
const FILE: Readonly<Record<string, Type>> = {
  id: STRING,
  name: STRING,
  type: STRING,
  size: { kind: 'integer' },
  url: STRING,
};

/** The fields that an expression or message may read of a value of this type. Look names up with `Object.hasOwn`. */
export function fieldsOf(type: Type): Readonly<Record<string, Type>> {
  switch (type.kind) {
    case 'object':
      return type.fields;
    case 'money':
      return MONEY;
    case 'file':
      return FILE;
    default:
      return NONE;
  }
}
