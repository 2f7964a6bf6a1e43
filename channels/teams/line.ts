import { Agent, request as call } from 'undici';

/** Kept open between calls, so that a message does not wait for a handshake. */
const agent = new Agent({ connections: 64, keepAliveTimeout: 30_000, connect: { timeout: 10_000 } });

export interface Asked {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Bytes of an answer that are taken. */
  readonly limit?: number;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Uint8Array;
  /** `undefined`: it is no JSON. */
  json(): unknown;
}

/** One call, without redirects and without a second try. */
export async function request({ url, limit = 1024 * 1024, ...asked }: Asked): Promise<Answered> {
  const { statusCode: status, headers, body } = await call(url, { ...asked, dispatcher: agent });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) throw new TooLarge();
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return { status, headers, bytes, json: () => jsonOf(bytes) };
}

/** The rest of the answer is not read. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly code = 'TOO_LARGE';
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // What answers in HTML is a proxy on the way: its status says enough.
    return undefined;
  }
}
