import type { ActionSignature } from '../action.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import { inOrder, type Problem } from '../flow/reading/problem.ts';
import { type Path, readYaml } from '../flow/reading/yaml.ts';
import { parseDuration } from '../flow/value/duration.ts';
import { required, type Type } from '../type.ts';
import { type Binding, readBinding, readLine } from './binding.ts';
import { Complaints } from './complaints.ts';
import { ActionSource, Name, RESERVED } from './source.ts';
import { readFields, readType, readTypes } from './types.ts';

/** What connectors.yaml says: which actions there are, the records they speak of, and how they are reached over HTTP. */
export interface Connectors {
  readonly signatures: ReadonlyMap<string, ActionSignature>;
  readonly types: ReadonlyMap<string, Type>;
  /** By action, those that have `http`. The others are done by TypeScript, or by a test's stub. */
  readonly bindings: ReadonlyMap<string, Binding>;
  /** All that is wrong with the file, in its order. What could be read is there nevertheless. */
  readonly problems: readonly Problem[];
}

const TIMEOUT = 10_000;
const LONGEST_TIMEOUT = 10 * 60_000;

/** Reads connectors.yaml (its format: README.md beside this file). Pure; every mistake is told, none thrown. */
export function readConnectors(source: string, file: string): Connectors {
  const yaml = readYaml(source, file);
  const complaints = new Complaints(yaml);
  const root = asMap(yaml.value ?? {}, [], complaints);
  complainAboutKeys(root, complaints);
  const types = readTypes(root.types, complaints);
  const signatures = new Map<string, ActionSignature>();
  const bindings = new Map<string, Binding>();
  for (const [connector, value] of Object.entries(asMap(root.connectors ?? {}, ['connectors'], complaints))) {
    const at = ['connectors', connector];
    if (!Name.test(connector))
      complaints.addAtKey(
        ['connectors'],
        connector,
        'connector.name',
        `"${connector}" cannot name a connector.`,
        NAMING,
      );
    const { base, headers, ...actions } = asMap(value, at, complaints);
    const line = readLine(at, base, headers, complaints);
    for (const [key, source] of Object.entries(actions)) {
      const read = ActionSource.safeParse(source, { reportInput: true });
      if (!Name.test(key)) complaints.addAtKey(at, key, 'connector.name', `"${key}" cannot name an action.`, NAMING);
      if (!read.success) {
        complaints.addIssues([...at, key], read.error, Object.keys(ActionSource.shape));
        continue;
      }
      const name = `${connector}.${key}`;
      const signature = readSignature(name, read.data, types, [...at, key], complaints);
      signatures.set(name, signature);
      if (read.data.http === undefined) continue;
      const binding = readBinding(signature, read.data.http, line, [...at, key, 'http'], complaints);
      if (binding !== undefined) bindings.set(name, binding);
    }
  }
  for (const signature of signatures.values()) complainAboutCheck(signature, signatures, complaints);
  return { signatures, types, bindings, problems: inOrder(complaints.found) };
}

const NAMING = `Use letters, digits and _, a letter first. Reserved: ${RESERVED.join(', ')}.`;

function readSignature(
  name: string,
  source: ActionSource,
  types: ReadonlyMap<string, Type>,
  at: Path,
  complaints: Complaints,
): ActionSignature {
  const out =
    typeof source.out === 'string'
      ? readType(source.out, types, [...at, 'out'], complaints)
      : inlineType(source.out, types, [...at, 'out'], complaints);
  const timeout = source.timeout === undefined ? TIMEOUT : parseDuration(source.timeout);
  if (timeout === undefined || timeout < 1 || timeout > LONGEST_TIMEOUT)
    complaints.add(
      [...at, 'timeout'],
      'connector.timeout',
      `"${source.timeout}" is no timeout.`,
      'Write a duration up to 10m, such as 5s or 500ms.',
    );
  const { authenticates } = source;
  if (authenticates !== undefined) complainAboutProof(authenticates, out, [...at, 'authenticates'], complaints);
  return {
    name,
    effect: source.effect,
    in: readFields(source.in ?? {}, types, [...at, 'in'], complaints),
    out,
    timeout: timeout ?? TIMEOUT,
    errors: source.errors ?? [],
    ...(source.check === undefined ? {} : { check: source.check }),
    ...(authenticates === undefined
      ? {}
      : {
          authenticates:
            authenticates.when === undefined
              ? { customer: authenticates.customer }
              : { when: authenticates.when, customer: authenticates.customer },
        }),
  };
}

/** A result written in place: it is shown to authors as they wrote it. */
function inlineType(
  source: Readonly<Record<string, string>>,
  types: ReadonlyMap<string, Type>,
  at: Path,
  complaints: Complaints,
): Type {
  const written = Object.entries(source).map(([field, type]) => `${field}: ${type}`);
  return { kind: 'object', name: `{${written.join(', ')}}`, fields: readFields(source, types, at, complaints) };
}

function complainAboutProof(
  { when, customer }: { when?: string | undefined; customer: string },
  out: Type,
  at: Path,
  complaints: Complaints,
): void {
  const result = required(out);
  if (result.kind === 'any') return;
  const fields = result.kind === 'object' ? result.fields : {};
  const expect = (key: string, field: string, kind: string) => {
    const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (type === undefined)
      complaints.add(
        [...at, key],
        'connector.authenticates',
        `The result has no field "${field}".`,
        didYouMean(field, Object.keys(fields)),
      );
    else if (required(type).kind !== kind && type.kind !== 'any')
      complaints.add([...at, key], 'connector.authenticates', `"${field}" must be a ${kind}.`);
  };
  expect('customer', customer, 'string');
  if (when !== undefined) expect('when', when, 'boolean');
}

/** A check settles whether a write happened, so it must exist and must not write. */
function complainAboutCheck(
  { name, check }: ActionSignature,
  signatures: ReadonlyMap<string, ActionSignature>,
  complaints: Complaints,
): void {
  if (check === undefined) return;
  const at = ['connectors', ...name.split('.'), 'check'];
  const target = signatures.get(check);
  if (target === undefined)
    complaints.add(at, 'connector.check', `There is no action "${check}".`, didYouMean(check, signatures.keys()));
  else if (target.effect !== 'read')
    complaints.add(at, 'connector.check', `"${check}" writes; a check must be a read.`);
}

function complainAboutKeys(root: Readonly<Record<string, unknown>>, complaints: Complaints): void {
  for (const key of Object.keys(root)) {
    if (key !== 'connectors' && key !== 'types')
      complaints.addAtKey(
        [],
        key,
        'connector.unknown_key',
        `"${key}" means nothing here.`,
        didYouMean(key, ['connectors', 'types']) ?? 'Known: connectors, types.',
      );
  }
}

function asMap(value: unknown, at: Path, complaints: Complaints): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  complaints.add(at, 'connector.shape', 'This must be a map of names and what they stand for.');
  return {};
}
