import { optional, required, type Type } from '../../type.ts';
import type { Compiler } from '../compiling/compiler.ts';
import { OUTCOMES, PATTERNS, repairName } from '../library.ts';
import type { Header, SlotSpec } from '../program.ts';
import { isCurrency } from '../value/money.ts';
import { compilePattern, type Pattern } from '../value/pattern.ts';
import { parseType } from '../value/type-syntax.ts';
import { nearest } from './did-you-mean.ts';
import type { Problem } from './problem.ts';
import { Flow, type FlowSource, type SlotSource } from './schema.ts';
import { readYaml, type YamlFile } from './yaml.ts';
import { parseZod } from './zod-problems.ts';

/** A flow file that was read: its header is known, its steps are not compiled yet. */
export interface FlowFile {
  readonly yaml: YamlFile;
  readonly source: FlowSource;
  readonly header: Header;
  /** The repair pattern this flow is for, if it is one. */
  readonly pattern: string | undefined;
  readonly outcomes: ReadonlySet<string>;
  /** Patterns it has a block of its own for. */
  readonly handles: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** Reads a flow's YAML and its header. `undefined` with problems when it is no flow at all. */
export function readFlow(
  text: string,
  file: string,
  types: ReadonlyMap<string, Type>,
  pattern?: string,
): { flow?: FlowFile; problems: readonly Problem[] } {
  const yaml = readYaml(text, file);
  if (yaml.value === undefined || yaml.value === null) {
    const empty: Problem = {
      file,
      line: 1,
      col: 1,
      code: 'flow.empty',
      message: 'The file holds no flow.',
      hint: 'Begin with `flow: my_flow`.',
      severity: 'error',
    };
    return { problems: yaml.problems.length > 0 ? yaml.problems : [empty] };
  }
  const problems = [...yaml.problems];
  const source = parseZod(Flow, yaml.value, [], yaml, problems) ?? readRest(yaml.value);
  if (!source) return { problems };
  if (pattern !== undefined && !(pattern in PATTERNS)) {
    const guess = nearest(pattern, Object.keys(PATTERNS));
    problems.push({
      file,
      line: 1,
      col: 1,
      code: 'flow.unknown_pattern',
      message: `\`${pattern}\` is not a repair pattern.`,
      hint: guess ? `Did you mean \`${guess}\`?` : `They are: ${Object.keys(PATTERNS).join(' ')}.`,
      severity: 'error',
    });
  }
  const header = headerOf(source, yaml, types, problems, pattern);
  return {
    flow: {
      yaml,
      source,
      header,
      pattern,
      outcomes: new Set([...OUTCOMES, ...(source.outcomes ?? [])]),
      handles: new Set(Object.keys(source.on ?? {})),
      problems,
    },
    problems,
  };
}

/** Without these nothing sensible can be said of the steps. */
const ESSENTIAL = ['flow', 'slots', 'inputs', 'policy', 'steps'];

/** What is left of a flow without the wrong parts of its header, so that the mistakes in its steps are told in the same breath. */
function readRest(value: unknown): FlowSource | undefined {
  const issues = Flow.safeParse(value).error?.issues ?? [];
  const wrong = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [String(issue.path[0])],
    ),
  );
  if (typeof value !== 'object' || value === null || ESSENTIAL.some((key) => wrong.has(key))) return undefined;
  return Flow.safeParse(Object.fromEntries(Object.entries(value).filter(([key]) => !wrong.has(key)))).data;
}

function headerOf(
  source: FlowSource,
  yaml: YamlFile,
  types: ReadonlyMap<string, Type>,
  problems: Problem[],
  pattern: string | undefined,
): Header {
  const typesOf = (key: 'inputs' | 'outputs') =>
    Object.fromEntries(
      Object.entries(source[key] ?? {}).map(([name, written]) => {
        const parsed = parseType(written, types);
        if ('type' in parsed) return [name, parsed.type];
        problems.push({
          file: yaml.file,
          ...yaml.locate([key, name]),
          code: 'flow.type',
          message: parsed.problem,
          severity: 'error',
          ...(parsed.hint && { hint: parsed.hint }),
        });
        return [name, { kind: 'any' } as Type];
      }),
    );
  const inputs =
    pattern === undefined
      ? typesOf('inputs')
      : Object.fromEntries(Object.entries(PATTERNS[pattern] ?? {}).map(([name, type]) => [name, optional(type)]));
  return {
    flow: pattern === undefined ? source.flow : repairName(source.flow),
    description: source.description ?? source.flow.replaceAll('_', ' '),
    title: typeof source.title === 'string' ? { '*': source.title } : (source.title ?? {}),
    examples: source.triggers?.examples ?? {},
    events: source.triggers?.events ?? [],
    schedule: source.triggers?.schedule,
    inputs: pattern === undefined ? inputs : {},
    outputs: typesOf('outputs'),
    callableOnly: source.callable_only === true || pattern !== undefined,
    onUpdate: source.on_update ?? 'pin',
    urgent: source.urgent === true,
    ...(source.risk !== undefined && { risk: source.risk }),
    ...(source.review !== undefined && { review: source.review }),
  };
}

/** The declared slots, with their types and patterns. */
export function slotSpecs(c: Compiler, file: FlowFile): Record<string, SlotSpec> {
  return Object.fromEntries(
    Object.entries(file.source.slots ?? {}).map(([name, written]) => [
      name,
      slotSpec(c, name, typeof written === 'string' ? { type: written } : written),
    ]),
  );
}

function slotSpec(c: Compiler, name: string, source: SlotSource): SlotSpec {
  const parsed = parseType(source.type, c.library.types);
  if ('problem' in parsed) c.error('flow.type', parsed.problem, ['slots', name], parsed.hint);
  let pattern: Pattern | undefined;
  if (source.pattern !== undefined) {
    const compiled = compilePattern(source.pattern);
    if ('pattern' in compiled) pattern = compiled.pattern;
    else c.error('expression.pattern', compiled.problem, ['slots', name, 'pattern']);
  }
  if (source.currency !== undefined)
    checkCurrency(c, name, source.currency, 'type' in parsed ? parsed.type : undefined);
  if (source.prefill === 'words' && (!('type' in parsed) || required(parsed.type).kind !== 'text'))
    c.error('flow.type', 'Only a `text` can begin as her words.', ['slots', name, 'prefill'], 'Make its type `text`.');
  return {
    name,
    type: 'type' in parsed ? parsed.type : { kind: 'any' },
    scope: source.scope ?? 'flow',
    prefill: source.prefill === undefined,
    ...(source.prefill === 'words' && { words: true }),
    ...(pattern && { pattern }),
    ...(source.pattern !== undefined && { source: source.pattern }),
    ...(source.min !== undefined && { min: source.min }),
    ...(source.max !== undefined && { max: source.max }),
    ...(source.currency !== undefined && { currency: source.currency }),
    ...(source.description !== undefined && { description: source.description }),
    ...(source.sensitive && { sensitive: source.sensitive }),
  };
}

function checkCurrency(c: Compiler, name: string, currency: string, type: Type | undefined): void {
  const own = type && required(type);
  const element = own?.kind === 'list' ? required(own.of) : own;
  const at = ['slots', name, 'currency'];
  if (element && element.kind !== 'money' && element.kind !== 'any')
    c.error('flow.type', `Only money has a currency, and \`${name}\` is none.`, at, 'Make its type `money`.');
  else if (!isCurrency(currency))
    c.error('flow.type', `\`${currency}\` is no currency.`, at, 'Write its ISO 4217 code in capitals, such as EUR.');
}
