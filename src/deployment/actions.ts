import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Action } from '../action.ts';
import type { Problem } from '../flow/reading/problem.ts';

/** Actions in TypeScript: each file of the folder has one, or a list of them, as its default export. */
export async function loadActions(
  directory: string,
  folder: string,
): Promise<{ actions: readonly Action[]; problems: readonly Problem[] }> {
  const root = join(directory, folder);
  const files = existsSync(root)
    ? readdirSync(root).filter((name) => /^[^.].*\.(ts|mjs|js)$/.test(name) && !/\.(d|test)\.ts$/.test(name))
    : [];
  const loaded = await Promise.all(files.toSorted().map((name) => loadFile(join(root, name), `${folder}/${name}`)));
  return { actions: loaded.flatMap(({ actions }) => actions), problems: loaded.flatMap(({ problems }) => problems) };
}

async function loadFile(
  path: string,
  file: string,
): Promise<{ actions: readonly Action[]; problems: readonly Problem[] }> {
  const problem = (code: string, message: string, hint: string): Problem => ({
    file,
    line: 1,
    col: 1,
    code,
    message,
    hint,
    severity: 'error',
  });
  let exported: unknown;
  try {
    const module: { default?: unknown } = await import(pathToFileURL(path).href);
    exported = module.default;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      actions: [],
      problems: [
        problem('action.broken', `The file cannot be loaded: ${reason}`, `Run it alone to see where: node ${file}`),
      ],
    };
  }
  const found = Array.isArray(exported) ? exported : [exported];
  if (found.length > 0 && found.every(isAction)) return { actions: found, problems: [] };
  return {
    actions: [],
    problems: [
      problem(
        'action.not_an_action',
        'The file has no action as its default export.',
        'Write: export default defineAction({ name, effect, in, out, run })',
      ),
    ],
  };
}

function isAction(value: unknown): value is Action {
  if (typeof value !== 'object' || value === null) return false;
  const action: Partial<Record<keyof Action, unknown>> = value;
  return (
    typeof action.name === 'string' &&
    (action.effect === 'read' || action.effect === 'write') &&
    typeof action.in === 'object' &&
    typeof action.out === 'object' &&
    typeof action.run === 'function'
  );
}
