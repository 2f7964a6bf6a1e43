import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings, SETTINGS_FILE } from '../deployment/settings.ts';
import { findSources } from '../deployment/sources.ts';
import { ParleyError } from '../errors.ts';
import { didYouMean } from '../flow/reading/did-you-mean.ts';
import type { Problem } from '../flow/reading/problem.ts';
import { Flow, type FlowSource } from '../flow/reading/schema.ts';
import { readYaml } from '../flow/reading/yaml.ts';
import { parseZod } from '../flow/reading/zod-problems.ts';
import { chartOf } from '../graph/chart.ts';
import { layOut } from '../graph/layout.ts';
import { draw } from '../graph/svg.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { PACKAGE } from './package.ts';
import { showProblems } from './problems.ts';

export const command: Command = {
  arguments: '<flow> [dir]',
  description: 'Draws a flow as an SVG picture that any browser shows. The flow is named, or the path of its file.',
  options: {
    out: { short: 'o', value: 'file', description: 'writes the picture there instead of printing it' },
    locale: { short: 'l', value: 'tag', description: 'the language of its texts; default: the first of parley.yaml' },
  },
  examples: [
    { run: 'parley graph returns -o returns.svg', does: 'the flow "returns" of this folder' },
    { run: 'parley graph repair/cancel', does: 'a repair flow that ships with Parley' },
    { run: 'parley graph flows/returns/flow.yaml -l zh > r.svg', does: 'a file, with its Chinese texts' },
  ],
  async run(input, terminal) {
    const [wanted = '', directory = '.'] = input.arguments;
    const { file, text, locale } = find(wanted, resolve(directory));
    const problems: Problem[] = [];
    const flow = read(text, file, problems);
    if (flow === undefined) {
      showProblems(problems, terminal);
      return EXIT.problems;
    }
    const svg = draw(layOut(chartOf(flow, input.get('locale') ?? locale)));
    const out = input.get('out');
    if (out === undefined) terminal.print(svg.trimEnd());
    else writeFileSync(out, svg);
    return EXIT.ok;
  },
};

interface Found {
  readonly file: string;
  readonly text: string;
  readonly locale: string;
}

function find(wanted: string, directory: string): Found {
  if (/\.ya?ml$/.test(wanted)) {
    if (!existsSync(wanted)) throw new ParleyError('graph.no_file', `There is no file ${wanted}.`);
    return { file: wanted, text: readFileSync(wanted, 'utf8'), locale: 'en' };
  }
  const path = join(directory, SETTINGS_FILE);
  const settings = existsSync(path) ? readSettings(readFileSync(path, 'utf8')).settings : undefined;
  const sources = findSources(directory, settings?.flows ?? 'flows', join(PACKAGE, 'flows', 'repair'));
  const flows = new Map([
    ...sources.flows.map((source): [string, typeof source] => [nameOf(source.text), source]),
    ...[...sources.repair].map(([pattern, source]): [string, typeof source] => [`repair/${pattern}`, source]),
  ]);
  const source = flows.get(wanted);
  if (source !== undefined) return { ...source, locale: settings?.locales[0] ?? 'en' };
  throw new ParleyError('graph.no_flow', `There is no flow "${wanted}" in ${directory}.`, {
    hint: didYouMean(wanted, flows.keys()) ?? `There are: ${[...flows.keys()].join(', ')}.`,
  });
}

/** What a flow calls itself, without understanding the rest of it. */
function nameOf(text: string): string {
  return /^flow:\s*['"]?(\w+)/m.exec(text)?.[1] ?? '';
}

function read(text: string, file: string, problems: Problem[]): FlowSource | undefined {
  const yaml = readYaml(text, file);
  problems.push(...yaml.problems);
  return yaml.value === undefined ? undefined : parseZod(Flow, yaml.value, [], yaml, problems);
}
