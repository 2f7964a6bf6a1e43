import { writeFileSync } from 'node:fs';
import { flowSchema } from '../flow/json-schema.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';

export const command: Command = {
  arguments: '',
  description:
    'Prints the JSON Schema of flow files. Editors that know YAML use it for completion and for help on every key.',
  options: { out: { short: 'o', value: 'file', description: 'writes it there instead of printing it' } },
  examples: [
    {
      run: 'parley schema -o flow.schema.json',
      does: 'then begin a flow with # yaml-language-server: $schema=../../flow.schema.json',
    },
  ],
  async run(input, terminal) {
    const text = JSON.stringify(flowSchema(), null, 2);
    const out = input.get('out');
    if (out === undefined) terminal.print(text);
    else writeFileSync(out, `${text}\n`);
    return EXIT.ok;
  },
};
