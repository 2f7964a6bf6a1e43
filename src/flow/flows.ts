import type { ActionSignature } from '../action.ts';
import type { Capabilities } from '../channel.ts';
import type { Type } from '../type.ts';
import { compileFlow } from './compile.ts';
import { type Library, repairName } from './library.ts';
import type { Header, Program } from './program.ts';
import { type FlowFile, readFlow } from './reading/flow-file.ts';
import { inOrder, type Problem } from './reading/problem.ts';

/** A flow's YAML, before anything is known of it. */
export interface FlowText {
  readonly file: string;
  readonly text: string;
  /** Set for a repair flow: the pattern it is for. */
  readonly pattern?: string;
}

/** What flows are compiled against. */
export interface Surroundings {
  readonly actions: ReadonlyMap<string, ActionSignature>;
  readonly types: ReadonlyMap<string, Type>;
  readonly locales: readonly string[];
  readonly channels: readonly { readonly name: string; readonly can: Capabilities }[];
  readonly knowledge?: ReadonlySet<string>;
  readonly model?: boolean;
  readonly writes?: boolean;
}

export interface CompiledFlows {
  readonly programs: ReadonlyMap<string, Program>;
  /** Source of each version, to be kept for the conversations that stand in it. */
  readonly sources: ReadonlyMap<string, FlowText>;
  /** All of them, in order of file and line. */
  readonly problems: readonly Problem[];
}

/** Reads and compiles all flows of a deployment together: they call each other by typed inputs and outputs. */
export function compileFlows(texts: readonly FlowText[], surroundings: Surroundings): CompiledFlows {
  const problems: Problem[] = [];
  const read: { file: FlowFile; text: FlowText }[] = [];
  for (const text of texts) {
    const result = readFlow(text.text, text.file, surroundings.types, text.pattern);
    if (result.flow) read.push({ file: result.flow, text });
    else problems.push(...result.problems);
  }
  const flows = new Map<string, Header>();
  for (const { file } of read) {
    if (flows.has(file.header.flow)) problems.push(twice(file));
    else flows.set(file.header.flow, file.header);
  }
  const library: Library = { ...surroundings, flows };
  const programs = new Map<string, Program>();
  const sources = new Map<string, FlowText>();
  for (const { file, text } of read) {
    const compiled = compileFlow(file, library);
    problems.push(...compiled.problems);
    programs.set(compiled.program.flow, compiled.program);
    sources.set(compiled.program.version, text);
  }
  problems.push(...withoutHuman(read, programs));
  return { programs, sources, problems: inOrder(unique(problems)) };
}

/** Wherever a customer is, she must be able to reach a human. */
function withoutHuman(read: readonly { file: FlowFile }[], programs: ReadonlyMap<string, Program>): Problem[] {
  const handsOff = (flow: string) => programs.get(flow)?.steps.some(({ kind }) => kind === 'handoff') === true;
  if (handsOff(repairName('handoff'))) return [];
  return read
    .filter(({ file: { header } }) => !header.callableOnly && !handsOff(header.flow))
    .map(({ file }) => ({
      file: file.yaml.file,
      ...file.yaml.locate(['flow']),
      code: 'flow.no_human',
      message: 'No way leads from this flow to a human.',
      hint: 'Add a `handoff` to it, or to the repair flow `handoff`.',
      severity: 'warning',
    }));
}

function twice(file: FlowFile): Problem {
  return {
    file: file.yaml.file,
    ...file.yaml.locate(['flow']),
    code: 'flow.duplicate_flow',
    message: `Another file already holds the flow \`${file.header.flow}\`.`,
    hint: 'Give each flow a name of its own.',
    severity: 'error',
  };
}

/** A text compiled for several languages or walks tells the same mistake more than once. */
function unique(problems: readonly Problem[]): Problem[] {
  return [
    ...new Map(
      problems.map((problem) => [
        `${problem.file}:${problem.line}:${problem.col}:${problem.code}:${problem.message}`,
        problem,
      ]),
    ).values(),
  ];
}
