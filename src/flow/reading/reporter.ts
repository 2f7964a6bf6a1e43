import type { z } from 'zod';
import type { Problem } from './problem.ts';
import type { Path, YamlFile } from './yaml.ts';
import { parseZod } from './zod-problems.ts';

/** Tells an author's mistakes, each at its own place. Keys and paths are relative to the step that is being compiled. */
export class Reporter {
  readonly problems: Problem[] = [];
  /** Where the running step stands in the file. */
  at: Path = [];
  protected readonly yaml: YamlFile;

  constructor(yaml: YamlFile) {
    this.yaml = yaml;
  }

  // — Problems —————————————————————————————————————————————————————————————————————————————————————————————

  parse<S extends z.ZodType>(schema: S, source: unknown, at: Path): z.infer<S> | undefined {
    return parseZod(schema, source, at, this.yaml, this.problems);
  }

  error(code: string, message: string, key: string | Path = [], hint?: string): void {
    this.report('error', code, message, this.path(key), 0, hint);
  }

  warn(code: string, message: string, key: string | Path = [], hint?: string): void {
    this.report('warning', code, message, this.path(key), 0, hint);
  }

  errorAtKey(code: string, message: string, key: string, hint?: string, at: Path = this.at): void {
    this.problems.push({
      file: this.yaml.file,
      ...this.yaml.locateKey(at, key),
      code,
      message,
      severity: 'error',
      ...(hint ? { hint } : {}),
    });
  }

  report(severity: Problem['severity'], code: string, message: string, at: Path, offset: number, hint?: string): void {
    this.problems.push({
      file: this.yaml.file,
      ...this.yaml.locate(at, offset),
      code,
      message,
      severity,
      ...(hint ? { hint } : {}),
    });
  }

  path(key: string | Path): Path {
    return typeof key === 'string'
      ? [...this.at, key]
      : key.length > 0 && startsWith(key, this.at)
        ? key
        : [...this.at, ...key];
  }
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length > 0 && path.length >= prefix.length && prefix.every((part, index) => path[index] === part);
}
