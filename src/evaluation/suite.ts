/**
 * What customers say, and which flow they mean. A suite of one's own is YAML; public sets come as CSV (`text,flow` with a heading line) or
 * as JSON of parts (`{"val": [["text", "flow"], …]}`), of which `file.json#val,oos_val` names those to read.
 */
import { z } from 'zod';
import { ParleyError } from '../errors.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { readYaml } from '../flow/reading/yaml.ts';
import { parseZod } from '../flow/reading/zod-problems.ts';

export interface Utterance {
  readonly text: string;
  /** `undefined`: it is about something that no flow does. */
  readonly flow: string | undefined;
  readonly locale: string;
}

/** How the sets and our suites call what belongs to no flow. */
const OUTSIDE = new Set(['none', 'oos', '']);

const Suite = z.strictObject({
  suite: z.string().optional(),
  cases: z.array(z.object({ flow: z.string() }).catchall(z.array(z.string()))),
});

/**
 * @param path as it was named, perhaps with `#parts`
 * @throws `eval.suite` for a file that is no suite at all; a mistake inside a YAML suite is a problem of the result
 */
export function readSuite(text: string, path: string): { utterances: Utterance[]; problems: readonly Problem[] } {
  const [file = '', parts] = path.split('#');
  if (file.endsWith('.csv')) return { utterances: fromCsv(text, file), problems: [] };
  if (file.endsWith('.json')) return { utterances: fromParts(text, file, parts), problems: [] };
  return fromYaml(text, file);
}

function fromYaml(text: string, file: string): { utterances: Utterance[]; problems: readonly Problem[] } {
  const yaml = readYaml(text, file);
  const problems: Problem[] = [...yaml.problems];
  const suite = yaml.value === undefined ? undefined : parseZod(Suite, yaml.value, [], yaml, problems);
  const utterances = (suite?.cases ?? []).flatMap(({ flow, ...byLocale }) =>
    Object.entries(byLocale).flatMap(([locale, texts]) => texts.map((said) => utterance(said, flow, locale))),
  );
  return { utterances, problems };
}

/** RFC 4180: a quoted text may hold commas, line ends and doubled quotes. The first line is a heading. */
function fromCsv(text: string, file: string): Utterance[] {
  const rows = text.matchAll(
    /^(?:"((?:[^"]|"")*)"|([^",\r\n]*)),(?:"([^"\r\n]*)"|([^",\r\n]*))(?:,([^",\r\n]*))?\r?$/gm,
  );
  const read = [...rows].map(([, quoted, plain, quotedFlow, flow, locale]) =>
    utterance((quoted ?? plain ?? '').replaceAll('""', '"'), quotedFlow ?? flow ?? '', locale || 'en'),
  );
  if (read.length < 2) throw noSuite(file, 'It has no rows of the form text,flow.');
  return read.slice(1);
}

const Parts = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

function fromParts(text: string, file: string, named: string | undefined): Utterance[] {
  const parts = Parts.safeParse(parsed(text));
  if (!parts.success) throw noSuite(file, 'Its parts are no lists of ["text", "flow"].');
  const known = Object.keys(parts.data);
  const wanted = named?.split(',') ?? known;
  const missing = wanted.find((part) => !known.includes(part));
  if (missing !== undefined) throw noSuite(file, `It has no part "${missing}"; there are ${known.join(', ')}.`);
  return wanted.flatMap((part) => (parts.data[part] ?? []).map(([said, flow]) => utterance(said, flow, 'en')));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function utterance(text: string, flow: string, locale: string): Utterance {
  return { text, flow: OUTSIDE.has(flow) ? undefined : flow, locale };
}

function noSuite(file: string, why: string): ParleyError {
  return new ParleyError('eval.suite', `${file} is no suite. ${why}`, {
    hint: 'A suite is YAML with `cases`, CSV with text,flow, or JSON of parts such as set.json#val.',
  });
}
