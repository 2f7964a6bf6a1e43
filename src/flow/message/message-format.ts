import { type Json, show, type Type } from '../../type.ts';
import { fieldsOf } from '../expression/field.ts';
import type { Env, Problem, Scope } from '../expression/scope.ts';
import { didYouMean } from '../reading/did-you-mean.ts';
import { isNumeric, isText } from '../value/assignable.ts';
import { type Found, findArgument } from './argument.ts';
import { dateIn, datetimeIn, numberIn, type ShowValue, showValue, UNSET } from './show-value.ts';
import { type Argument, type Options, type Part, parseMessage } from './syntax.ts';

/** A checked message of one language, ready to be filled in. */
export interface Text<E extends Env> {
  /** Root names of the variables it prints. */
  readonly reads: ReadonlySet<string>;
  /** Dotted paths it prints, `order.total`. */
  readonly paths: ReadonlySet<string>;
  /** Throws ParleyError `message.value` where a value of type `any` turns out to have no plain form. */
  render(env: E): string;
}

/**
 * Reads, checks and compiles an ICU message (MessageFormat 1) whose arguments may be dotted. Money, dates, datetimes,
 * durations and numbers are written as the locale's readers write them. Values go in as text and are never read as
 * format.
 */
export function compileText<E extends Env>(
  source: string,
  locale: string,
  scope: Scope<E>,
): { readonly text?: Text<E>; readonly problems: readonly Problem[] } {
  if (!isLocale(locale)) return { problems: [unknownLocale(locale, source)] };
  const parts = parseMessage(source, locale);
  if ('code' in parts) return { problems: [{ ...parts, severity: 'error' }] };
  const compiler = new MessageCompiler(locale, scope as Scope<Env>);
  const render = compiler.sequence(parts);
  const { problems, reads, paths } = compiler;
  if (problems.some((problem) => problem.severity === 'error')) return { problems };
  return { text: { reads, paths, render: (env) => render(env, 0) }, problems };
}

/** Writes a part; `count` is the number that `#` stands for. */
type Render = (env: Env, count: number) => string;

class MessageCompiler {
  readonly problems: Problem[] = [];
  readonly reads = new Set<string>();
  readonly paths = new Set<string>();
  readonly #locale: string;
  readonly #scope: Scope<Env>;
  readonly #number: ShowValue;

  constructor(locale: string, scope: Scope<Env>) {
    this.#locale = locale;
    this.#scope = scope;
    this.#number = numberIn(locale, {});
  }

  sequence(parts: readonly Part[]): Render {
    const renders = parts.map((part) => this.#part(part));
    const [only] = renders;
    if (only === undefined) return () => '';
    if (renders.length === 1) return only;
    return (env, count) => {
      let text = '';
      for (const render of renders) text += render(env, count);
      return text;
    };
  }

  #part(part: Part): Render {
    switch (part.kind) {
      case 'text':
        return () => part.text;
      case 'count':
        return (env, count) => this.#number(count, env);
      case 'argument':
        return this.#argument(part, (type) => showValue(type, this.#locale));
      case 'number':
        return this.#argument(part, (type) => (isCountable(type) ? numberIn(this.#locale, part.style) : undefined));
      case 'date':
      case 'time':
        return this.#argument(part, (type) => this.#moment(type, part.kind, part.style));
      case 'select':
        return this.#select(part);
      case 'plural':
        return this.#plural(part);
    }
  }

