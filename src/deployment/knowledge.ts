import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { type Environment, fillIn } from '../connector/environment.ts';
import { codeOf, ParleyError } from '../errors.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { Duration } from '../flow/reading/schema.ts';
import type { YamlFile } from '../flow/reading/yaml.ts';
import { createKnowledge, type Knowledge, type KnowledgeSet } from '../knowledge/knowledge.ts';
import { readPdf } from '../knowledge/pdf.ts';
import { type Document, kindOf } from '../knowledge/reading.ts';

const SetSettings = z.strictObject({
  folder: z.string().min(1).optional().meta({ description: 'A folder of Markdown, HTML, CSV, PDF and plain text.' }),
  urls: z
    .array(z.url({ protocol: /^https?$/ }))
    .optional()
    .meta({ description: 'Pages of the web to read.' }),
  sitemap: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ description: 'A sitemap whose pages are read.' }),
  every: Duration.default('1d').meta({ description: 'How often pages are read again.' }),
  push: z.boolean().default(false).meta({ description: 'Takes documents by PUT /knowledge/<id>.' }),
  accounts: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'Accounts whose customers it is for; default: all of them.' }),
  locale: z
    .string()
    .optional()
    .meta({ description: 'Language of documents that do not say; default: by their letters.' }),
  base: z.string().optional().meta({ description: 'Where relative addresses of documents lead.' }),
  hosts: z.array(z.string()).default([]).meta({
    description:
      'Hosts that answers may link to, beside those of `base`, `urls` and `sitemap`. An address elsewhere is not said.',
  }),
  threshold: z
    .number()
    .gt(0)
    .max(1)
    .default(0.45)
    .meta({ description: 'How sure an answer must be, from 0 to 1. Default: 0.45; see docs/knowledge.md.' }),
});

/** `knowledge:` of `parley.yaml`: sets by their names. */
export const KnowledgeSettings = z
  .record(z.string().regex(/^[a-z][a-z0-9_]*$/i, 'a name: letters, digits and _'), SetSettings)
  .meta({ description: 'What the business knows, in sets that flows and accounts name.' });

/** A set, and what its folder holds. */
export interface KnowledgeSource {
  readonly set: KnowledgeSet;
  /** Relative to the deployment. */
  readonly folder?: string;
  readonly documents: readonly Document[];
  readonly push: boolean;
  readonly pages?: { readonly urls: readonly string[]; readonly sitemap?: string; readonly every: string };
}

/** Reads the sets and the files of their folders. A file of a kind that cannot be read is a mistake that names it. */
export async function findKnowledge(
  settings: z.infer<typeof KnowledgeSettings>,
  root: string,
  environment: Environment,
  yaml: YamlFile,
): Promise<{ sources: readonly KnowledgeSource[]; problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const sources: KnowledgeSource[] = [];
  for (const [name, source] of Object.entries(settings)) {
    const at = (key: string): Pick<Problem, 'file' | 'line' | 'col'> => ({
      file: yaml.file,
      ...yaml.locate(['knowledge', name, key]),
    });
    const missing = new Set<string>();
    const base = source.base === undefined ? undefined : fillIn(source.base, environment, missing);
    if (missing.size > 0) problems.push(missingEnvironment(at('base'), [...missing]));
    const usable = base !== undefined && /^https?:/i.test(base) && URL.canParse(base) ? base : undefined;
    const { folder, urls = [], sitemap, every, push, accounts, locale, threshold } = source;
    const documents = folder === undefined ? [] : await readFolder(root, folder, at('folder'), problems);
    sources.push({
      set: {
        name,
        threshold,
        mayLink: hostsOf([...source.hosts, ...[usable, sitemap, ...urls].map(hostOf)]),
        ...(accounts !== undefined && { accounts }),
        ...(locale !== undefined && { locale }),
        ...(usable !== undefined && { base: usable }),
      },
      documents,
      push,
      ...(folder !== undefined && { folder }),
      ...((urls.length > 0 || sitemap !== undefined) && {
        pages: { urls, every, ...(sitemap !== undefined && { sitemap }) },
      }),
    });
  }
  return { sources, problems };
}

/** What the folders hold, ready to be asked, and what their authors should mend. */
export function readKnowledge({ knowledge: sources, settings }: Written): {
  knowledge: Knowledge;
  problems: readonly Problem[];
} {
  const { locales, timezone } = settings;
  const knowledge = createKnowledge({ sets: sources.map(({ set }) => set), locales, timezone });
  const problems = sources.flatMap(({ set, folder = '', documents }) =>
    documents.flatMap((document) =>
      knowledge.put(set.name, document).mistakes.map(
        (message): Problem => ({
          ...{ file: `${folder}/${document.id}`, line: 1, col: 1 },
          ...{ code: 'knowledge.mistake', message, severity: 'warning' },
        }),
      ),
    ),
  );
  return { knowledge, problems };
}

