import { ParleyError } from './errors.ts';

const REFERENCE = /^\$\{([A-Za-z_]\w*)\}$/;

/** The `NAME` of a `${NAME}`; `undefined` for a text that stands for itself. */
export function referenceIn(text: string): string | undefined {
  return REFERENCE.exec(text)?.[1];
}

/** A secret of an account, which stands in the environment. Throws `channel.missing_secret`, naming the variable. */
export function secretOf(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  hint: string,
): string {
  const value = environment[name];
  if (value === undefined || value === '')
    throw new ParleyError('channel.missing_secret', `The environment variable ${name} is not set.`, { hint });
  return value;
}

/** Is it a web address of a whole server, without path or query? What a platform's address may be replaced by in tests. */
export function isRootAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === '';
}

/** What a schema finds wrong with an account's settings, in one line. */
export function describeIssues(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the account'}: ${issue.message}`).join('; ');
}
