import type { Json, Type } from '../../type.ts';
import { identity, required } from '../../type.ts';
import type { ChoiceView } from '../../understanding/understanding.ts';
import type { SlotSpec } from '../program.ts';
import { nearest } from '../reading/did-you-mean.ts';
import type { Run } from '../run.ts';
import type { Compiler } from './compiler.ts';
import type { Name } from './knowledge.ts';
import type { Localized } from './localized.ts';

/** The answers a question offers: fixed ones, or the items of a list known only when it is asked. */
export interface Choices {
  readonly reads: readonly string[];
  /** Can several be picked? */
  readonly multiple: boolean;
  values(run: Run): readonly Json[];
  labels(run: Run): readonly string[];
  /** For understanding: every way each may be said. */
  views(run: Run): readonly ChoiceView[];
  /** The offered value that a given one means (a record is recognised by its first field), or `undefined` if it is not on offer. */
  match(run: Run, given: Json): Json | undefined;
  /** Which of the offered values a matched one is. */
  indexOf(run: Run, value: Json): number;
}

interface Source {
  readonly choices?: unknown;
  readonly choices_from?: string | undefined;
  readonly synonyms?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly choice_label?: string | Record<string, string> | undefined;
}

/** Compiles `choices`, or `choices_from` with `choice_label`; an enum and a yes/no question offer their values by themselves. */
export function compileChoices(c: Compiler, slot: SlotSpec, step: Source): Choices | undefined {
  const list = slot.type.kind === 'list';
  const element = required(slot.type.kind === 'list' ? slot.type.of : slot.type);
  if (step.choices_from !== undefined) return fromList(c, element, list, step.choices_from, step.choice_label);
  const offered =
    step.choices !== undefined
      ? optionsOf(c, element, step.choices)
      : element.kind === 'enum'
        ? element.values.map((value) => ({ value, label: literal(humanise(value)) }))
        : undefined;
  if (offered) return statics(withSynonyms(c, offered, step.synonyms), list);
  if (element.kind === 'boolean') return yesNo(list);
  if (element.kind === 'object') {
    c.error(
      'flow.no_choices',
      `\`${slot.name}\` holds a record, which a customer can only pick from a list.`,
      'collect',
      'Add `choices_from:` with the list, and `choice_label:`.',
    );
  }
  return undefined;
}

function fromList(
  c: Compiler,
  element: Type,
  multiple: boolean,
  source: string,
  labelSource: Source['choice_label'],
): Choices {
  const list = c.expression('choices_from', source, 0);
  const listType = required(list.type);
  const itemType: Type = listType.kind === 'list' ? listType.of : { kind: 'any' };
  if (listType.kind !== 'list' && listType.kind !== 'any') c.error('flow.type', 'This is not a list.', 'choices_from');
  let current: Json = null;
  const item: ReadonlyMap<string, Name> = new Map([['item', { type: itemType, origin: 'item', read: () => current }]]);
  const label = labelSource === undefined ? undefined : c.text('choice_label', labelSource, item);
  if (!label && required(itemType).kind === 'object') {
    c.error(
      'flow.missing_key',
      'A list of records needs a label for each.',
      'choices_from',
      'Add `choice_label: {en: "{item.name}", …}`.',
    );
  }
  const values = (run: Run) => {
    const result = list.evaluate(run);
    return Array.isArray(result) ? (result as readonly Json[]) : [];
  };
  const labelOf = (run: Run, value: Json) => {
    current = value;
    return label ? label.render(run) : String(value);
  };
  const key = identity(required(itemType)) ?? identity(element);
  return {
    reads: [...list.reads, ...(label?.reads ?? [])].filter((name) => name !== 'item'),
    multiple,
    values,
    labels: (run) => values(run).map((value) => labelOf(run, value)),
    views: (run) =>
      values(run).map((value) => {
        current = value;
        return { value, labels: label ? label.renderAll(run) : [String(value)] };
      }),
    match(run, given) {
      const found = values(run).find((value) => same(value, given, key));
      return found === undefined ? undefined : merge(found, given);
    },
    indexOf: (run, given) => values(run).findIndex((value) => same(value, given, key)),
  };
}

