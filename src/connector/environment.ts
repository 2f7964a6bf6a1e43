import { ParleyError } from '../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const PLACEHOLDER = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** Does every `${…}` of the text read as `${NAME}` or `${NAME:-default}`? */
export function isWellFormed(text: string): boolean {
  return !text.replace(PLACEHOLDER, '').includes('${');
}

/** Has the text nothing to fill in? Then it can be checked before anything runs. */
export function isPlain(text: string): boolean {
  return !text.includes('${');
}

/** Puts the environment's values in; adds the names that have neither value nor default to `missing`. */
export function fillIn(text: string, environment: Environment, missing: Set<string>): string {
  return text.replace(PLACEHOLDER, (_, name: string, fallback: string | undefined) => {
    // As in a shell, `:-` stands in for an empty value too.
    const value = environment[name] || fallback;
    if (value === undefined) missing.add(name);
    return value ?? '';
  });
}

/** @throws ParleyError `connector.missing_environment` naming all of them. */
export function refuseMissing(missing: ReadonlySet<string>): void {
  if (missing.size === 0) return;
  throw new ParleyError(
    'connector.missing_environment',
    `connectors.yaml needs ${[...missing].join(', ')} from the environment.`,
    {
      hint: `Set them, or give them a default: \${NAME:-value}.`,
    },
  );
}
