import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../errors.ts';

/** Who is signed in where. A browser holds 256 random bits in a cookie; of these only the SHA-256 is kept. */
export interface Sessions {
  /** @returns the cookie's value */
  begin(agent: string): Promise<string>;
  /** Whose session this is, if it has not ended. */
  agentOf(token: string | undefined): Promise<string | undefined>;
  end(token: string): Promise<void>;
}

/** A working day. */
export const SESSION = 12 * 3_600_000;
/** The oldest are forgotten first. */
const MOST = 1_000;

interface Session {
  readonly agent: string;
  readonly until: number;
}

/** @param path where they are kept, so that a restart signs nobody out, and nobody in again; `undefined`: they are not */
export function openSessions(path: string | undefined, now: () => number): Sessions {
  let reading: Promise<Map<string, Session>> | undefined;
  let writing: Promise<void> = Promise.resolve();

  function all(): Promise<Map<string, Session>> {
    reading ??= path === undefined ? Promise.resolve(new Map()) : read(path);
    return reading;
  }

  /** One after the other, so that an older state never replaces a newer one. */
  async function keep(sessions: Map<string, Session>): Promise<void> {
    if (path === undefined) return;
    const written = writing.then(() => write(path, sessions));
    // The next one writes everything anew; this one's caller is told what went wrong.
    writing = written.catch(() => undefined);
    await written;
  }

  return {
    async begin(agent) {
      const sessions = await all();
      for (const [hash, { until }] of sessions) if (until <= now()) sessions.delete(hash);
      for (const oldest of [...sessions.keys()].slice(0, Math.max(0, sessions.size - MOST + 1)))
        sessions.delete(oldest);
      const token = randomBytes(32).toString('base64url');
      sessions.set(hashOf(token), { agent, until: now() + SESSION });
      await keep(sessions);
      return token;
    },
    async agentOf(token) {
      if (token === undefined) return undefined;
      const session = (await all()).get(hashOf(token));
      return session !== undefined && session.until > now() ? session.agent : undefined;
    },
    async end(token) {
      const sessions = await all();
      if (sessions.delete(hashOf(token))) await keep(sessions);
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

async function read(path: string): Promise<Map<string, Session>> {
  try {
    return new Map(JSON.parse(await readFile(path, 'utf8')) as [string, Session][]);
  } catch (error) {
    // None yet, or half a file from before a crash: then everybody signs in once more.
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return new Map();
    throw error;
  }
}

async function write(path: string, sessions: Map<string, Session>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify([...sessions]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
