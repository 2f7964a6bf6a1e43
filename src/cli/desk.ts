import { inviteThroughOperatorDoor } from '../bot/operator-door.ts';
import { loadDeployment } from '../deployment/deployment.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { portOf } from './port.ts';

export const command: Command = {
  arguments: '<agent> [dir]',
  description:
    'Prints a link by which an agent of parley.yaml signs in at the web desk of a deployment that runs here. It is good once, and for ten minutes: hand it over as you would a password.',
  options: {
    port: {
      short: 'p',
      value: 'number',
      description: 'where it answers, if PARLEY_PUBLIC_URL does not say; default: PORT, or 3000',
    },
  },
  examples: [{ run: 'parley desk mia', does: 'a link for Mia' }],
  exits: {},
  async run(input, terminal) {
    const [agent = '', directory = '.'] = input.arguments;
    const { data } = await loadDeployment(directory, process.env);
    const code = await inviteThroughOperatorDoor(data, agent);
    const base = process.env.PARLEY_PUBLIC_URL?.replace(/\/$/, '') ?? `http://127.0.0.1:${portOf(input)}`;
    // Behind the #: what stands there is sent to no server, and written into no log.
    terminal.print(`${base}/console/desk#code=${code}`);
    return EXIT.ok;
  },
};
