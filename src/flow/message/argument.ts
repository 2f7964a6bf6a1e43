import { type Json, show, type Type } from '../../type.ts';
import { fieldsOf } from '../expression/field.ts';
import { ownField } from '../expression/piece.ts';
import type { Env, Problem, Scope, Variable } from '../expression/scope.ts';
import { didYouMean } from '../reading/did-you-mean.ts';
import type { Argument } from './syntax.ts';

/** A message's argument found in the scope. */
export interface Found {
  readonly type: Type;
  read(env: Env): Json;
}

/**
 * Looks a dotted path up. Reports an unknown name or field, a variable that may be unset (a mistake of the flow), and a
 * field that may be unset (a warning: its record may well have it, and else a dash is printed).
 */
export function findArgument(
  argument: Argument,
  scope: Scope<Env>,
  report: (problem: Problem) => void,
): Found | undefined {
  const [root = '', ...fields] = argument.path.split('.');
  const variable = scope.variable(root);
  const complain = (
    code: string,
    message: string,
    hint?: string,
    severity: Problem['severity'] = 'error',
  ): undefined => {
    const { from, to } = argument;
    report({ code, message, from, to, severity, ...(hint === undefined ? {} : { hint }) });
  };
  if (variable === undefined)
    return complain('message.unknown_name', `There is no "${root}" here.`, didYouMean(root, scope.names()));
  let { type } = variable;
  let path = root;
  for (const field of [undefined, ...fields]) {
    if (field !== undefined) {
      if (type.kind !== 'any') {
        const known = fieldsOf(type);
        const next = Object.hasOwn(known, field) ? known[field] : undefined;
        if (next === undefined)
          return complain(
            'message.unknown_field',
            `${show(type)} has no field "${field}".`,
            didYouMean(field, Object.keys(known)),
          );
        type = next;
      }
      path = `${path}.${field}`;
    }
    if (type.kind !== 'optional') continue;
    if (!scope.isSet(path)) {
      const severity = path === root ? 'error' : 'warning';
      complain('message.maybe_unset', `"${path}" may be unset here.`, `Test ${path} != null first.`, severity);
      if (severity === 'error') return undefined;
    }
    type = type.of;
  }
  return { type, read: reader(variable, fields) };
}

function reader(variable: Variable<Env>, fields: readonly string[]): (env: Env) => Json {
  const [first, ...rest] = fields;
  if (first === undefined) return (env) => variable.read(env) ?? null;
  if (rest.length === 0) return (env) => ownField(variable.read(env) ?? null, first);
  return (env) => fields.reduce<Json>(ownField, variable.read(env) ?? null);
}
