import { compileFlow } from '../flow/compile.ts';
import type { CompiledFlows, FlowText } from '../flow/flows.ts';
import type { Library } from '../flow/library.ts';
import type { Program } from '../flow/program.ts';
import { readFlow } from '../flow/reading/flow-file.ts';
import { type Deployment, surroundingsOf } from './deployment.ts';

/** The source of one version of a flow, as a store keeps it for the conversations that stand in it. */
export interface Kept {
  readonly hash: string;
  readonly source: string;
}

/** What must be kept of the present versions before the first conversation stands in one. */
export function toKeep({ sources }: CompiledFlows): Kept[] {
  return [...sources].map(([hash, text]) => ({ hash, source: JSON.stringify(text) }));
}

/**
 * Compiles older versions against the present connectors and flows. One that no longer compiles (an action is gone) is left out:
 * its conversations are moved as the present version's `on_update` says.
 */
export function compileKept(
  kept: readonly Kept[],
  deployment: Deployment,
  { programs }: CompiledFlows,
): Map<string, Program> {
  const headers = [...programs].map(([name, program]): [string, Program['header']] => [name, program.header]);
  const library: Library = { ...surroundingsOf(deployment), flows: new Map(headers) };
  const current = new Set([...programs.values()].map(({ version }) => version));
  const older = kept.filter(({ hash }) => !current.has(hash)).map(({ source }) => compileOne(source, library));
  return new Map(older.filter((program) => program !== undefined).map((program) => [program.version, program]));
}

function compileOne(source: string, library: Library): Program | undefined {
  const { text, file, pattern }: FlowText = JSON.parse(source);
  const { flow } = readFlow(text, file, library.types, pattern);
  if (flow === undefined) return undefined;
  const { program, problems } = compileFlow(flow, library);
  return problems.some(({ severity }) => severity === 'error') ? undefined : program;
}
