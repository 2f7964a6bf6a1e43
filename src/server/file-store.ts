import { createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';
import type { Attachment } from '../message.ts';

/**
 * Files that customers sent, each in the folder of its conversation, so that a conversation can be counted and erased as a whole.
 *
 * A file's id is an HMAC of conversation and content under a key of this store: nobody can guess it, not even with the content in
 * hand, and the same file sent again (an upload whose answer was lost) is the same attachment.
 */
export interface FileStore {
  /** Keeps a file; on disk when it resolves. The first name of the same content stays. */
  keep(conversation: string, file: NewFile): Promise<Attachment>;
  /** What is known of a file; with a conversation, only if it is that one's. */
  describe(id: string, conversation?: string): Promise<Attachment | undefined>;
  read(id: string): Promise<Uint8Array | undefined>;
  /** Bytes kept for a conversation. */
  used(conversation: string): Promise<number>;
}

export interface NewFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** @param folder made when missing. @param path where files are served: `/chat/files` */
export function createFileStore(folder: string, path = '/chat/files'): FileStore {
  let key: Promise<Buffer> | undefined;

  async function idOf(conversation: string, bytes: Uint8Array): Promise<string> {
    const mac = createHmac('sha256', await ownKey())
      .update(`${conversation}\0`)
      .update(bytes)
      .digest();
    return `${await shelfOf(conversation)}.${mac.subarray(0, 24).toString('base64url')}`;
  }

  async function shelfOf(conversation: string): Promise<string> {
    const mac = createHmac('sha256', await ownKey())
      .update(conversation)
      .digest();
    return mac.subarray(0, 12).toString('base64url');
  }

  async function ownKey(): Promise<Buffer> {
    key ??= loadKey(folder);
    try {
      return await key;
    } catch (error) {
      // A disk that was full may have room next time.
      key = undefined;
      throw error;
    }
  }

  async function describe(id: string, conversation?: string): Promise<Attachment | undefined> {
    const at = placeOf(folder, id);
    if (at === undefined) return undefined;
    if (conversation !== undefined && at.shelf !== (await shelfOf(conversation))) return undefined;
    const facts = await readIfThere(at.facts);
    if (facts === undefined) return undefined;
    const { name, type, size } = JSON.parse(facts.toString('utf8')) as Pick<Attachment, 'name' | 'type' | 'size'>;
    return { id, name, type, size, url: `${path}/${id}` };
  }

  return {
    async keep(conversation, { name, type, bytes }) {
      const id = await idOf(conversation, bytes);
      const kept = await describe(id);
      if (kept !== undefined) return kept;
      const at = placeOf(folder, id);
      if (at === undefined) throw new Error(`not an id of this store: ${id}`);
      await mkdir(join(folder, at.shelf), { recursive: true });
      // The facts come last: a file without them was never acknowledged and is invisible.
      await writeDurably(at.content, bytes);
      await writeDurably(at.facts, Buffer.from(JSON.stringify({ name, type, size: bytes.byteLength })));
      await syncFolder(join(folder, at.shelf));
      return { id, name, type, size: bytes.byteLength, url: `${path}/${id}` };
    },
    describe,
    async read(id) {
      const at = placeOf(folder, id);
      return at === undefined ? undefined : readIfThere(at.content);
    },
    async used(conversation) {
      const shelf = join(folder, await shelfOf(conversation));
      const names = await namesIn(shelf);
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(shelf, name))).size));
      return sizes.reduce((total, size) => total + size, 0);
    },
  };
}

interface Place {
  readonly shelf: string;
  readonly content: string;
  readonly facts: string;
}

/** An id is a path only after this pattern: no dots but the one between its halves, no slashes. */
function placeOf(folder: string, id: string): Place | undefined {
  const [, shelf, name] = /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{32})$/.exec(id) ?? [];
  if (shelf === undefined || name === undefined) return undefined;
  const content = join(folder, shelf, name);
  return { shelf, content, facts: `${content}.json` };
}

async function loadKey(folder: string): Promise<Buffer> {
  const path = join(folder, 'key');
  const kept = await readIfThere(path);
  if (kept !== undefined) return kept;
  await mkdir(folder, { recursive: true });
  const draft = await writeDraft(path, randomBytes(32));
  try {
    // Unlike a rename, a link never replaces: when two processes begin at once, the first one's key is the store's.
    await link(draft, path);
    await syncFolder(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return readFile(path);
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await rename(await writeDraft(path, bytes), path);
}

/** Written under another name first, so that nobody ever reads half a file. */
async function writeDraft(path: string, bytes: Uint8Array): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

/** A rename is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
