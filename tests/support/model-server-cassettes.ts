import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Asked } from './model-server.ts';

/** Recorded answers: a file each, named by the hash of the question. */
export class Cassettes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  find(asked: Asked): { readonly key: string; readonly answer: Answer | undefined } {
    const key = keyOf(asked);
    const file = join(this.#folder, `${key}.json`);
    if (!existsSync(file)) return { key, answer: undefined };
    return { key, answer: (JSON.parse(readFileSync(file, 'utf8')) as { answer: Answer }).answer };
  }

  /** Writes down an answer, with the question it is for, so that a reader sees what it belongs to. */
  record(asked: Asked, answer: Answer): void {
    mkdirSync(this.#folder, { recursive: true });
    const content = { question: normal(asked), answer };
    writeFileSync(join(this.#folder, `${keyOf(asked)}.json`), `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** The question without what changes from client to client and says nothing: the order of fields, spaces, headers, limits. */
function normal({ path, body }: Asked): unknown {
  const { model, messages, input, response_format: format } = body as Record<string, unknown>;
  return sorted({ path, model, messages, input, format: (format as { type?: string } | undefined)?.type });
}

function keyOf(asked: Asked): string {
  return createHash('sha256')
    .update(JSON.stringify(normal(asked)))
    .digest('hex')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim();
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
