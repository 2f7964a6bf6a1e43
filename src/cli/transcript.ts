import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE } from '../bot/database.ts';
import { loadDeployment } from '../deployment/deployment.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { withHands } from './with-hands.ts';

export const command: Command = {
  arguments: '<conversation> [dir]',
  description:
    'Prints a conversation: who said what, and when. What agents see masked is masked here, too. That it was printed is audited.',
  options: {
    json: { description: 'prints it as JSON, with how far each message has come' },
    unmasked: { description: 'prints addresses and numbers as they were written' },
  },
  examples: [{ run: 'parley transcript 3f0c… --json > conversation.json', does: 'for who has asked for it' }],
  exits: { 1: 'there is no such conversation' },
  async run(input, terminal) {
    const [conversation = '', directory = '.'] = input.arguments;
    const { data } = await loadDeployment(directory, process.env);
    const how = { format: input.has('json') ? 'json' : 'text', masked: !input.has('unmasked') } as const;
    const text = existsSync(join(data, DATABASE))
      ? await withHands(data, (records) => records.transcript(conversation, how))
      : undefined;
    terminal.print(text?.trimEnd() ?? `There is no conversation ${conversation}.`);
    return text === undefined ? EXIT.problems : EXIT.ok;
  },
};
