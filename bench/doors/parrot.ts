/** A platform that answers every call as its stand-in once did, in a process of its own, and costs the sender nothing. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { obey } from '../actor.ts';
import type { Answer } from './capture.ts';

export interface ParrotWishes {
  /** Its origin. */
  open(answers: readonly Answer[]): Promise<string>;
  close(): void;
}

let known: readonly Answer[] = [];
const server = createServer((request, response) => {
  const call = `${request.method} ${new URL(request.url ?? '/', 'http://parrot').pathname}`;
  const answer = known.findLast((each) => each.call === call) ?? { status: 404, type: 'text/plain', body: '' };
  request.resume().on('end', () => response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body));
});

obey<ParrotWishes>({
  async open(answers) {
    known = answers;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  close() {
    server.closeAllConnections();
    server.close();
  },
});