function optionsOf(c: Compiler, element: Type, source: unknown): Option[] {
  const entries: [string, unknown][] = Array.isArray(source)
    ? source.map((value) => [String(value), String(value)])
    : Object.entries((source ?? {}) as Record<string, unknown>);
  const allowed = element.kind === 'enum' ? element.values : element.kind === 'boolean' ? ['true', 'false'] : undefined;
  const options = entries.map(([key, text]) => {
    if (allowed && !allowed.includes(key)) {
      const guess = nearest(key, allowed);
      c.errorAtKey(
        'expression.enum',
        `\`${key}\` is not one of ${allowed.join(', ')}.`,
        key,
        guess ? `Did you mean \`${guess}\`?` : undefined,
        [...c.at, 'choices'],
      );
    }
    const label = Array.isArray(source) ? literal(key) : c.text(['choices', key], text);
    c.checkLabel(['choices', key], text);
    return {
      value:
        element.kind === 'boolean'
          ? key === 'true'
          : element.kind === 'integer' || element.kind === 'number'
            ? Number(key)
            : key,
      label,
    };
  });
  const missing = allowed?.filter((value) => !entries.some(([key]) => key === value)) ?? [];
  if (missing.length > 0) c.warn('flow.choices_missing', `No choice leads to ${missing.join(', ')}.`, 'choices');
  return options;
}

interface Option {
  readonly value: Json;
  readonly label: Localized;
  /** Other ways to say it, in any language. */
  readonly synonyms?: readonly string[];
}

function withSynonyms(c: Compiler, options: readonly Option[], source: Source['synonyms'] = {}): readonly Option[] {
  const known = options.map(({ value }) => String(value));
  for (const key of Object.keys(source)) {
    if (known.includes(key)) continue;
    const guess = nearest(key, known);
    c.errorAtKey(
      'expression.enum',
      `\`${key}\` is not one of ${known.join(', ')}.`,
      key,
      guess ? `Did you mean \`${guess}\`?` : undefined,
      [...c.at, 'synonyms'],
    );
  }
  return options.map((option) => {
    const synonyms = source[String(option.value)];
    return synonyms === undefined ? option : { ...option, synonyms };
  });
}

function statics(options: readonly Option[], multiple: boolean): Choices {
  const values = options.map(({ value }) => value);
  return {
    reads: [...new Set(options.flatMap(({ label }) => label.reads))],
    multiple,
    values: () => values,
    labels: (run) => options.map(({ label }) => label.render(run)),
    views: (run) =>
      options.map(({ value, label, synonyms = [] }) => ({ value, labels: [...label.renderAll(run), ...synonyms] })),
    match: (_run, given) => values.find((value) => value === given),
    indexOf: (_run, given) => values.indexOf(given),
  };
}

function yesNo(multiple: boolean): Choices {
  return {
    reads: [],
    multiple,
    values: () => [true, false],
    labels: (run) => [run.phrase('yes'), run.phrase('no')],
    views: (run) => [
      { value: true, labels: [run.phrase('yes')] },
      { value: false, labels: [run.phrase('no')] },
    ],
    match: (_run, given) => (typeof given === 'boolean' ? given : undefined),
    indexOf: (_run, given) => [true, false].indexOf(given === true),
  };
}

function literal(text: string): Localized {
  return { reads: [], render: () => text, renderAll: () => [text] };
}

function humanise(value: string): string {
  const words = value.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function same(offered: Json, given: Json, key: string | undefined): boolean {
  if (isRecord(offered) && isRecord(given)) {
    return key !== undefined && Object.hasOwn(given, key)
      ? offered[key] === given[key]
      : Object.keys(given).every((name) => offered[name] === given[name]);
  }
  if (isRecord(offered) && key !== undefined) return offered[key] === given;
  return offered === given;
}

/** The record as it was offered, with the customer's own counts (how many of it): a price or a name is not hers to say. */
function merge(offered: Json, given: Json): Json | undefined {
  if (!isRecord(offered) || !isRecord(given)) return offered;
  const counts = Object.entries(given).filter(
    ([name, value]) => typeof value === 'number' && typeof offered[name] === 'number',
  );
  return counts.every(([, count]) => Number(count) > 0) ? { ...offered, ...Object.fromEntries(counts) } : undefined;
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
