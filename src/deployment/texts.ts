import { z } from 'zod';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { readYaml } from '../flow/reading/yaml.ts';
import { parseZod } from '../flow/reading/zod-problems.ts';
import type { Source } from './sources.ts';

/** Built-in texts by locale and name. */
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

const Texts = z.record(z.string(), z.record(z.string(), z.string()));

/** Reads `texts.yaml` of the package and then of the deployment, whose texts replace the shipped ones one by one. */
export function readTexts(
  sources: readonly Source[],
  locales: readonly string[],
): { texts: Texts; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const merged: Record<string, Record<string, string>> = {};
  const known = new Set<string>();
  for (const [index, { file, text }] of sources.entries()) {
    const yaml = readYaml(text, file);
    problems.push(...yaml.problems);
    const read = yaml.value === undefined ? {} : (parseZod(Texts, yaml.value, [], yaml, problems) ?? {});
    for (const [locale, texts] of Object.entries(read)) {
      for (const name of Object.keys(texts)) {
        if (index === 0) known.add(name);
        else if (!known.has(name)) {
          const hint = didYouMean(name, known);
          const message = `No built-in text is called \`${name}\`.`;
          const place = yaml.locateKey([locale], name);
          problems.push({
            file,
            ...place,
            code: 'texts.unknown',
            message,
            severity: 'error',
            ...(hint === undefined ? {} : { hint }),
          });
        }
      }
      merged[locale] = { ...merged[locale], ...texts };
    }
  }
  return {
    texts: merged,
    problems: [...problems, ...missing(merged, known, locales, sources.at(-1)?.file ?? 'texts.yaml')],
  };
}

function missing(texts: Texts, known: ReadonlySet<string>, locales: readonly string[], file: string): Problem[] {
  return locales.flatMap((locale): Problem[] => {
    const absent = [...known].filter((name) => texts[locale]?.[name] === undefined);
    if (absent.length === 0) return [];
    const message = `${absent.length} built-in texts have no \`${locale}\` version: ${absent.slice(0, 4).join(', ')}${absent.length > 4 ? ', …' : ''}.`;
    const hint = `Write them under \`${locale}:\` in flows/repair/texts.yaml of your deployment.`;
    return [{ file, line: 1, col: 1, code: 'texts.missing_locale', message, hint, severity: 'error' }];
  });
}
