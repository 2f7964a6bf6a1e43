import { type Input, UsageError } from './command.ts';

export const DEFAULT_PORT = 3000;

/** `--port`, else `PORT`, else 3000; 0 takes any free one. */
export function portOf(input: Input): number {
  const text = input.get('port') ?? process.env.PORT ?? '';
  if (text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`"${text}" is no port.`, 'A port is a number from 0 to 65535.');
}
