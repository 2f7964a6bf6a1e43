import type { z } from 'zod';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Problem } from '../flow/reading/problem.ts';
import type { Path, YamlFile } from '../flow/reading/yaml.ts';

/** Collects what an author must mend, each at its place in the file. */
export class Complaints {
  readonly found: Problem[];
  readonly #yaml: YamlFile;

  constructor(yaml: YamlFile) {
    this.#yaml = yaml;
    this.found = [...yaml.problems];
  }

  add(at: Path, code: string, message: string, hint?: string): void {
    this.#push(this.#yaml.locate(at), code, message, hint);
  }

  addAtKey(map: Path, key: string, code: string, message: string, hint?: string): void {
    this.#push(this.#yaml.locateKey(map, key), code, message, hint);
  }

  /** What zod found, in an author's words. `keys` are the ones allowed, to suggest the one that was meant. */
  addIssues(at: Path, error: z.ZodError, keys: readonly string[]): void {
    for (const issue of error.issues) {
      const path = [...at, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys)
          this.addAtKey(
            path,
            key,
            'connector.unknown_key',
            `"${key}" means nothing here.`,
            didYouMean(key, keys) ?? `Known: ${keys.join(', ')}.`,
          );
      } else if (issue.code === 'invalid_key') {
        const key = String(issue.path.at(-1));
        this.addAtKey(
          path.slice(0, -1),
          key,
          'connector.name',
          `"${key}" must be ${readable(issue.issues[0]?.message ?? issue.message)}`,
        );
      } else if (issue.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0) {
        this.add(path.slice(0, -1), 'connector.missing_key', `"${String(issue.path.at(-1))}" is missing.`);
      } else {
        this.add(path, 'connector.shape', `This must be ${readable(issue.message)}`);
      }
    }
  }

  #push(place: { line: number; col: number }, code: string, message: string, hint?: string): void {
    this.found.push({
      file: this.#yaml.file,
      ...place,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      severity: 'error',
    });
  }
}

/** Our own messages are ends of the sentence; zod's are sentences. */
function readable(message: string): string {
  return message.startsWith('Invalid input: expected ')
    ? `${message.slice('Invalid input: expected '.length)}.`
    : `${message}.`;
}
