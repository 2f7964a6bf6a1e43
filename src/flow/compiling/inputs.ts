import type { Json } from '../../type.ts';
import { nearest } from '../reading/did-you-mean.ts';
import type { Run } from '../run.ts';
import type { Compiler } from './compiler.ts';
import type { Compiled } from './values.ts';

/** The inputs one flow hands to another, checked against what that one declares. */
export function compileInputs(
  c: Compiler,
  key: string,
  flow: string,
  given: Readonly<Record<string, unknown>>,
): { reads: readonly string[]; evaluate(run: Run): Record<string, Json> } {
  const header = c.library.flows.get(flow);
  if (!header) {
    const guess = nearest(flow, c.library.flows.keys());
    c.error(
      'flow.unknown_flow',
      `No flow is called \`${flow}\`.`,
      key,
      guess ? `Did you mean \`${guess}\`?` : undefined,
    );
  }
  const values: [string, Compiled][] = [];
  for (const [name, source] of Object.entries(given)) {
    const type = header?.inputs[name];
    if (header && !type) {
      const guess = nearest(name, Object.keys(header.inputs));
      c.errorAtKey(
        'flow.unknown_input',
        `\`${flow}\` takes no input \`${name}\`.`,
        name,
        guess ? `Did you mean \`${guess}\`?` : undefined,
        [...c.at, 'with'],
      );
    }
    values.push([name, c.value(['with', name], source, type)]);
  }
  for (const [name, type] of Object.entries(header?.inputs ?? {})) {
    if (type.kind !== 'optional' && !(name in given)) {
      c.error('flow.missing_input', `\`${flow}\` needs the input \`${name}\`.`, key, `Add \`with: {${name}: …}\`.`);
    }
  }
  return {
    reads: values.flatMap(([, value]) => value.reads),
    evaluate: (run) => Object.fromEntries(values.map(([name, value]) => [name, value.evaluate(run)])),
  };
}