interface Written {
  readonly knowledge: readonly KnowledgeSource[];
  readonly settings: { readonly locales: readonly string[]; readonly timezone: string };
}

/** The first few hundred questions that the documents answer: those that are headings, and other ways to put them. */
export function questionsOf({ knowledge: sources, settings }: Written): readonly string[] {
  const found = new Set<string>();
  for (const source of sources) {
    for (const document of source.documents) {
      if (found.size >= QUESTIONS) return [...found];
      const { knowledge } = readKnowledge({ knowledge: [{ ...source, documents: [document] }], settings });
      for (const { heading, also } of knowledge.passages()) {
        const last = heading.split(' › ').at(-1) ?? '';
        if (/[?？]$/.test(last)) found.add(last);
        for (const other of also?.split(/[,，、;；\n]/) ?? []) if (other.trim() !== '') found.add(other.trim());
      }
    }
  }
  return [...found];
}

/** To learn from more would take longer than it helps. */
const QUESTIONS = 300;

function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : '';
}

function hostsOf(hosts: readonly string[]): (host: string) => boolean {
  const known = new Set(hosts.filter((host) => host !== '').map((host) => host.toLowerCase()));
  return (host) => known.has(host);
}

async function readFolder(
  root: string,
  folder: string,
  place: Pick<Problem, 'file' | 'line' | 'col'>,
  problems: Problem[],
): Promise<Document[]> {
  const path = join(root, folder);
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    problems.push({
      ...place,
      code: 'knowledge.no_folder',
      message: `There is no folder \`${folder}\`.`,
      hint: 'Make it, or name another.',
      severity: 'error',
    });
    return [];
  }
  const documents: Document[] = [];
  for (const file of filesOf(path)) {
    const shown = relative(root, file).split(sep).join('/');
    try {
      documents.push(await readFile(file, relative(path, file).split(sep).join('/'), shown));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      problems.push(problemAt(shown, error));
    }
  }
  return documents;
}

async function readFile(file: string, id: string, shown: string): Promise<Document> {
  const kind = kindOf(shown);
  const language = languageOf(id);
  const locale = language !== undefined && { locale: language };
  if (kind !== 'pages') return { id, kind, text: readFileSync(file, 'utf8'), ...(locale && { fallback: locale }) };
  const { title, text } = await readPdf(readFileSync(file), shown);
  return {
    ...{ id, kind, text: `---\n${besideOf(file)}\n---\n${text}` },
    fallback: { ...locale, ...(title !== undefined && { title }) },
  };
}

/** A PDF has no front matter: what it would say stands in a file of its own, `terms.pdf.yaml` beside `terms.pdf`. */
function besideOf(file: string): string {
  const beside = `${file}.yaml`;
  return existsSync(beside) ? readFileSync(beside, 'utf8').trim() : '';
}

/** One document that cannot be read is left out: the others still answer. A file of a kind that is never read is a mistake. */
function problemAt(file: string, error: ParleyError): Problem {
  const { message, hint } = error;
  const code = codeOf(error);
  const severity = code === 'knowledge.unreadable' ? 'warning' : 'error';
  return { file, line: 1, col: 1, code, message, severity, ...(hint !== undefined && { hint }) };
}

/** What pages bring along: pictures and the like are no knowledge, and no mistake. Nor is what is hidden. */
const BESIDE = /^\.(png|jpe?g|gif|webp|avif|svg|ico|css|js|map|woff2?|yaml|yml|json)$/i;

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !BESIDE.test(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((part) => part.startsWith('.')),
    )
    .toSorted();
}

/** `zh/returns.md` and `returns.zh.md` say which language they are in. */
function languageOf(id: string): string | undefined {
  const tag = '([a-z]{2}(?:-[A-Z][a-zA-Z]{1,3})?)';
  return new RegExp(`^${tag}/`).exec(id)?.[1] ?? new RegExp(`\\.${tag}\\.\\w+$`).exec(id)?.[1];
}

function missingEnvironment(place: Pick<Problem, 'file' | 'line' | 'col'>, names: readonly string[]): Problem {
  return {
    ...place,
    code: 'knowledge.missing_environment',
    message: `\`base\` needs ${names.join(', ')} from the environment: until then answers have no links.`,
    hint: `Set it, or give it a default: \${NAME:-value}.`,
    severity: 'warning',
  };
}
