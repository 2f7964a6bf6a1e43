/**
 * Questions to the documents, and which document answers each. A suite of one's own is YAML (`*.answers.yaml`); a set in the form of SQuAD
 * (`{"data": [{"paragraphs": [{"context", "qas"}]}]}`) brings its own passages.
 */
import { z } from 'zod';
import { ParleyError } from '../errors.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { readYaml } from '../flow/reading/yaml.ts';
import { parseZod } from '../flow/reading/zod-problems.ts';

export interface Asked {
  readonly query: string;
  readonly locale: string;
  /** Title or id of the document that answers it; `undefined`: none does. */
  readonly cites: string | undefined;
  /** What the answer should say; absent: nobody says. Where no document is named, nobody knows which one should. */
  readonly gold?: string;
}

export interface AnswerSuite {
  readonly asked: readonly Asked[];
  /** What is to be searched instead of the deployment's documents. */
  readonly passages?: readonly { readonly document: string; readonly article: string; readonly text: string }[];
  readonly problems: readonly Problem[];
}

const Suite = z.strictObject({
  suite: z.string().optional(),
  cases: z.array(
    z
      .object({ cites: z.string().optional(), gold: z.string().optional() })
      .catchall(z.array(z.string()))
      .refine(({ cites, gold }) => cites !== undefined || gold !== undefined, 'the document that answers, as `cites`'),
  ),
});

const Squad = z.object({
  data: z.array(
    z.object({
      paragraphs: z.array(z.object({ context: z.string(), qas: z.array(z.object({ question: z.string() })) })),
    }),
  ),
});

/** Is it questions to documents, and not what customers say to flows? */
export function isAnswerSuite(path: string, text: string): boolean {
  return path.endsWith('.answers.yaml') || (path.endsWith('.json') && /"paragraphs"\s*:/.test(text.slice(0, 10_000)));
}

/** @throws `eval.suite` for JSON that is no such set; a mistake inside a YAML suite is a problem of the result */
export function readAnswers(text: string, file: string): AnswerSuite {
  return file.endsWith('.json') ? fromSquad(text, file) : fromYaml(text, file);
}

function fromYaml(text: string, file: string): AnswerSuite {
  const yaml = readYaml(text, file);
  const problems: Problem[] = [...yaml.problems];
  const suite = yaml.value === undefined ? undefined : parseZod(Suite, yaml.value, [], yaml, problems);
  const asked = (suite?.cases ?? []).flatMap(({ cites, gold, ...byLocale }) =>
    Object.entries(byLocale).flatMap(([locale, queries]) =>
      [queries].flat().map(
        (query): Asked => ({
          ...{ query: String(query), locale, cites: cites === 'none' ? undefined : cites },
          ...(gold === undefined ? {} : { gold }),
        }),
      ),
    ),
  );
  return { asked, problems };
}

function fromSquad(text: string, file: string): AnswerSuite {
  const read = Squad.safeParse(parsed(text));
  if (!read.success)
    throw new ParleyError('eval.suite', `${file} is no set of passages and questions.`, {
      hint: 'Its form is that of SQuAD: data, paragraphs, context, qas.',
    });
  const paragraphs = read.data.data.flatMap(({ paragraphs: own }, article) =>
    own.map(({ context, qas }, at) => ({ document: `${article}.${at}`, article: String(article), text: context, qas })),
  );
  return {
    passages: paragraphs,
    asked: paragraphs.flatMap(({ document, qas }) =>
      qas.map(({ question }): Asked => ({ query: question, locale: '*', cites: document })),
    ),
    problems: [],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