  #argument(part: Argument, show: (type: Type) => ShowValue | undefined): Render {
    const found = this.#find(part);
    if (found === undefined) return () => '';
    const write = show(found.type);
    if (write === undefined) return this.#unfit(part, found.type);
    return (env) => {
      const value = found.read(env);
      return value === null ? UNSET : write(value, env);
    };
  }

  #moment(type: Type, part: 'date' | 'time', style: Intl.DateTimeFormatOptions): ShowValue | undefined {
    if (type.kind === 'datetime') return datetimeIn(this.#locale, style);
    return type.kind === 'date' && part === 'date' ? dateIn(this.#locale, style) : undefined;
  }

  #select(part: Argument & { readonly options: Options }): Render {
    const found = this.#find(part);
    const options = this.#options(part.options);
    if (found === undefined) return () => '';
    const { type } = found;
    if (!isText(type) && type.kind !== 'boolean' && type.kind !== 'any') return this.#unfit(part, type);
    this.#checkCases(part, part.options.keys(), type);
    return (env, count) => {
      const value = found.read(env);
      const chosen = typeof value === 'object' ? undefined : options.get(String(value));
      return (chosen ?? options.get('other')!)(env, count);
    };
  }

  #checkCases(at: Argument, cases: Iterable<string>, type: Type): void {
    const values = type.kind === 'enum' ? type.values : type.kind === 'boolean' ? ['true', 'false'] : undefined;
    for (const key of cases) {
      if (values === undefined || key === 'other' || values.includes(key)) continue;
      const hint = didYouMean(key, values) ?? `It may be ${values.join(', ')}.`;
      this.#report(at, 'message.unknown_case', `"${key}" is no value of ${at.path}.`, hint);
    }
  }

  #plural(part: Argument & { readonly ordinal: boolean; readonly offset: number; readonly options: Options }): Render {
    const found = this.#find(part);
    const options = this.#options(part.options);
    if (found === undefined) return () => '';
    if (!isCountable(found.type) && found.type.kind !== 'list') return this.#unfit(part, found.type);
    const rules = new Intl.PluralRules(this.#locale, { type: part.ordinal ? 'ordinal' : 'cardinal' });
    this.#checkForms(part, part.options.keys());
    return (env) => {
      const number = countOf(found.read(env));
      const rest = number - part.offset;
      const form = options.get(`=${number}`) ?? options.get(rules.select(rest)) ?? options.get('other')!;
      return form(env, rest);
    };
  }

  #checkForms(at: Argument, forms: Iterable<string>): void {
    for (const form of forms) {
      if (form.startsWith('=') || FORMS.includes(form)) continue;
      const hint = didYouMean(form, FORMS) ?? `It may be ${FORMS.join(', ')} or =0.`;
      this.#report(at, 'message.unknown_case', `"${form}" is no plural form.`, hint);
    }
  }

  #options(options: Options): ReadonlyMap<string, Render> {
    return new Map([...options].map(([key, parts]) => [key, this.sequence(parts)]));
  }

  #find(argument: Argument): Found | undefined {
    const found = findArgument(argument, this.#scope, (problem) => this.problems.push(problem));
    if (found === undefined) return undefined;
    this.reads.add(argument.path.split('.', 1)[0]!);
    this.paths.add(argument.path);
    return found;
  }

  #unfit(argument: Argument, type: Type): Render {
    const [field] = Object.keys(fieldsOf(type));
    const hint =
      field !== undefined
        ? `Print a field of it, as {${argument.path}.${field}}.`
        : type.kind === 'list'
          ? `Count it: {${argument.path}, plural, one {# item} other {# items}}.`
          : undefined;
    this.#report(argument, 'message.type', `${show(type)} cannot be printed so.`, hint);
    return () => '';
  }

  #report({ from, to }: Argument, code: string, message: string, hint?: string): void {
    this.problems.push({ code, message, from, to, severity: 'error', ...(hint === undefined ? {} : { hint }) });
  }
}

const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'];

function isCountable(type: Type): boolean {
  return isNumeric(type) || type.kind === 'any';
}

/** A list is counted by its items; nothing counts as none. */
function countOf(value: Json): number {
  if (typeof value === 'number') return value;
  return Array.isArray(value) ? value.length : 0;
}

function isLocale(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function unknownLocale(locale: string, source: string): Problem {
  const message = `"${locale}" is no language tag.`;
  return {
    code: 'message.locale',
    message,
    from: 0,
    to: source.length,
    hint: 'Write one such as en, zh or pt-BR.',
    severity: 'error',
  };
}
