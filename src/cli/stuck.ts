import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE } from '../bot/database.ts';
import { loadDeployment } from '../deployment/deployment.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { plural } from './problems.ts';
import { withHands } from './with-hands.ts';

export const command: Command = {
  arguments: '[dir]',
  description:
    'Lists what waits for an operator: events whose turn failed five times, and what could not be said to customers. With --again it is tried once more. Works on a deployment that runs, and on one that is stopped.',
  options: {
    again: { value: 'id', description: 'puts event:<n> or letter:<n> back, or all of them' },
    json: { description: 'prints the list as JSON' },
  },
  examples: [
    { run: 'parley stuck', does: 'what is stuck, and why' },
    { run: 'parley stuck --again event:12', does: 'one more try, after the flow was mended' },
    { run: 'parley stuck --again all', does: 'everything, after the platform is back' },
  ],
  exits: { 1: 'something is stuck, or was not there to be tried again' },
  async run(input, terminal) {
    const { data } = await loadDeployment(input.arguments[0] ?? '.', process.env);
    if (!existsSync(join(data, DATABASE))) {
      terminal.print(input.has('json') ? '[]' : 'Nothing is stuck: there is no database yet.');
      return EXIT.ok;
    }
    return withHands(data, async (hands) => {
      const again = input.get('again');
      if (again !== undefined) {
        const ids = again === 'all' ? (await hands.stuck()).map(({ id }) => id) : [again];
        let done = 0;
        for (const id of ids) if (await hands.again(id)) done += 1;
        terminal.print(`${done} of ${ids.length} put back.`);
        return done === ids.length ? EXIT.ok : EXIT.problems;
      }
      const stuck = await hands.stuck();
      if (input.has('json')) terminal.print(JSON.stringify(stuck, null, 2));
      else {
        for (const { id, at, conversation, code, what } of stuck) {
          const when = new Date(at).toISOString();
          terminal.print([terminal.paint('bold', id), when, conversation, code, JSON.stringify(what)].join('  '));
        }
        terminal.print(stuck.length === 0 ? 'Nothing is stuck.' : `${plural(stuck.length, 'thing')} stuck.`);
      }
      return stuck.length === 0 ? EXIT.ok : EXIT.problems;
    });
  },
};
