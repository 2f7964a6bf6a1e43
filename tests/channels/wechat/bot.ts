import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that stands where the bot's webhook is: what it gets, and what it answers. */
export interface Bot {
  readonly webhook: string;
  close(): Promise<void>;
}

export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** `answer` gives the body, a status of its own, or never comes: then the platform waits. */
export async function openBot(answer: (call: Call) => string | number | Promise<string>): Promise<Bot> {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const url = new URL(request.url ?? '/', 'http://bot');
    const said = await answer({ method: request.method ?? '', url, body: Buffer.concat(chunks).toString('utf8') });
    if (typeof said === 'number') response.writeHead(said).end();
    else response.writeHead(200, { 'content-type': 'text/xml' }).end(said);
  }
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.writeHead(599).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    webhook: `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/wechat`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
